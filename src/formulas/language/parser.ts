/** The parser of equations: recursive descent over the tokens, every name resolved in the net's vocabulary. */

import { Cursor } from './cursor.ts';
import { EquationError, type Span } from './errors.ts';
import { ARGUMENTS, DIFFERENTIABLE, FUNCTION_SPELLINGS, type FunctionName, functionOf } from './functions.ts';
import { INDEX_LETTERS, type Index, lettersOf } from './indices.ts';
import { leftOf, refuseOwnName } from './left.ts';
import { Names } from './names.ts';
import { isNumpy } from './numpy.ts';
import { NumpyParser } from './numpy-parser.ts';
import type { Vocabulary } from './scope.ts';
import type { Comparison, Condition, Equation, Expression } from './syntax.ts';
import type { SumToken, Token } from './tokens.ts';

const COMPARISONS: readonly string[] = ['>', '>=', '<', '<='];

/** The longest equation that is read; those of the notes have less than 500 characters. */
const MOST_CHARACTERS = 2000;

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
  const condition = parser.remarks();
  parser.expectEnd();
  const left = leftOf(leftSide, vocabulary);
  refuseOwnName(left, right);
  return { text, left, right, condition };
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
  readonly #isNumpy: boolean;
  readonly #numpy: NumpyParser;
  #depth = 0;
  /** Whether the next ‖ closes a norm. */
  #inNorm = false;
  /** Whether the next ∣ closes a magnitude. */
  #inAbs = false;

  constructor(text: string, vocabulary: Vocabulary) {
    this.#cursor = new Cursor(text);
    this.#names = new Names(this.#cursor, vocabulary);
    this.#vocabulary = vocabulary;
    this.#isNumpy = isNumpy(text);
    this.#numpy = new NumpyParser(
      this.#cursor,
      () => this.expression(),
      (of, axis) => (of.kind === 'symbol' ? vocabulary.lettersOfShape(of.name)?.[axis] : undefined),
    );
  }

  /** Where the equation holds, and what only says what it says already: `for j ≠ yᵢ`, `by rows`. */
  remarks(): Condition | null {
    let condition: Condition | null = null;
    while (true) {
      const token = this.#cursor.peek();
      const [, next] = this.#cursor.ahead(2);
      const isComma = token.type === 'sign' && token.sign === ',';
      const word = isComma && next?.type === 'name' ? next : token;
      if (word.type !== 'name' || !['for', 'by'].includes(word.name)) return condition;
      this.#cursor.skip(isComma ? 2 : 1);
      if (word.name === 'for') {
        const found = this.#indexComparison();
        if (found === undefined) throw this.#cursor.unexpected('a condition on indices, as in j ≠ yᵢ');
        condition = found;
        continue;
      }
      const { samples } = this.#vocabulary;
      const along = this.#cursor.expectName(samples);
      if (along.name !== samples)
        throw this.#cursor.mistaken(`${samples}, which are the samples of this net`, along.span);
    }
  }

  /** `j = yᵢ`, `j ≠ yᵢ`, `i = j`; undefined where no comparison of indices follows. */
  #indexComparison(): Condition | undefined {
    const [first, sign, second] = this.#cursor.ahead(3);
    const left = indexOf(first);
    const right = indexOf(second);
    if (sign?.type !== 'sign' || !['=', '≠'].includes(sign.sign)) return undefined;
    if (left === undefined || right === undefined || first === undefined || second === undefined)
      return undefined;
    this.#cursor.skip(3);
    const span = { start: first.span.start, end: second.span.end };
    return { kind: 'kronecker', left, right, isEqual: sign.sign === '=', span };
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
      left = { kind: 'sum', sign, left, right, ...this.#broadcasts, span: spanning(left, right) };
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
    if (this.#cursor.is('⊗')) {
      throw this.#cursor.unexpected('⊙ for the product entry by entry, or a·bᵀ for the outer product');
    }
    return left;
  }

  /** Factors, with or without a sign between them, from left to right. */
  #product(): Expression {
    let left = this.#factor();
    while (true) {
      const sign = this.#productSign();
      const { text } = this.#cursor.peek();
      if (sign === undefined && !this.#startsFactor()) return left;
      if (sign === undefined && this.#isNumpy)
        throw this.#cursor.unexpected('`@` or `*` between two factors of numpy');
      if (sign !== undefined) this.#cursor.skip();
      const right = this.#factor();
      const isStar = text === '*' && !this.#isNumpy ? { isStar: true } : {};
      left = {
        kind: 'product',
        sign: sign ?? '*',
        left,
        right,
        ...isStar,
        ...this.#broadcasts,
        span: spanning(left, right),
      };
    }
  }

  get #broadcasts(): { readonly broadcasts?: boolean } {
    return this.#isNumpy ? { broadcasts: true } : {};
  }

  #productSign(): '*' | '/' | '⊙' | undefined {
    if (this.#cursor.is('*')) return this.#isNumpy && this.#cursor.peek().text === '*' ? '⊙' : '*';
    return this.#cursor.is('/') || this.#cursor.is('./') ? '/' : undefined;
  }

  #startsFactor(): boolean {
    const token = this.#cursor.peek();
    if (token.type === 'name') return !REMARKS.includes(token.name);
    if (token.type === 'sum') return true;
    if (this.#cursor.is('∣')) return !this.#inAbs;
    if (token.type === 'number') return this.#startsIndicator();
    if (this.#cursor.is('‖')) return !this.#inNorm;
    return token.type === 'sign' && ['(', '[', '{', '∂', '∇', '𝟙'].includes(token.sign);
  }

  #startsIndicator(): boolean {
    const [token, next] = this.#cursor.ahead(2);
    const isSign = token.type === 'sign' && token.sign === '𝟙';
    if (next?.type !== 'sign' || next.spaced || (next.sign !== '[' && !(isSign && next.sign === '(')))
      return false;
    return token.text === '1' || isSign;
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
      if (token.type === 'indices' && !token.spaced) {
        this.#cursor.skip();
        operand = {
          kind: 'entry',
          operand,
          indices: token.indices,
          span: { start: operand.span.start, end: token.span.end },
        };
        continue;
      }
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
      } else if (token.sign === '^' || token.sign === '**') {
        this.#cursor.skip();
        operand = this.#raised(operand);
      } else if (token.sign === '.' && this.#cursor.ahead(2)[1]?.type === 'name') {
        operand = this.#numpy.method(operand);
      } else if (token.sign === '[' && !token.spaced) {
        const entry = this.#entry(operand);
        if (entry === undefined) return operand;
        operand = entry;
      } else return operand;
    }
  }

  /** A power: of a whole number each entry's, of an expression that of a number. */
  #raised(operand: Expression): Expression {
    const { start } = operand.span;
    const inside = this.#cursor
      .ahead(4)
      .filter((token) => token.type !== 'sign' || !['{', '-'].includes(token.sign));
    const [first, second] = inside;
    const isBraced = this.#cursor.is('{');
    const closes = !isBraced || (second?.type === 'sign' && second.sign === '}');
    const isOther = first?.type === 'name' || isBraced || this.#cursor.is('(');
    if (!isOther || (first?.type === 'number' && closes)) {
      const { value, end } = this.#exponent();
      return { kind: 'power', operand, exponent: value, span: { start, end } };
    }
    const exponent = this.#nested(this.#inNorm, () => this.#factor());
    return {
      kind: 'call',
      name: 'pow',
      prime: false,
      args: [operand, exponent],
      span: { start, end: exponent.span.end },
    };
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
      const indices = [row, column].map(numbered);
      return { kind: 'entry', operand, indices, span: { start, end: close.span.end } };
    }
    if (row === undefined || !is(comma, ']') || operand.kind === 'number' || operand.kind === 'sum')
      return undefined;
    this.#cursor.skip(3);
    return { kind: 'entry', operand, indices: [numbered(row)], span: { start, end: comma.span.end } };
  }

  #primary(): Expression {
    const token = this.#cursor.peek();
    const { span } = token;
    if (this.#startsIndicator()) {
      this.#cursor.skip();
      const compared = this.#bracketedIndices(span.start);
      if (compared !== undefined) return compared;
      const inside = this.#cursor.is('(') ? this.#parenthesis('(', ')') : this.#brackets();
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
      const isKnown = this.#vocabulary.symbol(token.name) !== undefined;
      if (!isKnown && token.name === 'e' && this.#cursor.is('^')) return this.#exponential(span.start);
      const isDotted = this.#cursor.is('.') && this.#cursor.ahead(2)[1]?.type === 'name';
      if (!isKnown && ['np', 'numpy'].includes(token.name) && isDotted) return this.#numpy.call(span.start);
      const name = isKnown ? undefined : functionOf(token.name);
      if (name === undefined) return this.#names.name(token);
      return this.#call(token.name === 'sigma' ? this.#vocabulary.sigma : name, span);
    }
    if (token.type === 'sum') return this.#sumOver(token);
    if (this.#cursor.is('∣') && !this.#inAbs) return this.#magnitude();
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

  /** `e^{o}`: exp(o). */
  #exponential(start: number): Expression {
    this.#cursor.expect('^');
    const exponent = this.#nested(this.#inNorm, () => this.#factor());
    return {
      kind: 'call',
      name: 'exp',
      prime: false,
      args: [exponent],
      span: { start, end: exponent.span.end },
    };
  }

  /** `∣w∣`, the magnitude of each entry. */
  #magnitude(): Expression {
    const { start } = this.#cursor.expect('∣').span;
    this.#inAbs = true;
    const inside = this.#nested(this.#inNorm, () => this.#sum());
    this.#inAbs = false;
    const { end } = this.#cursor.expect('∣').span;
    return { kind: 'call', name: 'abs', prime: false, args: [inside], span: { start, end } };
  }

  /** `[j = yᵢ]` after 𝟙. */
  #bracketedIndices(start: number): Expression | undefined {
    const [open, first, sign, second, close] = this.#cursor.ahead(5);
    if (open?.type !== 'sign' || close?.type !== 'sign') return undefined;
    if (indexOf(first) === undefined || indexOf(second) === undefined) return undefined;
    if (sign?.type !== 'sign' || !['=', '≠'].includes(sign.sign)) return undefined;
    this.#cursor.skip();
    const found = this.#indexComparison();
    this.#cursor.skip();
    return found === undefined ? undefined : { ...found, span: { start, end: close.span.end } };
  }

  /** `Σᵢ` as far as the term goes, where it has an i; without one `Σₙ` and `Σᵢ` are the sum over the samples. */
  #sumOver(token: SumToken): Expression {
    const { range, upTo, span } = token;
    this.#cursor.skip();
    const [letter] = range.letters;
    if (!this.#termHas(range.letters)) {
      if (range.letters.length === 1 && 'ni'.includes(letter) && range.except === null && upTo === null) {
        return this.#call('sumOverSamples', span);
      }
      throw this.#cursor.refusal(`expected an index ${letter} after the Σ`, span);
    }
    const operand = this.#nested(this.#inNorm, () =>
      this.#cursor.is('-') ? this.#signedTerm() : this.#term(),
    );
    const where = { start: span.start, end: operand.span.end };
    return range.letters.reduceRight<Expression>(
      (inside, of) => ({
        kind: 'bigsum',
        letter: of,
        except: range.except,
        upTo,
        operand: inside,
        span: where,
      }),
      operand,
    );
  }

  /** Whether one of the letters is an index up to the end of the term that comes. */
  #termHas(letters: readonly string[]): boolean {
    let depth = 0;
    for (const [k, token] of this.#cursor.ahead(MOST_CHARACTERS).entries()) {
      if (token.type === 'end') return false;
      if (token.type === 'sign') {
        if (['(', '[', '{'].includes(token.sign)) depth++;
        if ([')', ']', '}'].includes(token.sign) && --depth < 0) return false;
        if (depth === 0 && k > 0 && ['+', '-', ',', ';', '=', '>', '<', '>=', '<='].includes(token.sign)) {
          // A minus after another sign belongs to the factor that follows.
          const before = this.#cursor.ahead(k)[k - 1];
          const isSign = before?.type === 'sign' && ['*', '/', '⊙', '-'].includes(before.sign);
          if (!(token.sign === '-' && (isSign || before?.type === 'sum'))) return false;
        }
      }
      const indices = token.type === 'name' || token.type === 'indices' ? token.indices : [];
      if (lettersOf(indices).some((used) => letters.includes(used))) return true;
      const bare =
        token.type === 'name' && letters.includes(token.name) ? this.#cursor.ahead(k + 2)[k + 1] : undefined;
      if (bare?.type === 'sign' && ['=', '≠'].includes(bare.sign)) return true;
    }
    return false;
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
    if (name === 'identity' && !open) {
      throw this.#cursor.refusal('expected the size of the identity matrix, as in I(3)', where);
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

/** Words after an equation. */
const REMARKS: readonly string[] = ['for', 'by'];

const numbered = (value: number): Index => ({ kind: 'number', value });

/** The index that a name is by itself: j, or yᵢ. */
function indexOf(token: Token | undefined): Index | undefined {
  if (token?.type !== 'name') return undefined;
  if (token.name.length === 1 && INDEX_LETTERS.includes(token.name) && token.indices.length === 0)
    return { kind: 'letter', letter: token.name };
  const [of] = token.indices;
  if (token.name !== 'y' || token.indices.length !== 1 || of.kind !== 'letter') return undefined;
  return { kind: 'class', letter: of.letter };
}

const spanning = (left: Expression, right: Expression): Span => ({
  start: left.span.start,
  end: right.span.end,
});
