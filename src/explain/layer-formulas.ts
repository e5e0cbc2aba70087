/** What one layer computes: forward, its gradients, and the step of its parameters. */

import { type ActivationName, activationFunctions } from '../kernels/activations.ts';
import { ACTIVATION_NOTATION } from './activation-notation.ts';
import { ALPHA, LAMBDA, LAMBDA_1 } from './letter.ts';
import type { Between, DenseLetters } from './network-letters.ts';
import { DOT, line, MINUS, named, TIMES, TRANSPOSED } from './pieces.ts';
import type { MakeFormula, StepFormula } from './step-formula.ts';

/** The formulas of a layer. */
export interface LayerFormulas {
  readonly forward: StepFormula;
  /** ∂L/∂input; the first layer's is not computed. */
  readonly inputGradient: StepFormula;
  /** Of a dense layer, in the order W, b. */
  readonly parameters: readonly ParameterFormulas[];
}

/** The formulas of W or b. */
export interface ParameterFormulas {
  /** `W2`. */
  readonly name: string;
  readonly gradient: StepFormula;
  /** λW and λ₁ sign(W), added to the gradient; biases have neither. */
  readonly decay?: StepFormula;
  readonly l1Decay?: StepFormula;
  readonly update: StepFormula;
}

/**
 * The formulas of a dense layer.
 *
 * @param layer its index in `spec.layers`
 * @param below its input
 * @param above its output
 */
export function denseFormulas(
  make: MakeFormula,
  layer: number,
  { number, w, b, dw, db }: DenseLetters,
  below: Between,
  above: Between,
): LayerFormulas {
  const { value: x, gradient: dx } = below;
  const { value: z, gradient: delta } = above;
  const added = { result: dw, changes: true } as const;
  return {
    forward: make({
      role: 'affine',
      layer,
      name: z.symbol === 's' ? 'scores' : `affine part of layer ${number}`,
      result: z,
      right: line`${x} ${w} + ${b}`,
      operands: [x, w, b],
    }),
    inputGradient: make({
      role: 'inputGradient',
      layer,
      name: `back through the weights of layer ${number}`,
      result: dx,
      right: line`${delta}${DOT}${w}${TRANSPOSED}`,
      operands: [delta, w],
    }),
    parameters: [
      {
        name: w.symbol,
        gradient: make({
          role: 'weightGradient',
          layer,
          name: `gradient of the weights of layer ${number}`,
          result: dw,
          right: line`${x}${TRANSPOSED}${DOT}${delta}`,
          operands: [x, delta],
        }),
        decay: make({
          role: 'decay',
          layer,
          ...added,
          name: `weight decay of layer ${number}`,
          right: line`${dw} + ${LAMBDA} ${w}`,
          operands: [dw, LAMBDA, w],
        }),
        l1Decay: make({
          role: 'l1Decay',
          layer,
          ...added,
          name: `L1 on the weights of layer ${number}`,
          right: line`${dw} + ${LAMBDA_1} ${named('sign')}(${w})`,
          operands: [dw, LAMBDA_1, w],
        }),
        update: make({
          role: 'weightStep',
          layer,
          name: `step of the weights of layer ${number}`,
          result: w,
          changes: true,
          right: line`${w} ${MINUS} ${ALPHA} ${dw}`,
          operands: [w, ALPHA, dw],
        }),
      },
      {
        name: b.symbol,
        gradient: make({
          role: 'biasGradient',
          layer,
          name: `gradient of the biases of layer ${number}`,
          result: db,
          right: line`${delta}`,
          operands: [delta],
        }),
        update: make({
          role: 'biasStep',
          layer,
          name: `step of the biases of layer ${number}`,
          result: b,
          changes: true,
          right: line`${b} ${MINUS} ${ALPHA} ${db}`,
          operands: [b, ALPHA, db],
        }),
      },
    ],
  };
}

/**
 * The formulas of an activation.
 *
 * @param number of the dense layer below it, counted from 1
 */
export function activationFormulas(
  make: MakeFormula,
  layer: number,
  activation: ActivationName,
  number: number,
  below: Between,
  above: Between,
): LayerFormulas {
  const { forward, derivative } = ACTIVATION_NOTATION[activation];
  const { from } = activationFunctions(activation);
  const { value: z, gradient: dz } = below;
  const { value: x, gradient: dx } = above;
  return {
    forward: make({
      role: 'activation',
      layer,
      name: `activation of layer ${number}`,
      result: x,
      right: forward(z),
      operands: [z],
    }),
    inputGradient: make({
      role: 'activationGradient',
      layer,
      name: `back through the activation of layer ${number}`,
      result: dz,
      right: line`${dx}${TIMES}${derivative(z, x)}`,
      operands: [dx, ...{ z: [z], x: [x], neither: [] }[from]],
    }),
    parameters: [],
  };
}
