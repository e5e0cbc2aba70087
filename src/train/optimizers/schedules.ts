/** How the learning rate changes over a run: a factor for each step, a pure function of the step and the run's length. */

import { cosPi, exp, log } from '../../kernels/elementary.ts';

/**
 * What the learning rate is multiplied by at a step.
 *
 * @param step counted from 0 over the whole run
 */
export type Schedule = (step: number, stepsPerEpoch: number, epochs: number) => number;

/** The factor at a step of `steps`, without warm-up. */
type Curve = (step: number, steps: number, stepsPerEpoch: number, decay: number) => number;

/** Of the one-cycle schedule: the share of the run in which the rate rises, and the factor it begins with. */
const RISE = 0.3;
const RISE_FROM = 1 / 25;

/** Every schedule by its name on the command line. γ is `decay`, t the step, T the number of steps. */
const CURVES = {
  /** 1. */
  constant: () => 1,
  /** 1, from half of the run on γ, from three quarters on γ² (as He, Zhang, Ren and Sun 2016, CVPR, do by hand; X7). */
  step: (step, steps, _, decay) => (4 * step >= 3 * steps ? decay * decay : 2 * step >= steps ? decay : 1),
  /** γ^(epochs done so far), also within an epoch (X8). */
  exponential: (step, _, stepsPerEpoch, decay) => exp((step / stepsPerEpoch) * log(decay)),
  /** ½ (1 + cos πt/T): from 1 down to 0 (Loshchilov and Hutter 2017, ICLR; X9). */
  cosine: (step, steps) => halfCosine(step / steps),
  /**
   * In a straight line from 1/25 up to 1 over the first 30 % of the run, then down to 0 by half a cosine (Smith 2018,
   * arXiv:1803.09820, who goes down in straight lines; X10).
   */
  'one-cycle': (step, steps) => {
    const done = step / steps;
    if (done < RISE) return RISE_FROM + (1 - RISE_FROM) * (done / RISE);
    return halfCosine((done - RISE) / (1 - RISE));
  },
} as const satisfies Record<string, Curve>;

const halfCosine = (done: number) => (1 + cosPi(done)) / 2;

export type ScheduleName = keyof typeof CURVES;

export const SCHEDULE_NAMES = Object.keys(CURVES) as ScheduleName[];

/** γ of the schedules that have one, where none is given. */
export const DEFAULT_DECAY: Readonly<Partial<Record<ScheduleName, number>>> = { step: 0.1, exponential: 0.9 };

/** Which schedule, and its numbers. */
export interface ScheduleOptions {
  readonly name: ScheduleName;
  /** γ of `step` and `exponential`: above 0, at most 1. */
  readonly decay?: number;
  /**
   * Epochs, or a fraction of one, over which the factor first rises in a straight line to 1; the schedule has the rest
   * of the run (Goyal and others 2017, arXiv:1706.02677; X11). Default 0.
   */
  readonly warmUp?: number;
}

/**
 * The schedule of these options.
 *
 * @throws RangeError if γ is not above 0 and at most 1, or the warm-up negative
 */
export function makeSchedule({
  name,
  decay = DEFAULT_DECAY[name] ?? 1,
  warmUp = 0,
}: ScheduleOptions): Schedule {
  if (!(decay > 0 && decay <= 1)) {
    throw new RangeError(`schedule: expected a decay above 0 and at most 1, got ${decay}`);
  }
  if (!(warmUp >= 0) || !Number.isFinite(warmUp)) {
    throw new RangeError(`schedule: expected a warm-up of 0 or more epochs, got ${warmUp}`);
  }
  const curve: Curve = CURVES[name];
  return (step, stepsPerEpoch, epochs) => {
    const steps = epochs * stepsPerEpoch;
    const warm = Math.min(Math.round(warmUp * stepsPerEpoch), steps);
    if (step < warm) return (step + 1) / warm;
    return curve(step - warm, steps - warm, stepsPerEpoch, decay);
  };
}
