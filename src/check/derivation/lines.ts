/** Equations line by line: each against the exact values of a network, and against the line before it. */

import type { NoteNet } from '../../formulas/formula.ts';
import { ShapeError } from '../../formulas/language/errors.ts';
import { literalSizes } from '../../formulas/language/literal-sizes.ts';
import { parseEquation } from '../../formulas/language/parser.ts';
import { MAX_SEED } from '../../kernels/random.ts';
import type { ActivationName } from '../../network/activations.ts';
import { relativeError } from '../gradients/derivative.ts';
import type { Net } from '../note-nets/note-nets.ts';
import { DERIVATION_TOLERANCE, DRAWS, NetPool } from './derivation.ts';
import { type Sides, shapeLines, sidesOf } from './sides.ts';

export interface LinesOptions {
  /** The first of the seeds (default 1). */
  readonly seed?: number;
  /** φ of net D (default sigmoid). */
  readonly activation?: ActivationName;
  /** On how many draws each line must hold (default `DRAWS`). */
  readonly draws?: number;
  /** Nets that other lines were checked on. */
  readonly pool?: NetPool;
}

/** What a line is worth. */
export interface LineCheck {
  /** The worst error against the exact values of the left side; Infinity where the shapes do not fit. */
  readonly error: number;
  /** The worst error against the line before; null where that has other values, and of the first line. */
  readonly step: number | null;
}

/** Whether a line has the exact values, and those of the line before. */
export const passes = ({ error, step }: LineCheck): boolean =>
  error <= DERIVATION_TOLERANCE && (step === null || step <= DERIVATION_TOLERANCE);

/**
 * Evaluates the lines of a chain.
 *
 * @throws EquationError if a line cannot be read
 */
export function checkLines(
  lines: readonly string[],
  netName: NoteNet,
  options: LinesOptions = {},
): LineCheck[] {
  const { seed = 1, draws = DRAWS, pool = new NetPool(), activation } = options;
  const own = activation && { activation };
  const first = pool.net(netName, { seed, ...own });
  const equations = lines.map((line) => parseEquation(line, first));
  const keptSizes = new Set(
    equations.flatMap(({ right }) => [...literalSizes(right, first, first.dimensionLetters)]),
  );
  const nets = [
    first,
    ...Array.from({ length: draws - 1 }, (_, k) =>
      pool.net(netName, { seed: (seed + k + 1) % (MAX_SEED + 1), sizes: k + 1, keptSizes, ...own }),
    ),
    pool.net(netName, { seed, atKink: true, ...own }),
  ];
  const values = equations.map((equation) => nets.map((net) => valuesOf(equation, net)));
  return values.map((sides, k) => {
    const errors = sides.map((side) =>
      side === null ? Infinity : relativeError(side.analytic.values, side.exact.values),
    );
    return { error: Math.max(...errors), step: k === 0 ? null : stepOf(values[k - 1], sides) };
  });
}

function valuesOf(equation: ReturnType<typeof parseEquation>, net: Net): Sides | null {
  try {
    shapeLines(equation, equation.right, net);
    return sidesOf(equation, equation.right, net);
  } catch (error) {
    if (error instanceof ShapeError) return null;
    throw error;
  }
}

/** How far two lines are apart at worst; null where one of them has other values than the other by what it is. */
function stepOf(before: readonly (Sides | null)[], after: readonly (Sides | null)[]): number | null {
  let worst = 0;
  for (const [k, side] of after.entries()) {
    const other = before[k];
    if (side === null || other === null) return Infinity;
    if (side.analytic.values.length !== other.analytic.values.length) return null;
    worst = Math.max(worst, relativeError(side.analytic.values, other.analytic.values));
  }
  return worst;
}
