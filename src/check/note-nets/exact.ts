/** Exact derivatives on a note's network: the complex step through the production forward. */

import { fill, type Tensor } from '../../formulas/language/tensor.ts';
import type { TensorSource } from '../../formulas/nets/definitions.ts';
import { ComplexKernels, type ComplexMatrix } from '../../kernels/complex.ts';
import type { Matrix } from '../../kernels/matrix.ts';
import type { Network } from '../../network/network.ts';
import { COMPLEX_STEP, complexDerivative } from '../gradients/complex-step.ts';
import { copyOn, type Draw } from './draw.ts';

/** Derivatives of what a drawn network computes, in the project's orientation; none of it knows a backward. */
export class ExactDerivatives {
  readonly #kernels = new ComplexKernels();
  readonly #network: Network;
  readonly #x: ComplexMatrix;
  readonly #y: ComplexMatrix;

  constructor(draw: Draw) {
    const { network, x, y } = copyOn(this.#kernels, draw);
    this.#network = network;
    this.#x = x as ComplexMatrix;
    this.#y = y as ComplexMatrix;
  }

  /** ∂/∂source of the mean loss plus the L2 term. */
  gradient(source: TensorSource): Tensor {
    const { matrix, forward } = this.#perturbed(source);
    const total = this.#kernels.matrix(1, 1);
    const { values } = complexDerivative(this.#kernels, matrix, () => {
      forward();
      this.#kernels.fill(total, 0);
      this.#kernels.addScaled(this.#network.loss(this.#y), 1, total);
      this.#kernels.addScaled(this.#network.penalty(), 1, total);
      return total;
    });
    return { rows: matrix.rows, cols: matrix.cols, values };
  }

  /** ∂of/∂by of a single sample: a row an entry of `of`, a column an entry of `by`. */
  jacobian(of: TensorSource, by: TensorSource): Tensor {
    const { matrix, forward } = this.#perturbed(by);
    const columns: Float64Array[] = [];
    for (let k = 0; k < matrix.rows * matrix.cols; k++) {
      matrix.imaginary[k] = COMPLEX_STEP;
      columns.push(this.#kernels.readImaginary(forward(of)).slice());
      matrix.imaginary[k] = 0;
    }
    return fill(columns[0].length, columns.length, (i, j) => columns[j][i] / COMPLEX_STEP);
  }

  /** The matrix to perturb, and a forward from it on that gives the layer outputs or probabilities asked for. */
  #perturbed(source: TensorSource): { matrix: ComplexMatrix; forward: (of?: TensorSource) => Matrix } {
    const network = this.#network;
    const start = source.kind === 'layer' ? source.index + 1 : 0;
    let matrix = this.#x;
    let enters = this.#x;
    if (source.kind === 'parameter') matrix = network.parameters[source.index].value as ComplexMatrix;
    if (source.kind === 'layer') {
      matrix = this.#copy(this.#outputOf(source.index));
      enters = matrix;
    }
    const forward = (of?: TensorSource): Matrix => {
      if (of?.kind !== 'layer') {
        const outputs = network.forward(enters, start);
        if (of === undefined) return outputs;
        network.loss(this.#y);
        if (of.kind === 'penalty') return network.penalty();
        if (of.kind === 'losses') return network.lossLayer.losses;
        return probabilitiesOf(network) as Matrix;
      }
      let out: Matrix = enters;
      for (let l = start; l <= of.index; l++) out = network.layers[l].forward(out);
      return out;
    };
    return { matrix, forward };
  }

  #outputOf(index: number): Matrix {
    let out: Matrix = this.#x;
    for (let l = 0; l <= index; l++) out = this.#network.layers[l].forward(out);
    return out;
  }

  #copy(matrix: Matrix): ComplexMatrix {
    const copy = this.#kernels.matrix(matrix.rows, matrix.cols);
    this.#kernels.write(copy, this.#kernels.read(matrix));
    return copy;
  }
}

/** The probabilities of a network's last loss, where its loss has them. */
export function probabilitiesOf(network: Network): Matrix | undefined {
  return network.lossLayer.probabilities;
}
