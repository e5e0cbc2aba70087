/** The schedules of the learning rate against the same factors by another way, over a whole run. */

import { type Complex, complexExp, multiply } from '../../kernels/complex-elementary.ts';
import { Random } from '../../kernels/random.ts';
import {
  type CurvedScheduleName,
  makeSchedule,
  type ScheduleOptions,
} from '../../train/optimizers/schedules.ts';
import { relativeError } from '../gradients/derivative.ts';

/** A power of two, so that a step's share of γ is a square root of square roots. */
const STEPS_PER_EPOCH = 8;
const EPOCHS = 5;
const STEPS = STEPS_PER_EPOCH * EPOCHS;

/** By schedule: how far the factors of a run are from those of the other way, relative to the largest. */
export const SCHEDULE_ERRORS: Readonly<Record<CurvedScheduleName, (seed: number) => number>> = {
  step: (seed) => {
    const decay = drawn(seed, 'step');
    // Counted in quarters of the run.
    const factors = [1, 1, decay, decay * decay];
    return errorOf({ name: 'step', decay }, (step) => factors[Math.floor((4 * step) / STEPS)]);
  },
  exponential: (seed) => {
    const decay = drawn(seed, 'exponential');
    const ofAStep = Math.sqrt(Math.sqrt(Math.sqrt(decay)));
    return errorOf({ name: 'exponential', decay }, (step) => {
      let factor = 1;
      for (let i = 0; i < step; i++) factor *= ofAStep;
      return factor;
    });
  },
  cosine: () => errorOf({ name: 'cosine' }, (step) => halfWave(step / STEPS)),
  'one-cycle': () =>
    errorOf({ name: 'one-cycle' }, (step) => {
      const rise = (3 * STEPS) / 10;
      return step < rise ? (rise + 24 * step) / (25 * rise) : halfWave((step - rise) / (STEPS - rise));
    }),
};

/** The same of a warm-up, before the cosine. */
export function warmUpError(): number {
  const warm = 2 * STEPS_PER_EPOCH;
  return errorOf({ name: 'cosine', warmUp: 2 }, (step) =>
    step < warm ? (step + 1) / warm : halfWave((step - warm) / (STEPS - warm)),
  );
}

const drawn = (seed: number, name: string) => new Random(seed, `check ${name}`).uniform(0.1, 0.9);

/** ½ (1 + cos πx), by the 64th part of the angle and six squarings of e^{iπx/64}. */
function halfWave(x: number): number {
  let turned: Complex = complexExp([0, (Math.PI * x) / 64]);
  for (let i = 0; i < 6; i++) turned = multiply(turned, turned);
  return (1 + turned[0]) / 2;
}

function errorOf(options: ScheduleOptions, factorAt: (step: number) => number): number {
  const schedule = makeSchedule(options);
  const steps = Array.from({ length: STEPS }, (_, step) => step);
  return relativeError(
    steps.map((step) => schedule(step, STEPS_PER_EPOCH, EPOCHS)),
    steps.map(factorAt),
  );
}
