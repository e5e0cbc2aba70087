/** The two sides of an equation on a net: whole tensors, or for every value of its free indices a number. */

import { EquationError, ShapeError } from '../../formulas/language/errors.ts';
import { Evaluation } from '../../formulas/language/evaluate.ts';
import { leftText } from '../../formulas/language/format.ts';
import { type Indices, indexValue, lettersOf } from '../../formulas/language/indices.ts';
import { agreed, freeLetters, usesOf } from '../../formulas/language/ranges.ts';
import type { DiagnosisScope, Scope } from '../../formulas/language/scope.ts';
import { isScalarShape, sameShape, shapeText, transposedShape } from '../../formulas/language/shape.ts';
import { checkShapes, entrySizes } from '../../formulas/language/shapes.ts';
import type { Condition, Equation, Expression, Left } from '../../formulas/language/syntax.ts';
import type { Tensor } from '../../formulas/language/tensor.ts';

/** What the two sides are worth. */
export interface Sides {
  readonly analytic: Tensor;
  readonly exact: Tensor;
}

/** The left side and where it holds. */
export type LeftPart = Pick<Equation, 'left' | 'condition'>;

/** The numbers of both sides of an equation. */
export type SidesScope = Scope & Pick<DiagnosisScope, 'leftReference' | 'leftFactor' | 'leftValue'>;

/**
 * The shapes of an equation, a line each; the last says that the sides fit.
 *
 * @throws ShapeError where they do not; EquationError on a letter of the right side that nothing counts
 */
export function shapeLines({ left, condition }: LeftPart, right: Expression, net: DiagnosisScope): string[] {
  const name = leftText(left);
  if (left.indices.length > 0) {
    const letters = countsOf({ left, condition }, right, net).map(({ letter }) => letter);
    const { shape, steps } = checkShapes(right, net);
    if (!isScalarShape(shape)) {
      throw new ShapeError(`${name} is a number, the right side is ${shapeText(shape)}`, right.span, steps);
    }
    const each = letters.length === 0 ? '' : ` for each ${letters.join(', ')}`;
    return [...steps, `the right side is a number${each}, as ${name}: fine`];
  }
  const loose = freeLetters(right);
  if (loose.length > 0) throw uncounted(loose[0], right);
  const { shape, steps } = checkShapes(right, net);
  const wanted = net.leftShape(left);
  if (sameShape(shape, wanted)) return [...steps, `the right side is ${shapeText(shape)}, as ${name}: fine`];
  const turned = sameShape(transposedShape(shape), wanted) ? '; its transpose would fit' : '';
  throw new ShapeError(
    `${name} is ${shapeText(wanted)}, the right side is ${shapeText(shape)}${turned}`,
    right.span,
    steps,
  );
}

/** The values of the two sides, whose shapes `shapeLines` has found to fit. */
export function sidesOf({ left, condition }: LeftPart, right: Expression, net: SidesScope): Sides {
  const evaluation = new Evaluation(net);
  if (left.indices.length === 0) return { analytic: evaluation.value(right), exact: net.leftValue(left) };
  const counts = countsOf({ left, condition }, right, net);
  const entry = entryOf(left, net);
  const factor = net.leftFactor(left);
  const [analytic, exact]: [number[], number[]] = [[], []];
  for (const indices of assignments(counts)) {
    if (condition !== null && !holds(condition, indices, net)) continue;
    analytic.push(evaluation.value(right, indices).values[0]);
    exact.push(factor * evaluation.value(entry, indices).values[0]);
  }
  const isMatrix = counts.length === 2 && condition === null;
  const rows = isMatrix ? counts[0].size : exact.length;
  const as = (values: number[]): Tensor => ({
    rows,
    cols: isMatrix ? counts[1].size : 1,
    values: Float64Array.from(values),
  });
  return { analytic: as(analytic), exact: as(exact) };
}

/** The free letters of the left side, each with how far it counts. */
function countsOf({ left, condition }: LeftPart, right: Expression, net: SidesScope) {
  const entry = entryOf(left, net);
  checkShapes(entry, net);
  const letters = [...new Set(lettersOf(left.indices))];
  const others = [...freeLetters(right), ...(condition === null ? [] : freeLetters(condition))];
  const loose = others.find((letter) => !letters.includes(letter));
  if (loose !== undefined) throw uncounted(loose, right);
  return letters.map((letter) => {
    const uses = [...usesOf(letter, entry, net, entrySizes), ...usesOf(letter, right, net, entrySizes)];
    return { letter, size: agreed(letter, uses, right).size };
  });
}

const uncounted = (letter: string, { span }: Expression) =>
  new EquationError(
    `expected every index on the right below a Σ or on the left, got ${letter}, which is neither, after character ${span.start + 1}`,
    span,
  );

/** The left side as an expression. */
const entryOf = (left: Left, net: SidesScope): Expression => ({
  kind: 'entry',
  operand: net.leftReference(left),
  indices: left.indices,
  span: left.span,
});

function* assignments(counts: readonly { letter: string; size: number }[]): Generator<Indices> {
  const [first, ...rest] = counts;
  if (first === undefined) {
    yield new Map();
    return;
  }
  for (let k = 1; k <= first.size; k++) {
    for (const others of assignments(rest)) yield new Map([[first.letter, k], ...others]);
  }
}

function holds({ left, right, isEqual }: Condition, indices: Indices, net: SidesScope): boolean {
  const value = (index: Condition['left']) => indexValue(index, indices, (sample) => net.classOf(sample));
  return (value(left) === value(right)) === isEqual;
}

/** Whether the sides of an equation fit; what is changed while a slip is looked for may not. */
export function sidesFit(part: LeftPart, right: Expression, net: DiagnosisScope): boolean {
  try {
    shapeLines(part, right, net);
    return true;
  } catch (error) {
    if (error instanceof ShapeError || error instanceof EquationError) return false;
    throw error;
  }
}
