/** Which dimensions of its net an equation has as numbers: in `ones(3, 6)`, in a matrix literal, in `S[2, 6]`. */

import type { ShapeScope } from './scope.ts';
import type { Size } from './shape.ts';
import { shapeOf } from './shapes.ts';
import { childrenOf, type Expression } from './syntax.ts';

/** The largest index that every matrix of every net has. */
const ALWAYS_THERE = 3;

/**
 * The letters whose sizes an expression fits only as they are.
 *
 * @param letters the letters of the net's dimensions
 */
export function literalSizes(
  expression: Expression,
  net: ShapeScope,
  letters: readonly string[],
): Set<string> {
  const withSize = (size: number) => letters.filter((letter) => net.dimension(letter) === size);
  const found = childrenOf(expression).flatMap((child) => [...literalSizes(child, net, letters)]);
  switch (expression.kind) {
    case 'literal':
      found.push(...withSize(expression.rows.length), ...withSize(expression.rows[0].length));
      break;
    case 'call':
      if (expression.name !== 'ones' && expression.name !== 'identity') break;
      for (const arg of expression.args) if (arg.kind === 'number') found.push(...withSize(arg.value));
      break;
    case 'entry': {
      const shape = shapeOf(expression.operand, net);
      const numbers = expression.indices.map((index) => (index.kind === 'number' ? index.value : 0));
      if (shape === undefined || Math.max(...numbers) <= ALWAYS_THERE) break;
      const lettersOf = ({ letter }: Size) => (letter === null ? [] : [letter]);
      found.push(...lettersOf(shape.rows), ...lettersOf(shape.cols));
      break;
    }
  }
  return new Set(found);
}
