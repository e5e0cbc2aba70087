/** The names of equations: what each stands for in the net's vocabulary. */

import type { Cursor } from './cursor.ts';
import { EquationError } from './errors.ts';
import { nameText } from './format.ts';
import { FUNCTION_SPELLINGS } from './functions.ts';
import type { Index } from './indices.ts';
import type { Vocabulary } from './scope.ts';
import type { Expression } from './syntax.ts';
import type { NameToken } from './tokens.ts';

/** The symbol of the losses of the samples: L with the index of a sample. */
export const SAMPLE_LOSSES = 'losses';

/** Reads names, `∂L/∂W2` and `∇W2`; throws EquationError on those that the vocabulary does not have. */
export class Names {
  readonly #cursor: Cursor;
  readonly #vocabulary: Vocabulary;
  /** The sample i of an equation about Lᵢ. */
  #sample: Index | undefined;

  constructor(cursor: Cursor, vocabulary: Vocabulary) {
    this.#cursor = cursor;
    this.#vocabulary = vocabulary;
  }

  /** What a name that is no function's stands for: a symbol, a gradient, a power, or names written together. */
  name(token: NameToken): Expression {
    const { name, span, indices } = token;
    if (name === 'delta' && indices.length === 2) {
      return { kind: 'kronecker', left: indices[0], right: indices[1], isEqual: true, span };
    }
    const by = this.#vocabulary.symbol(name) === undefined ? this.#vocabulary.gradient(name) : undefined;
    if (by !== undefined) {
      return this.#entry({ kind: 'derivative', of: null, by, text: nameText(name), span }, indices);
    }
    const found = this.#reference(token);
    if (found !== undefined) {
      return this.#entry({ kind: 'symbol', name: found.name, text: found.text, span }, found.indices);
    }
    const { raised } = token;
    if (name === 'pi') return { kind: 'number', value: Math.PI, text: 'π', span };
    const base = raised === undefined ? undefined : this.#vocabulary.symbol(raised.base);
    if (raised !== undefined && base !== undefined) {
      const symbol: Expression = { kind: 'symbol', name: base, text: nameText(raised.base), span };
      const operand = this.#entry(symbol, indices);
      return { kind: 'power', operand, exponent: raised.exponent, span };
    }
    return this.#differential(token) ?? this.#joined(token) ?? this.#unknown(token);
  }

  /** The symbol of a name and its indices: those that it has, or the digits of x₁₁; undefined where there is none. */
  #reference(token: NameToken): { name: string; text: string; indices: readonly Index[] } | undefined {
    const { name, indices, lowered } = token;
    const { raised } = token;
    const symbol = this.#vocabulary.symbol(name);
    // w² is a power of w where only W² in other capitals would be a name.
    const isPower =
      raised !== undefined &&
      (raised.isCaret || symbol !== name) &&
      this.#vocabulary.symbol(raised.base) === raised.base;
    if (symbol !== undefined && !isPower) {
      const ofSample =
        this.#vocabulary.isLoss(name) && indices.length === 1 && this.#vocabulary.indexCount(symbol) === 0;
      if (!ofSample) return { name: symbol, text: nameText(name), indices };
      // L_n of a net of one sample is its loss.
      if (this.#vocabulary.sampleLetter === null) return { name: symbol, text: nameText(name), indices: [] };
      return { name: SAMPLE_LOSSES, text: nameText(name), indices };
    }
    if (lowered === undefined || indices.length > 0) return undefined;
    const base = this.#vocabulary.symbol(lowered.base);
    if (base === undefined) return undefined;
    const count = this.#vocabulary.indexCount(base);
    const { digits } = lowered;
    if (count === 0 || digits.length !== count) return undefined;
    const numbers = [...digits].map((digit): Index => ({ kind: 'number', value: Number(digit) }));
    return { name: base, text: nameText(lowered.base), indices: numbers };
  }

