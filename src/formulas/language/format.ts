/** Expressions as text, in one spelling: as they were understood. What comes out can be read in again. */

import { FUNCTION_TEXT } from './functions.ts';
import { indexText, indicesText } from './indices.ts';
import type { Expression, Left } from './syntax.ts';

/** How tightly an expression holds together; it needs parentheses inside of anything tighter. */
const LEVEL = { comparison: 0, sum: 1, bigsum: 1.5, product: 2, sign: 3, postfix: 4, atom: 5 } as const;

const GREEK: Readonly<Record<string, string>> = {
  lambda: 'λ',
  alpha: 'α',
  beta: 'β',
  gamma: 'γ',
  delta: 'δ',
  epsilon: 'ε',
  eta: 'η',
  mu: 'μ',
  rho: 'ρ',
};

/** A name as it is printed, Greek words as letters: `λ`, `δ2`, `W2`. */
export function nameText(name: string): string {
  return name.replace(/^(?:lambda|alpha|beta|gamma|delta|epsilon|eta|mu|rho)(?=\d*$)/, (word) => GREEK[word]);
}

/** The left side as it is printed: `dW2`, `δ2`, `−α∇W`, `∂p/∂o`. */
export const leftText = (left: Left): string => left.text;

/** An expression as it is printed: `X1ᵀ·(P − Y)/N + λ·W2`. */
export function expressionText(expression: Expression): string {
  return text(expression, LEVEL.comparison);
}

/** The same as a part of a product: in parentheses where it is a sum. */
export function factorText(expression: Expression): string {
  return text(expression, LEVEL.postfix);
}

function text(expression: Expression, least: number): string {
  const [level, written] = render(expression);
  return level < least ? `(${written})` : written;
}

function render(expression: Expression): [level: number, written: string] {
  switch (expression.kind) {
    case 'number':
      return [LEVEL.atom, expression.text];
    case 'symbol':
      return [LEVEL.atom, expression.text];
    case 'derivative':
      return [expression.of === null ? LEVEL.atom : LEVEL.sum, expression.text];
    case 'negate':
      return [LEVEL.sum, `−${text(expression.operand, LEVEL.bigsum)}`];
    case 'sum': {
      const sign = expression.sign === '+' ? '+' : '−';
      return [
        LEVEL.sum,
        `${text(expression.left, LEVEL.sum)} ${sign} ${text(expression.right, LEVEL.bigsum)}`,
      ];
    }
    case 'product': {
      const { sign } = expression;
      const left = text(expression.left, isMixed(expression.left, sign) ? LEVEL.postfix : LEVEL.product);
      const right = text(expression.right, LEVEL.sign);
      return [LEVEL.product, `${left}${{ '*': '·', '⊙': ' ⊙ ', '/': '/' }[sign]}${right}`];
    }
    case 'transpose':
      return [LEVEL.postfix, `${text(expression.operand, LEVEL.postfix)}ᵀ`];
    case 'power':
      return [LEVEL.postfix, `${text(expression.operand, LEVEL.postfix)}^${expression.exponent}`];
    case 'call': {
      const args = expression.args.map((arg) => text(arg, LEVEL.comparison)).join(', ');
      return [LEVEL.postfix, `${FUNCTION_TEXT[expression.name]}${expression.prime ? '′' : ''}(${args})`];
    }
    case 'indicator': {
      const sides = [expression.left, expression.right].map((side) => text(side, LEVEL.sum));
      return [LEVEL.atom, `𝟙[${sides.join(` ${expression.sign} `)}]`];
    }
    case 'literal':
      return [
        LEVEL.atom,
        `[${expression.rows.map((row) => row.map((e) => text(e, 0)).join(', ')).join('; ')}]`,
      ];
    case 'entry':
      return [LEVEL.postfix, entryText(expression)];
    case 'bigsum': {
      const { letter, except, operand } = expression;
      const below =
        except === null ? indicesText([{ kind: 'letter', letter }]) : `_{${letter}≠${indexText(except)}}`;
      return [LEVEL.bigsum, `Σ${below} ${text(operand, LEVEL.bigsum)}`];
    }
    case 'kronecker': {
      const { left, right, isEqual } = expression;
      if (isEqual && left.kind === 'letter' && right.kind === 'letter') {
        return [LEVEL.atom, `δ${indicesText([left, right])}`];
      }
      return [LEVEL.atom, `𝟙[${indexText(left)} ${isEqual ? '=' : '≠'} ${indexText(right)}]`];
    }
  }
}

/** `S[2, 1]`, `Wᵢⱼ`, `(p − y)ᵢ`, `∂pᵢ/∂oⱼ`. */
export function entryText({ operand, indices }: Expression & { kind: 'entry' }): string {
  if (indices.every(({ kind }) => kind === 'number')) {
    return `${text(operand, LEVEL.postfix)}[${indices.map(indexText).join(', ')}]`;
  }
  return `${text(operand, LEVEL.postfix)}${indicesText(indices)}`;
}

/** Whether a product stands left of another sign, so that only a parenthesis shows at a glance what comes first. */
function isMixed(left: Expression, sign: '*' | '⊙' | '/'): boolean {
  if (left.kind !== 'product' || left.sign === sign) return false;
  return !(left.sign === '*' && sign === '/');
}
