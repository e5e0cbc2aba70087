/** Records a network's run as steps: each formula with the numbers that the layers held at that moment. */

import type { Kernels } from '../kernels/kernels.ts';
import type { Floats, Matrix } from '../kernels/matrix.ts';
import type { Parameter } from '../network/layer.ts';
import type { Network } from '../network/network.ts';
import type { NetworkEvent } from '../network/observer.ts';
import type { ParameterFormulas } from './layer-formulas.ts';
import type { NetworkFormulas } from './network-formulas.ts';
import type { StepFormula } from './step-formula.ts';

/** One formula with its numbers. */
export interface Step extends StepFormula {
  /** The values of the left side, row-major. */
  readonly values: Floats;
}

/** A parameter's gradient: [inputs, outputs] of weights, [outputs] of biases. */
export interface Gradient {
  readonly shape: readonly number[];
  readonly values: Floats;
}

/** Turns a network's events into steps. */
export class Walk {
  readonly steps: Step[] = [];
  prediction = -1;
  probabilities: Floats | undefined;
  readonly #kernels: Kernels;
  readonly #network: Network;
  readonly #formulas: NetworkFormulas;

  constructor(kernels: Kernels, network: Network, formulas: NetworkFormulas) {
    this.#kernels = kernels;
    this.#network = network;
    this.#formulas = formulas;
  }

  /** Appends a step with a copy of the matrix as it is now. */
  add(formula: StepFormula, matrix: Matrix): void {
    this.steps.push({ ...formula, values: this.#kernels.read(matrix) });
  }

  record(event: NetworkEvent): void {
    const { layers, loss, probabilities, delta } = this.#formulas;
    switch (event.type) {
      case 'forward':
        this.add(layers[event.layer].forward, event.output);
        break;
      case 'loss': {
        const p = this.#network.lossLayer.probabilities;
        this.prediction = this.largest(event.outputs);
        if (p !== undefined) {
          if (probabilities !== undefined) this.add(probabilities, p);
          this.probabilities = this.#kernels.read(p);
        }
        this.add(loss, event.mean);
        break;
      }
      case 'delta':
        this.add(delta, event.delta);
        break;
      case 'backward': {
        const { parameters, inputGradient } = layers[event.layer];
        this.#network.layers[event.layer].parameters.forEach(({ gradient }, n) => {
          this.add(parameters[n].gradient, gradient);
        });
        if (event.inputGradient !== undefined) this.add(inputGradient, event.inputGradient);
        break;
      }
      case 'decay':
        this.addDecay('decay');
    }
  }

  /** Appends the gradients of the weights after a term was added to them. */
  addDecay(term: 'decay' | 'l1Decay'): void {
    this.#each((formulas, { gradient }) => {
      const formula = formulas[term];
      if (formula !== undefined) this.add(formula, gradient);
    });
  }

  /** Appends the parameters after their step. */
  addUpdates(): void {
    this.#each(({ update }, { value }) => this.add(update, value));
  }

  /** The parameters' gradients as they are. */
  gradients(): Record<string, Gradient> {
    const gradients: Record<string, Gradient> = {};
    this.#each(({ update: { shape } }, { name, gradient }) => {
      gradients[name] = { shape, values: this.#kernels.read(gradient) };
    });
    return gradients;
  }

  /** The column of the row's largest entry. */
  largest(row: Matrix): number {
    const at = this.#kernels.matrix(1, 1);
    this.#kernels.argmax(row, at);
    return this.#kernels.read(at)[0];
  }

  #each(visit: (formulas: ParameterFormulas, parameter: Parameter) => void): void {
    this.#network.layers.forEach(({ parameters }, l) => {
      parameters.forEach((parameter, n) => {
        visit(this.#formulas.layers[l].parameters[n], parameter);
      });
    });
  }
}
