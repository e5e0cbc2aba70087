/** What the letters of index notation count: each the rows or columns of the tensors that it is an index of. */

import { ShapeError } from './errors.ts';
import { expressionText } from './format.ts';
import { lettersOf } from './indices.ts';
import type { ShapeScope } from './scope.ts';
import { type Size, sizeText } from './shape.ts';
import { childrenOf, type Expression } from './syntax.ts';

/** The letters that an expression has and no Σ of it counts, each once. */
export function freeLetters(expression: Expression): string[] {
  const own =
    expression.kind === 'entry'
      ? lettersOf(expression.indices)
      : expression.kind === 'kronecker'
        ? lettersOf([expression.left, expression.right])
        : [];
  const inside = childrenOf(expression).flatMap(freeLetters);
  if (expression.kind !== 'bigsum') return [...new Set([...own, ...inside])];
  const { letter, except } = expression;
  const counted = inside.filter((used) => used !== letter);
  return [...new Set([...(except === null ? [] : lettersOf([except])), ...counted])];
}

/** A place where a letter is an index: what it counts there, and of what. */
interface Use {
  readonly size: Size;
  readonly of: Expression;
}

/** The sizes that the indices of an entry count; none where the entry has no shape. */
export type EntrySizes = (entry: Expression & { kind: 'entry' }, scope: ShapeScope) => readonly Size[];

/** Where a letter is an index of an expression, not counting where a Σ of the same letter hides it. */
export function usesOf(
  letter: string,
  expression: Expression,
  scope: ShapeScope,
  entrySizes: EntrySizes,
): Use[] {
  if (expression.kind === 'bigsum' && expression.letter === letter) return [];
  const inside = childrenOf(expression).flatMap((child) => usesOf(letter, child, scope, entrySizes));
  if (expression.kind !== 'entry') return inside;
  const sizes = entrySizes(expression, scope);
  const samples = scope.dimension(scope.sampleLetter ?? '');
  // One index of a matrix is that of a sample.
  const first = expression.indices.length === 1 && sizes.length === 2 && scope.samples === 'columns' ? 1 : 0;
  const own = expression.indices.flatMap((index, at): Use[] => {
    const k = at + first;
    if (index.kind === 'number' || index.letter !== letter) return [];
    if (index.kind === 'letter') return sizes[k] === undefined ? [] : [{ size: sizes[k], of: expression }];
    return samples === undefined
      ? []
      : [{ size: { size: samples, letter: scope.sampleLetter }, of: expression }];
  });
  return [...own, ...inside];
}

/**
 * What a letter counts in all of its places.
 *
 * @throws ShapeError if they differ, or if there are none
 */
export function agreed(letter: string, uses: readonly Use[], where: Expression): Size {
  const [first] = uses;
  if (first === undefined) {
    throw new ShapeError(`${letter} is an index of nothing, so that it counts nothing`, where.span);
  }
  const other = uses.find(({ size }) => size.size !== first.size.size);
  if (other === undefined) return first.size;
  const told = ({ size, of }: Use) => `1 to ${sizeText(size)} (${size.size}) in ${expressionText(of)}`;
  throw new ShapeError(
    `${letter} counts ${told(first)} and ${told(other)}: one letter counts one thing`,
    other.of.span,
  );
}
