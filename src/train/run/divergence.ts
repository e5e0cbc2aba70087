/** When training leaves the finite numbers: where that was, and what usually causes it. */

import type { Samples } from '../../kernels/matrix.ts';

/** What is known of a run at the step where a value stopped being finite. */
export interface DivergencePoint {
  /** Counted from 1. */
  readonly epoch: number;
  /** The step within the epoch, counted from 1: the number of its batch. */
  readonly step: number;
  /** How many steps, or batches, the epoch has. */
  readonly stepsPerEpoch: number;
  /** What is not finite, for the message: `the loss is NaN`, `W1 is not finite`. */
  readonly what: string;
  /** Where that comes from, if it is known: `W1 left the finite numbers in the step before`. */
  readonly origin?: string;
  readonly learningRate: number;
  readonly l2: number;
  /** Whether the inputs of that step were finite. */
  readonly inputsFinite: boolean;
  /** The inputs of the whole run, where they can be seen. */
  readonly inputs?: InputRange;
}

/** How far a set of inputs reaches. */
export interface InputRange {
  /** The largest |x| of those that are finite; of bytes, the largest that they can hold. */
  readonly largest: number;
  /** The first input that is not finite, its sample and its place in it counted from 0. */
  readonly broken?: { readonly sample: number; readonly column: number; readonly value: string };
}

/** Inputs are taken for unscaled beyond this: standardised ones are rarely above 10. */
const UNSCALED = 100;

/** Training stopped because a value is no longer finite; the message names epoch, batch, step of the run, origin and the likely cause. */
export class DivergenceError extends Error {
  override readonly name = 'DivergenceError';
  readonly point: DivergencePoint;

  constructor(point: DivergencePoint) {
    const { epoch, step, stepsPerEpoch, what, origin } = point;
    const steps = (epoch - 1) * stepsPerEpoch + step;
    const where = `epoch ${epoch}, batch ${step} of ${stepsPerEpoch} (step ${steps})`;
    super(`training diverged in ${where}: ${what}${origin ? `, ${origin}` : ''}; ${likelyCause(point)}`);
    this.point = point;
  }

  get epoch(): number {
    return this.point.epoch;
  }

  get step(): number {
    return this.point.step;
  }
}

/** How far samples reach; undefined where their values are not at hand. */
export function inputRange({ values, scale, cols }: Samples): InputRange | undefined {
  if (values.length === 0) return undefined;
  if (values instanceof Uint8Array) return { largest: 255 * Math.abs(scale) };
  let largest = 0;
  let broken = -1;
  for (let i = 0; i < values.length; i++) {
    const size = Math.abs(values[i] * scale);
    if (!Number.isFinite(size)) {
      if (broken === -1) broken = i;
    } else if (size > largest) largest = size;
  }
  if (broken === -1) return { largest };
  const sample = Math.floor(broken / cols);
  return { largest, broken: { sample, column: broken - sample * cols, value: String(values[broken]) } };
}

function likelyCause({ learningRate, l2, inputsFinite, inputs }: DivergencePoint): string {
  if (!inputsFinite) {
    const { broken } = inputs ?? {};
    const which = broken ? ` (sample ${broken.sample}, value ${broken.column}: ${broken.value})` : '';
    return `the inputs themselves hold values that are not finite${which}`;
  }
  const decay = learningRate * l2;
  if (decay > 2) {
    // A step multiplies a weight by 1 − αλ: beyond 2 its size grows at every step, whatever the data.
    return `learning rate × l2 is ${Number(decay.toPrecision(3))}, and above 2 decay itself makes the weights grow`;
  }
  if (inputs !== undefined && inputs.largest > UNSCALED) {
    return `inputs reach ${Number(inputs.largest.toPrecision(3))}, so they are likely unscaled: bring them to about −1 to 1`;
  }
  const smaller = Math.min(1, learningRate) / 10;
  return `a learning rate of ${learningRate} is likely too large, try ${Number(smaller.toPrecision(2))}`;
}
