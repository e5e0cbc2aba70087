/** A formula that is no derivative, and no equation of a note's network: the code beside the same in closed form. */

import type { Formula, FormulaId } from '../../formulas/formula.ts';
import { OPTIMIZERS } from '../../train/optimizers/optimizers.ts';
import { SCHEDULES, WARM_UP_FORMULA } from '../../train/optimizers/schedules.ts';
import { DERIVATION_TOLERANCE } from '../derivation/derivation.ts';
import type { Check } from '../result.ts';
import { OPTIMIZER_ERRORS } from './optimizer-errors.ts';
import { SCHEDULE_ERRORS, warmUpError } from './schedule-errors.ts';
import { isWrittenUpdate, writtenError } from './written-updates.ts';

/** By the formula's id: how far the code is from the closed form, on numbers of a seed. */
const ERRORS: Readonly<Record<string, (seed: number) => number>> = {
  ...byFormula(OPTIMIZERS, OPTIMIZER_ERRORS),
  ...byFormula(SCHEDULES, SCHEDULE_ERRORS),
  [WARM_UP_FORMULA]: warmUpError,
};

/** Whether a formula of this id has a closed form here. */
export const hasClosedForm = (id: string): boolean => Object.hasOwn(ERRORS, id);

/**
 * The check of one of the project's own formulas.
 *
 * @throws RangeError if there is no closed form of it
 */
export function checkClosedForm({ id, title, latex }: Formula, seed: number): Check {
  const errorOf = ERRORS[id];
  if (errorOf === undefined)
    throw new RangeError(`checkClosedForm: expected a formula with a closed form, got ${id}`);
  // The lines as they are written, one step after the other, and a closed form that is computed in another way.
  const error = Math.max(errorOf(seed), isWrittenUpdate(id) ? writtenError({ id, latex }, seed) : 0);
  const passed = error <= DERIVATION_TOLERANCE;
  return {
    name: `${id} ${title}`,
    formulas: [id],
    method: 'closed-form',
    expected: 'pass',
    maxRelativeError: error,
    tolerance: DERIVATION_TOLERANCE,
    passed,
    unchecked: 0,
    diagnosis: passed ? null : `${title}: the code does not compute what the formula says`,
  };
}

/** What is kept by name, by the formulas of these names. */
function byFormula<Name extends string, T>(
  entries: Readonly<Record<Name, { readonly formula?: FormulaId }>>,
  values: Readonly<Record<Name, T>>,
): Record<string, T> {
  const names = Object.keys(values) as Name[];
  return Object.fromEntries(names.map((name) => [entries[name].formula, values[name]]));
}
