/** When training leaves the finite numbers: where that was, and what usually causes it. */

/** What is known of a run at the step where a value stopped being finite. */
export interface DivergencePoint {
  /** Counted from 1. */
  readonly epoch: number;
  /** The step within the epoch, counted from 1. */
  readonly step: number;
  /** What is not finite, for the message: `the loss is NaN`, `W1 is not finite`. */
  readonly what: string;
  readonly learningRate: number;
  readonly l2: number;
  /** Whether the inputs of that step were finite. */
  readonly inputsFinite: boolean;
}

/** Training stopped because a value is no longer finite; the message names epoch, step and the likely cause. */
export class DivergenceError extends Error {
  override readonly name = 'DivergenceError';
  readonly point: DivergencePoint;

  constructor(point: DivergencePoint) {
    super(
      `training diverged in epoch ${point.epoch}, step ${point.step}: ${point.what}; ${likelyCause(point)}`,
    );
    this.point = point;
  }

  get epoch(): number {
    return this.point.epoch;
  }

  get step(): number {
    return this.point.step;
  }
}

function likelyCause({ learningRate, l2, inputsFinite }: DivergencePoint): string {
  if (!inputsFinite) return 'the inputs themselves hold values that are not finite';
  const decay = learningRate * l2;
  if (decay > 2) {
    // A step multiplies a weight by 1 − αλ: beyond 2 its size grows at every step, whatever the data.
    return `learning rate × l2 is ${Number(decay.toPrecision(3))}, and above 2 decay itself makes the weights grow`;
  }
  const smaller = Math.min(1, learningRate) / 10;
  return `a learning rate of ${learningRate} is likely too large, try ${Number(smaller.toPrecision(2))}`;
}
