/** The parser of equations: recursive descent over the tokens, every name resolved in the net's vocabulary. */

import { Cursor } from './cursor.ts';
import { EquationError, type Span } from './errors.ts';
import { ARGUMENTS, DIFFERENTIABLE, FUNCTION_SPELLINGS, type FunctionName, functionOf } from './functions.ts';
import { leftOf, refuseOwnName } from './left.ts';
import { Names } from './names.ts';
import type { Vocabulary } from './scope.ts';
import type { Comparison, Equation, Expression } from './syntax.ts';
import type { Token } from './tokens.ts';

const COMPARISONS: readonly string[] = ['>', '>=', '<', '<='];

/** The longest equation that is read; those of the notes have less than 200 characters. */
const MOST_CHARACTERS = 1000;

/** The largest size that `ones` and `I` make: more than any net here has. */
const MOST_SIZE = 20;

/** The largest exponent. */
const MOST_EXPONENT = 20;

/** How deep parentheses, brackets and functions may stand in each other; in the notes it is 5. */
const MOST_DEPTH = 30;

/**
 * The syntax tree of an equation `LEFT = RIGHT`.
 *
 * @throws EquationError with the place, where it cannot be read, a name is unknown, or the left side is none
 */
export function parseEquation(text: string, vocabulary: Vocabulary): Equation {
  if (text.length > MOST_CHARACTERS) {
    const span = { start: MOST_CHARACTERS, end: text.length };
    throw new EquationError(`expected at most ${MOST_CHARACTERS} characters, got ${text.length}`, span);
  }
  const parser = new Parser(text, vocabulary);
  const leftSide = parser.leftSide();
  const right = parser.expression();
  parser.expectEnd();
  const left = leftOf(leftSide, vocabulary);
  refuseOwnName(left, right);
  return { text, left, right };
}

/**
 * The syntax tree of an expression alone.
 *
 * @throws EquationError as `parseEquation`
 */
export function parseExpression(text: string, vocabulary: Vocabulary): Expression {
  const parser = new Parser(text, vocabulary);
  const expression = parser.expression();
  parser.expectEnd();
  return expression;
}

class Parser {
  readonly #cursor: Cursor;
  readonly #names: Names;
  readonly #vocabulary: Vocabulary;
  #depth = 0;
  /** Whether the next ‖ closes a norm. */
  #inNorm = false;

  constructor(text: string, vocabulary: Vocabulary) {
    this.#cursor = new Cursor(text);
    this.#names = new Names(this.#cursor, vocabulary);
    this.#vocabulary = vocabulary;
  }

  /** An expression and the `=` after it. */
  leftSide(): Expression {
    const left = this.expression();
    this.#cursor.expect('=');
    return left;
  }

  /** A sum, or two with a comparison between them. */
  expression(): Expression {
    return this.#nested(false, () => this.#comparison());
  }