  /** An entry; of a loss of one sample i, `s_j` is that sample's. */
  #entry(operand: Expression & { kind: 'symbol' | 'derivative' }, indices: readonly Index[]): Expression {
    if (indices.length === 0) return operand;
    const full = this.#ofSample(operand.kind === 'symbol' ? operand.name : operand.by, indices);
    if (operand.kind === 'symbol' && operand.name === SAMPLE_LOSSES) this.#sample = indices[0];
    return { kind: 'entry', operand, indices: full, span: operand.span };
  }

  #ofSample(symbol: string, indices: readonly Index[]): readonly Index[] {
    const isShort = indices.length === 1 && this.#vocabulary.indexCount(symbol) === 2;
    if (this.#sample === undefined || !isShort || !this.#vocabulary.isOfSamples(symbol)) return indices;
    return this.#vocabulary.samples === 'rows' ? [this.#sample, indices[0]] : [indices[0], this.#sample];
  }

  /** `∇W2`, the sign itself already read. */
  nabla(start: number): Expression {
    const braced = this.#cursor.is('{');
    if (braced) this.#cursor.skip();
    const name = this.#cursor.expectName('the name of a tensor');
    if (braced) this.#cursor.expect('}');
    return this.#derivative(null, name, start);
  }

  /** `∂L/∂W2`, `∂p/∂o`, `∂pᵢ/∂oⱼ`. */
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
      const known = this.#vocabulary.isLoss(of.name) || this.#reference(of) !== undefined;
      if (known && name !== undefined && this.#vocabulary.symbol(by.name) === undefined) {
        this.#cursor.skip(2);
        return this.#derivative(of, name, token.span.start);
      }
    }
    if (this.#reference(of) === undefined) return undefined;
    return this.#derivative(null, of, token.span.start);
  }

  #derivative(of: NameToken | null, by: NameToken, start: number): Expression {
    const span = { start, end: by.span.end };
    const below = this.#reference(by) ?? this.#unknown(by);
    const isWhole =
      of === null ||
      (this.#vocabulary.isLoss(of.name) &&
        (of.indices.length === 0 || this.#vocabulary.sampleLetter === null));
    if (isWhole) {
      const why = this.#vocabulary.whyNoGradient(below.name);
      if (why !== undefined) throw this.#cursor.refusal(why, span);
      return this.#entry(
        { kind: 'derivative', of: null, by: below.name, text: `d${below.text}`, span },
        below.indices,
      );
    }
    const ofLoss = this.#vocabulary.isLoss(of.name) && of.indices.length === 1;
    const above = ofLoss
      ? { name: SAMPLE_LOSSES, text: 'L', indices: of.indices }
      : (this.#reference(of) ?? this.#unknown(of));
    if (ofLoss) this.#sample = of.indices[0];
    const indices = [...above.indices, ...this.#ofSample(below.name, below.indices)];
    const why = this.#vocabulary.whyNoJacobian(above.name, below.name, indices.length > 0);
    if (why !== undefined) throw this.#cursor.refusal(why, span);
    const node: Expression = {
      kind: 'derivative',
      of: above.name,
      by: below.name,
      text: `∂${above.text}/∂${below.text}`,
      span,
    };
    return indices.length === 0 ? node : { kind: 'entry', operand: node, indices, span };
  }

  /** Names written together, as the notes write products: `XW1` is X times W1. */
  #joined({ name, span, indices }: NameToken): Expression | undefined {
    const parts = segments(name, (part) => this.#vocabulary.symbol(part) !== undefined);
    return parts
      ?.map((part, k): Expression => {
        const symbol = this.#vocabulary.symbol(part) as string;
        const node = { kind: 'symbol', name: symbol, text: nameText(part), span } as const;
        return k === parts.length - 1 ? this.#entry(node, indices) : node;
      })
      .reduce((left, right): Expression => ({ kind: 'product', sign: '*', left, right, span }));
  }

  #unknown(token: NameToken): never {
    const { text, span } = token;
    const known = [...this.#vocabulary.names, ...FUNCTION_SPELLINGS];
    throw new EquationError(`unknown name ${this.#cursor.place(span)}`, span, { word: text, known });
  }
}

/** `W2` of `dW2`. */
function differentiated(token: NameToken): NameToken | undefined {
  if (!/^d./.test(token.name)) return undefined;
  const { lowered } = token;
  return {
    ...token,
    name: token.name.slice(1),
    lowered: lowered === undefined ? undefined : { ...lowered, base: lowered.base.slice(1) },
  };
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
