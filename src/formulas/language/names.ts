/** The names of equations: what each stands for in the net's vocabulary. */

import type { Cursor } from './cursor.ts';
import { EquationError } from './errors.ts';
import { nameText } from './format.ts';
import { FUNCTION_SPELLINGS } from './functions.ts';
import type { Vocabulary } from './scope.ts';
import type { Expression } from './syntax.ts';
import { type NameToken, superscript } from './tokens.ts';

/** Reads names, `∂L/∂W2` and `∇W2`; throws EquationError on those that the vocabulary does not have. */
export class Names {
  readonly #cursor: Cursor;
  readonly #vocabulary: Vocabulary;

  constructor(cursor: Cursor, vocabulary: Vocabulary) {
    this.#cursor = cursor;
    this.#vocabulary = vocabulary;
  }

  /** What a name that is no function's stands for: a symbol, a gradient, a power, or names written together. */
  name(token: NameToken): Expression {
    const { name, span, raised } = token;
    const symbol = this.#vocabulary.symbol(name);
    if (symbol !== undefined) return { kind: 'symbol', name: symbol, text: nameText(name), span };
    const by = this.#vocabulary.gradient(name);
    if (by !== undefined) return { kind: 'derivative', of: null, by, text: nameText(name), span };
    const base = raised === undefined ? undefined : this.#vocabulary.symbol(raised.base);
    if (raised !== undefined && base !== undefined) {
      const operand: Expression = { kind: 'symbol', name: base, text: nameText(raised.base), span };
      return { kind: 'power', operand, exponent: raised.exponent, span };
    }
    return this.#differential(token) ?? this.#joined(token) ?? this.#unknown(token);
  }

  /** `∇W2`, the sign itself already read. */
  nabla(start: number): Expression {
    const braced = this.#cursor.is('{');
    if (braced) this.#cursor.skip();
    const name = this.#cursor.expectName('the name of a tensor');
    if (braced) this.#cursor.expect('}');
    return this.#derivative(null, name, start);
  }

  /** `∂L/∂W2`, `∂p/∂o`. */
  partial(start: number): Expression {
    this.#cursor.expect('∂');
    const of = this.#cursor.expectName('what is differentiated');
    this.#cursor.expect('/');
    this.#cursor.expect('∂');
    return this.#derivative(of, this.#cursor.expectName('by what it is differentiated'), start);
  }

  /** `dW2` and `dL/dW2`. */
  #differential(token: NameToken): Expression | undefined {
    const of = differentiated(token);
    if (of === undefined) return undefined;
    const [slash, by] = this.#cursor.ahead(2);
    if (slash?.type === 'sign' && slash.sign === '/' && by?.type === 'name') {
      const name = differentiated(by);
      const known = this.#vocabulary.isLoss(of.name) || this.#vocabulary.symbol(of.name) !== undefined;
      if (known && name !== undefined && this.#vocabulary.symbol(by.name) === undefined) {
        this.#cursor.skip(2);
        return this.#derivative(of, name, token.span.start);
      }
    }
    if (this.#vocabulary.symbol(of.name) === undefined) return undefined;
    return this.#derivative(null, of, token.span.start);
  }

  #derivative(of: NameToken | null, by: NameToken, start: number): Expression {
    const span = { start, end: by.span.end };
    const tensor = this.#vocabulary.symbol(by.name) ?? this.#unknown(by);
    if (of === null || this.#vocabulary.isLoss(of.name)) {
      const why = this.#vocabulary.whyNoGradient(tensor);
      if (why !== undefined) throw this.#cursor.refusal(why, span);
      return { kind: 'derivative', of: null, by: tensor, text: `d${nameText(by.name)}`, span };
    }
    const numerator = this.#vocabulary.symbol(of.name) ?? this.#unknown(of);
    const why = this.#vocabulary.whyNoJacobian(numerator, tensor);
    if (why !== undefined) throw this.#cursor.refusal(why, span);
    return { kind: 'derivative', of: numerator, by: tensor, text: `∂${of.name}/∂${by.name}`, span };
  }

  /** Names written together, as the notes write products: `XW1` is X times W1. */
  #joined({ name, span }: NameToken): Expression | undefined {
    const parts = segments(name, (part) => this.#vocabulary.symbol(part) !== undefined);
    return parts
      ?.map((part): Expression => {
        return { kind: 'symbol', name: this.#vocabulary.symbol(part) as string, text: nameText(part), span };
      })
      .reduce((left, right): Expression => ({ kind: 'product', sign: '*', left, right, span }));
  }

  #unknown(token: NameToken): never {
    this.#refuseRaised(token);
    const { text, span } = token;
    const known = [...this.#vocabulary.names, ...FUNCTION_SPELLINGS];
    throw new EquationError(`unknown name ${this.#cursor.place(span)}`, span, { word: text, known });
  }

  /** `δ^2` where δ2 is the name: a caret is a power, and the number of a layer is none. */
  #refuseRaised({ name, span: { start } }: NameToken): void {
    const [caret, first, second] = this.#cursor.ahead(3);
    const exponent = first?.type === 'sign' && first.sign === '{' ? second : first;
    if (caret?.type !== 'sign' || caret.sign !== '^' || exponent?.type !== 'number') return;
    const layered = `${name}${exponent.text}`;
    const isKnown = [layered, layered.replace(/^d/, '')].some(
      (known) =>
        this.#vocabulary.symbol(known) !== undefined || this.#vocabulary.gradient(known) !== undefined,
    );
    if (!isKnown) return;
    const raised = `${nameText(name)}${superscript(exponent.text)}`;
    const span = { start, end: exponent.span.end };
    throw this.#cursor.mistaken(`${raised} or ${layered}, as ^ makes a power`, span);
  }
}

/** `W2` of `dW2`. */
function differentiated(token: NameToken): NameToken | undefined {
  return /^d./.test(token.name) ? { ...token, name: token.name.slice(1) } : undefined;
}

/** A name as known ones joined, the longest first; undefined where it is not made of them. */
function segments(
  name: string,
  known: (part: string) => boolean,
  from = 0,
  dead = new Set<number>(),
): string[] | undefined {
  if (from === name.length) return [];
  // What is known to lead nowhere is not tried again, or HWHWHW… would be tried in all ways.
  if (dead.has(from)) return undefined;
  for (let end = name.length; end > from; end--) {
    if (!known(name.slice(from, end))) continue;
    const rest = segments(name, known, end, dead);
    if (rest !== undefined) return [name.slice(from, end), ...rest];
  }
  dead.add(from);
  return undefined;
}