  /** What `read` reads, one level deeper. */
  #nested<T>(inNorm: boolean, read: () => T): T {
    if (this.#depth > MOST_DEPTH) {
      throw this.#cursor.unexpected(
        `at most ${MOST_DEPTH} parentheses, brackets and signs inside each other`,
      );
    }
    const outside = this.#inNorm;
    this.#inNorm = inNorm;
    this.#depth++;
    const inside = read();
    this.#depth--;
    this.#inNorm = outside;
    return inside;
  }

  #comparison(): Expression {
    const left = this.#sum();
    const token = this.#cursor.peek();
    if (token.type !== 'sign' || !COMPARISONS.includes(token.sign)) return left;
    this.#cursor.skip();
    const right = this.#sum();
    return { kind: 'indicator', sign: token.sign as Comparison, left, right, span: spanning(left, right) };
  }

  expectEnd(): void {
    if (this.#cursor.peek().type !== 'end')
      throw this.#cursor.unexpected('the end of the equation, or an operator');
  }

  #sum(): Expression {
    let left = this.#signedTerm();
    while (this.#cursor.is('+') || this.#cursor.is('-')) {
      const sign = this.#cursor.is('+') ? '+' : '-';
      this.#cursor.skip();
      const right = this.#term();
      left = { kind: 'sum', sign, left, right, span: spanning(left, right) };
    }
    return left;
  }

  #signedTerm(): Expression {
    const { start } = this.#cursor.peek().span;
    if (this.#cursor.is('-')) {
      this.#cursor.skip();
      const operand = this.#nested(this.#inNorm, () => this.#signedTerm());
      return { kind: 'negate', operand, span: { start, end: operand.span.end } };
    }
    if (this.#cursor.is('+')) this.#cursor.skip();
    return this.#term();
  }

  /** Products with ⊙ between them, which binds less than they do: `φ′(z1) ⊙ W2 δ2` is `φ′(z1) ⊙ (W2·δ2)`. */
  #term(): Expression {
    let left = this.#product();
    while (this.#cursor.is('⊙')) {
      this.#cursor.skip();
      const right = this.#product();
      left = { kind: 'product', sign: '⊙', left, right, span: spanning(left, right) };
    }
    return left;
  }

  /** Factors, with or without a sign between them, from left to right. */
  #product(): Expression {
    let left = this.#factor();
    while (true) {
      const sign = this.#productSign();
      if (sign === undefined && !this.#startsFactor()) return left;
      if (sign !== undefined) this.#cursor.skip();
      const right = this.#factor();
      left = { kind: 'product', sign: sign ?? '*', left, right, span: spanning(left, right) };
    }
  }

  #productSign(): '*' | '/' | undefined {
    if (this.#cursor.is('*')) return '*';
    return this.#cursor.is('/') || this.#cursor.is('./') ? '/' : undefined;
  }

  #startsFactor(): boolean {
    const token = this.#cursor.peek();
    if (token.type === 'name') return true;
    if (token.type === 'number') return this.#startsIndicator();
    if (this.#cursor.is('‖')) return !this.#inNorm;
    return token.type === 'sign' && ['(', '[', '{', '∂', '∇', '𝟙'].includes(token.sign);
  }

  #startsIndicator(): boolean {
    const [token, next] = this.#cursor.ahead(2);
    if (next?.type !== 'sign' || next.spaced || next.sign !== '[') return false;
    return token.text === '1' || (token.type === 'sign' && token.sign === '𝟙');
  }

  #factor(): Expression {
    if (this.#cursor.is('-')) {
      const { start } = this.#cursor.peek().span;
      this.#cursor.skip();
      const operand = this.#nested(this.#inNorm, () => this.#factor());
      return { kind: 'negate', operand, span: { start, end: operand.span.end } };
    }
    let operand = this.#primary();
    for (let signs = 0; ; signs++) {
      const token = this.#cursor.peek();
      if (token.type !== 'sign') return operand;
      const span = { start: operand.span.start, end: token.span.end };
      if (signs > MOST_DEPTH) throw this.#cursor.unexpected(`at most ${MOST_DEPTH} signs after each other`);
      if (token.sign === 'ᵀ' || token.sign === "'") {
        this.#cursor.skip();
        operand = { kind: 'transpose', operand, span };
      } else if (token.sign === 'power') {
        if (Math.abs(token.value) > MOST_EXPONENT)
          throw this.#cursor.unexpected(`an exponent up to ${MOST_EXPONENT}`);
        this.#cursor.skip();
        operand = { kind: 'power', operand, exponent: token.value, span };
      } else if (token.sign === '^') {
        this.#cursor.skip();
        const { value, end } = this.#exponent();
        operand = { kind: 'power', operand, exponent: value, span: { start: span.start, end } };
      } else if (token.sign === '[' && !token.spaced) {
        const entry = this.#entry(operand);
        if (entry === undefined) return operand;
        operand = entry;
      } else return operand;
    }
  }

  #exponent(): { value: number; end: number } {
    const braced = this.#cursor.is('{');
    if (braced) this.#cursor.skip();
    const sign = this.#cursor.is('-') ? -1 : 1;
    if (sign < 0) this.#cursor.skip();
    const token = this.#cursor.peek();
    if (token.type !== 'number' || !Number.isInteger(token.value) || token.value > MOST_EXPONENT) {
      throw this.#cursor.unexpected(`T or a whole number up to ${MOST_EXPONENT} after \`^\``);
    }
    this.#cursor.skip();
    if (braced) this.#cursor.expect('}');
    return { value: sign * token.value, end: token.span.end };
  }

  /** `S[2, 1]`, or `y[2]` of a name; undefined where the brackets hold something else. */
  #entry(operand: Expression): Expression | undefined {
    const [, first, comma, second, close] = this.#cursor.ahead(5);
    const index = (token: Token | undefined) =>
      token?.type === 'number' && Number.isInteger(token.value) ? token.value : undefined;
    const is = (token: Token | undefined, sign: string) => token?.type === 'sign' && token.sign === sign;
    const [row, column] = [index(first), index(second)];
    const { start } = operand.span;
    if (row !== undefined && column !== undefined && is(comma, ',') && is(close, ']')) {
      this.#cursor.skip(5);
      return { kind: 'entry', operand, indices: [row, column], span: { start, end: close.span.end } };
    }
    if (row === undefined || !is(comma, ']') || operand.kind === 'number' || operand.kind === 'sum')
      return undefined;
    this.#cursor.skip(3);
    return { kind: 'entry', operand, indices: [row], span: { start, end: comma.span.end } };
  }

  #primary(): Expression {
    const token = this.#cursor.peek();
    const { span } = token;
    if (this.#startsIndicator()) {
      this.#cursor.skip();
      const inside = this.#brackets();
      if (inside.kind === 'indicator')
        return { ...inside, span: { start: span.start, end: inside.span.end } };
      throw this.#cursor.mistaken('a comparison in the brackets, as in 1[Z > 0]', inside.span);
    }
    if (token.type === 'number') {
      this.#cursor.skip();
      return { kind: 'number', value: token.value, text: token.text, span };
    }
    if (token.type === 'name') {
      this.#cursor.skip();
      const name = this.#vocabulary.symbol(token.name) === undefined ? functionOf(token.name) : undefined;
      return name === undefined ? this.#names.name(token) : this.#call(name, span);
    }
    if (this.#cursor.is('(')) return this.#parenthesis('(', ')');
    if (this.#cursor.is('{')) return this.#parenthesis('{', '}');
    if (this.#cursor.is('[')) return this.#brackets();
    if (this.#cursor.is('‖') && !this.#inNorm) return this.#squaredNorm();
    if (this.#cursor.is('∂')) return this.#names.partial(span.start);
    if (this.#cursor.is('∇')) {
      this.#cursor.skip();
      return this.#names.nabla(span.start);
    }
    throw this.#cursor.unexpected('a name, a number or a parenthesis');
  }

  #parenthesis(open: string, close: string): Expression {
    const { start } = this.#cursor.expect(open).span;
    const inside = this.expression();
    const { end } = this.#cursor.expect(close).span;
    return { ...inside, span: { start, end } };
  }

  /** `‖A‖²`, the sum of the squares of the entries: `sum(A^2)`. */
  #squaredNorm(): Expression {
    const { start } = this.#cursor.expect('‖').span;
    const inside = this.#nested(true, () => this.#sum());
    const { end } = this.#cursor.expect('‖').span;
    const { start: from } = this.#cursor.peek().span;
    const squared = this.#cursor.is('power') || this.#cursor.is('^');
    if (!squared) throw this.#cursor.unexpected('a square after ‖ ‖, as in ‖x − y‖²');
    const exponent = this.#powerAfterNorm();
    const span = { start, end: exponent.end };
    if (exponent.value !== 2) {
      throw this.#cursor.mistaken('a square after ‖ ‖, as in ‖x − y‖²', { start: from, end: exponent.end });
    }
    const square: Expression = { kind: 'power', operand: inside, exponent: 2, span: { start, end } };
    return { kind: 'call', name: 'sum', prime: false, args: [square], span };
  }

  #powerAfterNorm(): { value: number; end: number } {
    const token = this.#cursor.peek();
    this.#cursor.skip();
    if (token.type === 'sign' && token.sign === 'power') return { value: token.value, end: token.span.end };
    return this.#exponent();
  }

  /** `[A]` is a parenthesis, `[a, b; c, d]` a matrix. */
  #brackets(): Expression {
    const { start } = this.#cursor.expect('[').span;
    const rows: Expression[][] = [[this.expression()]];
    while (!this.#cursor.is(']')) {
      if (this.#cursor.is(',')) {
        this.#cursor.skip();
        rows[rows.length - 1].push(this.expression());
      } else if (this.#cursor.is(';')) {
        this.#cursor.skip();
        rows.push([this.expression()]);
      } else throw this.#cursor.unexpected('`,`, `;` or `]`');
    }
    const { end } = this.#cursor.expect(']').span;
    const ragged = rows.find((row) => row.length !== rows[0].length);
    if (ragged !== undefined) {
      throw this.#cursor.refusal(
        `expected rows of ${rows[0].length} entries as the first, got one of ${ragged.length}`,
        { start, end },
      );
    }
    if (rows.length === 1 && rows[0].length === 1) return { ...rows[0][0], span: { start, end } };
    return { kind: 'literal', rows, span: { start, end } };
  }

  #call(name: FunctionName, { start, end }: Span): Expression {
    const { activation, sampleLetter } = this.#vocabulary;
    const where = { start, end };
    if (name === 'phi' && activation === null)
      throw this.#cursor.refusal('this net has no activation', where);
    if (name === 'sumOverSamples' && sampleLetter === null) {
      throw this.#cursor.refusal('this net has one sample to sum over; sum(A) adds all entries of A', where);
    }
    let prime = false;
    if (this.#cursor.is("'") && !this.#cursor.peek().spaced) {
      if (!DIFFERENTIABLE.includes(name)) {
        throw this.#cursor.unexpected(
          'no prime here: those with a derivative of one entry are R′, σ′, tanh′ and φ′',
        );
      }
      prime = true;
      this.#cursor.skip();
    }
    const open = this.#cursor.is('(');
    if (name === 'sumOverSamples' && (!open || this.#cursor.peek().spaced)) {
      // As on paper, Σₙ goes as far as the product that follows it.
      const operand = this.#nested(this.#inNorm, () => this.#term());
      return { kind: 'call', name, prime, args: [operand], span: { start, end: operand.span.end } };
    }
    if (!open) {
      const what = `\`(\` after ${FUNCTION_SPELLINGS.find((spelling) => functionOf(spelling) === name)}`;
      if (ARGUMENTS[name] !== 1 || !this.#startsFactor()) throw this.#cursor.unexpected(what);
      const operand = this.#nested(this.#inNorm, () => (name === 'sum' ? this.#term() : this.#factor()));
      return { kind: 'call', name, prime, args: [operand], span: { start, end: operand.span.end } };
    }
    this.#cursor.expect('(');
    const args = [this.expression()];
    while (this.#cursor.is(',')) {
      this.#cursor.skip();
      args.push(this.expression());
    }
    const span = { start, end: this.#cursor.expect(')').span.end };
    if (args.length !== ARGUMENTS[name]) {
      const expected = `expected ${ARGUMENTS[name]} argument${ARGUMENTS[name] === 1 ? '' : 's'}`;
      throw this.#cursor.refusal(`${expected}, got ${args.length}`, span);
    }
    if (name === 'ones' || name === 'identity') for (const arg of args) this.#expectSize(arg);
    return { kind: 'call', name, prime, args, span };
  }

  /** The size of `ones` and `I`: a letter of the net, or a number that no chain of products makes slow. */
  #expectSize(arg: Expression): void {
    if (arg.kind === 'symbol' && this.#vocabulary.dimension(arg.name) !== undefined) return;
    if (arg.kind === 'number' && Number.isInteger(arg.value) && arg.value >= 1 && arg.value <= MOST_SIZE)
      return;
    const letter = this.#vocabulary.sampleLetter ?? 'M';
    throw this.#cursor.mistaken(
      `a size: a letter such as ${letter}, or a whole number from 1 to ${MOST_SIZE}`,
      arg.span,
    );
  }
}

const spanning = (left: Expression, right: Expression): Span => ({
  start: left.span.start,
  end: right.span.end,
});
