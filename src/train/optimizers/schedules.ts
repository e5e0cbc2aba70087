/** How the learning rate changes over a run: a factor for each step, a pure function of the step and the run's length. */

import type { FormulaId } from '../../formulas/formula.ts';
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

/** A schedule's curve, and what else is true of it. γ is `decay`, t the step, T the number of steps. */
interface ScheduleEntry {
  readonly curve: Curve;
  /** Absent of the one that changes nothing. */
  readonly formula?: FormulaId;
  /** γ where none is given, and when it multiplies the rate; absent of those that have no γ. */
  readonly decay?: { readonly byDefault: number; readonly when: string };
  /** Whether its rate rises at first, so that it allows no warm-up before it. */
  readonly warmsUp: boolean;
}

const halfCosine = (done: number) => (1 + cosPi(done)) / 2;

const ENTRIES = {
  /** 1. */
  constant: { curve: () => 1, warmsUp: false },
  /** 1, from half of the run on γ, from three quarters on γ² (as He, Zhang, Ren and Sun 2016, CVPR, do by hand). */
  step: {
    curve: (step, steps, _, decay) => (4 * step >= 3 * steps ? decay * decay : 2 * step >= steps ? decay : 1),
    formula: 'X7',
    decay: { byDefault: 0.1, when: 'at ½ and at ¾ of the run' },
    warmsUp: false,
  },
  /** γ^(epochs done so far), also within an epoch. */
  exponential: {
    curve: (step, _, stepsPerEpoch, decay) => exp((step / stepsPerEpoch) * log(decay)),
    formula: 'X8',
    decay: { byDefault: 0.9, when: 'in every epoch' },
    warmsUp: false,
  },
  /** ½ (1 + cos πt/T): from 1 down to 0 (Loshchilov and Hutter 2017, ICLR). */
  cosine: { curve: (step, steps) => halfCosine(step / steps), formula: 'X9', warmsUp: false },
  /**
   * In a straight line from 1/25 up to 1 over the first 30 % of the run, then down to 0 by half a cosine (Smith 2018,
   * arXiv:1803.09820, who goes down in straight lines).
   */
  'one-cycle': {
    curve: (step, steps) => {
      const done = step / steps;
      if (done < RISE) return RISE_FROM + (1 - RISE_FROM) * (done / RISE);
      return halfCosine((done - RISE) / (1 - RISE));
    },
    formula: 'X10',
    warmsUp: true,
  },
} as const satisfies Readonly<Record<string, ScheduleEntry>>;

export type ScheduleName = keyof typeof ENTRIES;

/** The schedules that change the rate, which have a formula. */
export type CurvedScheduleName = {
  [Name in ScheduleName]: (typeof ENTRIES)[Name] extends { readonly formula: string } ? Name : never;
}[ScheduleName];

/** Every schedule by its name on the command line. */
export const SCHEDULES: Readonly<Record<ScheduleName, ScheduleEntry>> = ENTRIES;

export const SCHEDULE_NAMES = Object.keys(SCHEDULES) as ScheduleName[];

/** The formula of a warm-up before a schedule. */
export const WARM_UP_FORMULA: FormulaId = 'X11';

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
  decay = SCHEDULES[name].decay?.byDefault ?? 1,
  warmUp = 0,
}: ScheduleOptions): Schedule {
  if (!(decay > 0 && decay <= 1)) {
    throw new RangeError(`schedule: expected a decay above 0 and at most 1, got ${decay}`);
  }
  if (!(warmUp >= 0) || !Number.isFinite(warmUp)) {
    throw new RangeError(`schedule: expected a warm-up of 0 or more epochs, got ${warmUp}`);
  }
  const { curve } = SCHEDULES[name];
  return (step, stepsPerEpoch, epochs) => {
    const steps = epochs * stepsPerEpoch;
    const warm = Math.min(Math.round(warmUp * stepsPerEpoch), steps);
    if (step < warm) return (step + 1) / warm;
    return curve(step - warm, steps - warm, stepsPerEpoch, decay);
  };
}
