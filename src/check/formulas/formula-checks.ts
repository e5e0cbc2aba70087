/** The formulas of the notes on numbers: each against the exact derivative, and each slip as written and corrected. */

import type { Formula, NoteNet, Slip } from '../../formulas/formula.ts';
import { isLatex, notationOf } from '../../formulas/language/latex.ts';
import { FORMULAS, SLIPS } from '../../formulas/registry.ts';
import { ACTIVATION_NAMES, type ActivationName } from '../../network/activations.ts';
import {
  checkEquation,
  DERIVATION_TOLERANCE,
  type DerivationCheck,
  NetPool,
} from '../derivation/derivation.ts';
import type { Check } from '../result.ts';
import { checkClosedForm, hasClosedForm } from './closed-form.ts';
import { checkRegularisation } from './regularisation-checks.ts';

/** How far a wrong formula must be from the exact derivative: a millionfold of what rounding may leave of a right one. */
export const SLIP_THRESHOLD = 1e-6;

/**
 * On how many draws of numbers an equation is evaluated. Of two ReLU patterns that a slip confuses one draw in ten
 * makes no difference; eight draws all do so once in a hundred million seeds.
 */
const DRAWS = 8;

/** How formulas are evaluated. */
export interface FormulaCheckOptions {
  /** Of the numbers that the equations are evaluated on (default 1). */
  readonly seed?: number;
}

/**
 * Checks every formula of the registry, then every slip as the note has it and as corrected.
 *
 * A formula's equations are evaluated on its note's network and compared with what the production network computes: a
 * value with its forward, a gradient with the complex step on its forward, with which its backward is compared too.
 * Formulas with a φ are checked with each activation. Those of the project's own that have no such network are checked
 * by their closed forms, or by a check of their own.
 *
 * @throws RangeError on a seed out of range
 */
export function checkFormulas(options: FormulaCheckOptions = {}): Check[] {
  const { seed = 1 } = options;
  return [
    ...FORMULAS.map((formula) => checkFormula(formula, seed)),
    ...SLIPS.flatMap((slip) => checkSlip(slip, seed)),
  ];
}

/** One formula as a check: it passes if all of its equations hold, or its own check where it has no network. */
export function checkFormula(of: Formula, seed = 1): Check {
  const { id, title, net, latex, activation: own } = of;
  if (net === undefined) {
    return hasClosedForm(id) ? checkClosedForm(of, seed) : checkRegularisation(of, seed);
  }
  const every = net === 'D' ? ACTIVATION_NAMES : [undefined];
  const activations = own === undefined ? every : [own];
  const pool = new NetPool();
  const outcomes = latex.flatMap((equation) =>
    activations.map((activation) => evaluate(equation, net, seed, activation, pool)),
  );
  return right(`${id} ${title}`, [id], outcomes);
}

/** One slip as two checks: that it is wrong as written, in the way of its kind, and that the correction holds. */
export function checkSlip(slip: Slip, seed = 1): Check[] {
  const { id, kind, net, formulas } = slip;
  const corrected = right(
    `${id} ${kind === 'convention' ? 'as taken' : 'corrected'} (${formulas.join(', ')})`,
    [id, ...formulas],
    slip.right.map((equation) => evaluate(equation, net, seed)),
  );
  return [asWritten(slip, seed), corrected];
}

/** What came of one equation. */
interface Outcome {
  readonly equation: string;
  readonly activation: ActivationName | undefined;
  /** The worse of the equation's error and of the error of the production's own gradient. */
  readonly error: number;
  /** Where the shapes do not fit, in words; null where they do. */
  readonly misfit: string | null;
  readonly result: DerivationCheck;
}

function evaluate(
  equation: string,
  net: NoteNet,
  seed: number,
  activation?: ActivationName,
  pool = new NetPool(),
): Outcome {
  const result = checkEquation(equation, net, {
    seed,
    draws: DRAWS,
    diagnose: false,
    atKink: true,
    pool,
    ...(activation && { activation }),
  });
  return {
    equation,
    activation,
    error: Math.max(result.maxRelativeError, result.productionError ?? 0),
    misfit: result.shapesFit ? null : (result.shapes.at(-1) ?? null),
    result,
  };
}

/** The outcomes of right equations as one check: the worst of them counts. */
function right(name: string, formulas: Check['formulas'], outcomes: readonly Outcome[]): Check {
  const worst = outcomes.reduce((a, b) => (b.error > a.error ? b : a));
  const passed = worst.error <= DERIVATION_TOLERANCE;
  return {
    name,
    formulas,
    method: 'complex-step',
    expected: 'pass',
    maxRelativeError: worst.error,
    tolerance: DERIVATION_TOLERANCE,
    passed,
    unchecked: 0,
    diagnosis: passed ? null : explain(worst),
  };
}

function explain({ equation, activation, misfit, result }: Outcome): string {
  const line = isLatex(equation) ? notationOf(equation) : equation;
  const where = activation === undefined ? line : `${line} with φ = ${activation}`;
  if (misfit !== null) return `${where}: ${misfit}`;
  if (!result.passed) return `${where}: the equation is not what the network's forward pass says`;
  return `${where}: the equation is right, the network's backward pass is not`;
}

/** The outcomes of a slip's equations as one check: each must be wrong, so the least wrong of them counts. */
function asWritten({ id, kind, title, why, net, latex }: Slip, seed: number): Check {
  const outcomes = latex.map((equation) => evaluate(equation, net, seed));
  const [least] = outcomes.sort((a, b) => a.result.maxRelativeError - b.result.maxRelativeError);
  const ofItsKind =
    kind === 'convention' || outcomes.every(({ misfit }) => (misfit !== null) === (kind === 'shape'));
  return {
    name: `${id} ${kind === 'convention' ? 'not taken' : 'as written'}: ${title}`,
    formulas: [id],
    method: least.misfit === null ? 'complex-step' : 'shape',
    expected: 'fail',
    maxRelativeError: least.result.maxRelativeError,
    tolerance: DERIVATION_TOLERANCE,
    passed: ofItsKind && least.result.maxRelativeError > SLIP_THRESHOLD,
    unchecked: 0,
    diagnosis: least.misfit ?? why,
  };
}
