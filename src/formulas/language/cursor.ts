/** Where the parser stands in the tokens of an equation, and how it says what it expected there. */

import { EquationError, type Span, shortened } from './errors.ts';
import { type NameToken, type Token, tokensOf } from './tokens.ts';

/** A walk over the tokens, from left to right. */
export class Cursor {
  readonly #points: readonly string[];
  readonly #tokens: readonly Token[];
  #at = 0;

  /** @throws EquationError at a character that means nothing */
  constructor(text: string) {
    this.#points = [...text];
    this.#tokens = tokensOf(text);
  }

  /** The next token, which at the end is `end`. */
  peek(): Token {
    return this.#tokens[this.#at];
  }

  /** The next tokens, fewer near the end. */
  ahead(count: number): readonly Token[] {
    return this.#tokens.slice(this.#at, this.#at + count);
  }

  /** Goes on by so many tokens. */
  skip(count = 1): void {
    this.#at += count;
  }

  /** Whether the next token is this sign. */
  is(sign: string): boolean {
    const token = this.peek();
    return token.type === 'sign' && token.sign === sign;
  }

  /** @throws EquationError if the next token is not this sign */
  expect(sign: string): Token {
    const token = this.peek();
    if (!this.is(sign)) throw this.unexpected(sign === '=' ? '`=` between the two sides' : `\`${sign}\``);
    this.skip();
    return token;
  }

  /** @throws EquationError if the next token is no name */
  expectName(what: string): NameToken {
    const token = this.peek();
    if (token.type !== 'name') throw this.unexpected(what);
    this.skip();
    return token;
  }

  /** An error about the next token: `expected …, got «…» at character 12`. */
  unexpected(expected: string): EquationError {
    return this.mistaken(expected, this.peek().span);
  }

  /** The same about another place. */
  mistaken(expected: string, span: Span): EquationError {
    const got =
      span.start === span.end ? `the end of the equation at character ${span.start + 1}` : this.place(span);
    return new EquationError(`expected ${expected}, got ${got}`, span);
  }

  /** An error that says itself what came instead of what. */
  refusal(problem: string, span: Span): EquationError {
    return new EquationError(`${problem}: ${this.place(span)}`, span);
  }

  /** `«X1» at character 12`. */
  place({ start, end }: Span): string {
    return `«${shortened(this.#points.slice(start, end).join(''))}» at character ${start + 1}`;
  }
}
