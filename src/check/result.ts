/** What a check found, in the form that the command line prints and CI reads. */

import type { FormulaId, SlipId } from '../formulas/formula.ts';

/** What the analytic value is compared with. */
export type Method =
  /** The imaginary part of the production forward on complex numbers: exact to rounding. */
  | 'complex-step'
  /** Central differences of the production forward on float64. */
  | 'central-difference'
  /** The float64 reference, for what the float32 kernels compute. */
  | 'float32'
  /** The same by another way that is known in closed form, in float64: an optimizer's steps as one sum. */
  | 'closed-form'
  /** Nothing: the expression must be refused, because its shapes do not fit. */
  | 'shape';

/** One check and how it came out; a line of `mlp gradcheck` and an entry of its JSON. */
export interface Check {
  /** What was checked. */
  readonly name: string;
  /** The formulas that it speaks for; none for a module of the user's. */
  readonly formulas: readonly (FormulaId | SlipId)[];
  readonly method: Method;
  /** `fail` for the slips and other negative controls. */
  readonly expected: 'pass' | 'fail';
  /** The worst over the tensors checked of max |a − n| / max |n|, a the analytic and n the numeric value. */
  readonly maxRelativeError: number;
  readonly tolerance: number;
  /** Whether the check came out as expected. */
  readonly passed: boolean;
  /**
   * How many entries were not compared: they lie at a kink, where there is no derivative, or were not drawn among those
   * of a large tensor.
   */
  readonly unchecked: number;
  /** What is wrong, in words; null where nothing is. */
  readonly diagnosis: string | null;
}
