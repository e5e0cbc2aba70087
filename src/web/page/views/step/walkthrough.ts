/** An explanation as a walk: for each formula its LaTeX, the values of all its symbols, and the code that computes it. */

import type { Explanation } from '../../../../explain/explain.ts';
import { ALPHA, LAMBDA, LAMBDA_1, type Letter } from '../../../../explain/letter.ts';
import type { Step } from '../../../../explain/walk.ts';
import type { Model } from '../../../../formats/model.ts';
import { type CodePlace, codeOf } from './code-places.ts';

/** A letter of a formula with its numbers at that moment. */
export interface Quantity {
  readonly letter: Letter;
  /** Row-major. */
  readonly values: ArrayLike<number>;
  /** Of a letter that the formula changes: which of the two it is. */
  readonly when?: 'before' | 'after';
}

/** One formula of the walk. */
export interface Stop {
  readonly step: Step;
  /** The formula, its letters marked by their place in `quantities`. */
  readonly latex: string;
  /** The letter on the left, then those on the right. */
  readonly quantities: readonly [Quantity, ...Quantity[]];
  /** Layer code first, then kernels. */
  readonly code: readonly CodePlace[];
}

/**
 * All formulas of an explanation, in their order.
 *
 * @throws RangeError if a letter has no values where it is used
 */
export function walkthrough(model: Model, explanation: Explanation): Stop[] {
  const { spec, classes } = model;
  const target = Float64Array.from(classes, (_, j) => (j === explanation.label ? 1 : 0));
  const known = new Map<string, ArrayLike<number>>([
    ...model.tensors.map(({ name, values }) => [name, values] as const),
    [LAMBDA.symbol, [spec.l2]],
    [LAMBDA_1.symbol, [explanation.l1]],
    [ALPHA.symbol, [explanation.learningRate]],
    ['y', target],
  ]);
  return explanation.steps.map((step) => {
    const { result, values, operands } = step;
    const changes = operands.includes(result);
    const right = rightLetters(step);
    const quantities: [Quantity, ...Quantity[]] = [
      { letter: result, values, ...(changes && { when: 'after' }) },
      ...right.map((letter): Quantity => {
        const found = known.get(letter.symbol);
        if (found === undefined) {
          throw new RangeError(`formula "${step.text}": expected values of ${letter.symbol}, found none`);
        }
        return { letter, values: found, ...(letter === result && { when: 'before' }) };
      }),
    ];
    known.set(result.symbol, values);
    const layer = step.layer === null ? undefined : spec.layers[step.layer];
    const code = codeOf(step.role, layer, spec.loss.name);
    return { step, latex: markedLatex(step, right), quantities, code };
  });
}

/** The operands, then what the formula mentions besides: the z of φ′(z), where φ′ is computed from x. */
function rightLetters({ pieces, operands, result }: Step): readonly Letter[] {
  const mentioned = pieces.flatMap(({ letter }) =>
    letter === undefined || letter === result ? [] : [letter],
  );
  return [...new Set([...operands, ...mentioned])];
}

/**
 * The formula as LaTeX in which each letter can be told from the others: the letter on the left has the attribute
 * `data-symbol="0"`, one on the right its place in `right` counted from 1.
 */
export function markedLatex({ pieces }: Pick<Step, 'pieces'>, right: readonly Letter[]): string {
  return pieces
    .map(({ letter, latex }, n) => {
      if (letter === undefined) return latex;
      // The first piece is the left side; the same letter on the right is its value before.
      const place = n === 0 ? 0 : right.indexOf(letter) + 1;
      return `{\\htmlData{symbol=${place}}{${latex}}}`;
    })
    .join('');
}
