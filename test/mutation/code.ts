/** A source file as the mutation operators see it: its functions, and how far expressions and statements reach. */

import { pairsOf, type Token, tokenize } from './tokens.ts';

/** A function, by the indices of its tokens. */
export interface NamedFunction {
  /** `Dense.backward`, `addRow`. */
  readonly name: string;
  /** The class that it is a method of, or ''. */
  readonly owner: string;
  /** From the bracket before the parameters to the last of the body. */
  readonly from: number;
  readonly to: number;
}

/** A class, by the indices of its braces. */
interface NamedClass {
  readonly name: string;
  readonly base: string;
  readonly open: number;
  readonly close: number;
}

const KEYWORDS = new Set(
  'if else for of in return const let new throw typeof continue break this super class extends'.split(' '),
);

/** All positions are indices of tokens; ranges include both of their ends. */
export class Code {
  readonly source: string;
  readonly tokens: readonly Token[];
  readonly functions: readonly NamedFunction[];
  readonly #pairs: ReadonlyMap<number, number>;
  readonly #classes: readonly NamedClass[];

  constructor(source: string) {
    this.source = source;
    this.tokens = tokenize(source);
    this.#pairs = pairsOf(this.tokens);
    this.#classes = [...this.#findClasses()];
    this.functions = [...this.#findMethods(), ...this.#findFunctions()];
  }

  /** The text of a token; '' outside of the file. */
  at(i: number): string {
    return this.tokens[i]?.text ?? '';
  }

  is(i: number, ...texts: readonly string[]): boolean {
    return this.tokens[i]?.kind !== 'text' && texts.includes(this.at(i));
  }

  /** Whether a token is a name: of a variable, a field or a function. */
  isName(i: number): boolean {
    return this.tokens[i]?.kind === 'word' && !KEYWORDS.has(this.at(i));
  }

  /** Whether an operand ends with this token. */
  endsOperand(i: number): boolean {
    return this.isName(i) || this.is(i, 'this', ')', ']') || this.tokens[i]?.kind === 'number';
  }

  pair(i: number): number {
    return this.#pairs.get(i) as number;
  }

  text(from: number, to: number): string {
    return this.source.slice(this.tokens[from].start, this.tokens[to].end);
  }

  /** The first token of the operand `a.b(c)[d]` that ends at i. */
  operandStart(i: number): number {
    let start = this.is(i, ')', ']') ? this.pair(i) : i;
    for (;;) {
      if (this.is(start, '(', '[') && this.endsOperand(start - 1)) start--;
      else if (this.is(start - 1, '.', '?.')) start -= 2;
      else return start;
      if (this.is(start, ')', ']')) start = this.pair(start);
    }
  }

  /** The last token of the operand that begins at i, a sign before it included. */
  operandEnd(i: number): number {
    let end = i;
    while (this.is(end, '-', '!')) end++;
    if (this.is(end, '(', '[')) end = this.pair(end);
    for (;;) {
      if (this.is(end + 1, '.', '?.')) end += 2;
      else if (this.is(end + 1, '(', '[')) end = this.pair(end + 1);
      else return end;
    }
  }

  /** The first token of the product of operands that ends at i. */
  termStart(i: number): number {
    const start = this.operandStart(i);
    return this.is(start - 1, '*', '/') ? this.termStart(start - 2) : start;
  }

  /** The last token of the product of operands that begins at i. */
  termEnd(i: number): number {
    const end = this.operandEnd(i);
    return this.is(end + 1, '*', '/') ? this.termEnd(end + 2) : end;
  }

  /** The first token after the last of these signs before i, at the same depth of brackets. */
  startAfter(i: number, signs: readonly string[]): number {
    let start = i;
    while (start > 0 && !this.is(start - 1, '(', '[', '{', ...signs)) {
      start = this.is(start - 1, ')', ']', '}') ? this.pair(start - 1) : start - 1;
    }
    return start;
  }

  /** The last token before the next of these signs after i, at the same depth of brackets. */
  endBefore(i: number, signs: readonly string[]): number {
    let end = i;
    while (!this.is(end + 1, ')', ']', '}', ...signs)) {
      end = this.is(end + 1, '(', '[', '{') ? this.pair(end + 1) : end + 1;
    }
    return end;
  }

  /** The first token of the simple statement that ends with the semicolon at i. */
  statementStart(i: number): number {
    let start = i;
    while (start > 0 && !this.is(start - 1, '{', '}', ';', 'else')) {
      if (!this.is(start - 1, ')', ']')) start--;
      else if (this.is(this.pair(start - 1) - 1, 'if', 'for')) return start;
      else start = this.pair(start - 1);
    }
    return start;
  }

  /** The arguments of the call with its bracket at i. */
  arguments(i: number): [from: number, to: number][] {
    const found: [number, number][] = [];
    for (let from = i + 1; from < this.pair(i); ) {
      const to = this.endBefore(from - 1, [',']);
      found.push([from, to]);
      from = to + 2;
    }
    return found;
  }

  /** The bracket that is open at i, or -1. */
  enclosing(i: number): number {
    let at = i - 1;
    while (at >= 0 && !this.is(at, '(', '[', '{'))
      at = this.is(at, ')', ']', '}') ? this.pair(at) - 1 : at - 1;
    return at;
  }

  /** The fields that a method of a class can name after `this.`: its own, and the public ones of its base. */
  fields(owner: string): string[] {
    const found = this.#classes.find(({ name }) => name === owner);
    if (found === undefined) return [];
    const own: string[] = [];
    for (let i = found.open + 1; i < found.close; i++) {
      if (this.isName(i) && this.is(i - 1, '{', '}', ';') && this.is(i + 1, ';', '=')) own.push(this.at(i));
      if (this.is(i, '{')) i = this.pair(i);
    }
    return [...own, ...this.fields(found.base).filter((name) => !name.startsWith('#'))];
  }

  *#findClasses(): Generator<NamedClass> {
    for (let i = 0; i < this.tokens.length; i++) {
      if (!this.is(i, 'class')) continue;
      const derived = this.is(i + 2, 'extends');
      const open = i + (derived ? 4 : 2);
      yield { name: this.at(i + 1), base: derived ? this.at(i + 3) : '', open, close: this.pair(open) };
    }
  }

  *#findMethods(): Generator<NamedFunction> {
    for (const { name: owner, open, close } of this.#classes) {
      for (let i = open + 1; i < close; i++) {
        if (!this.is(i + 1, '(') || !this.is(this.pair(i + 1) + 1, '{')) continue;
        const to = this.pair(this.pair(i + 1) + 1);
        yield { name: `${owner}.${this.at(i)}`, owner, from: i + 1, to };
        i = to;
      }
    }
  }

  *#findFunctions(): Generator<NamedFunction> {
    for (let i = 0; i < this.tokens.length; i++) {
      if (this.is(i, 'function')) {
        yield { name: this.at(i + 1), owner: '', from: i + 2, to: this.pair(this.pair(i + 2) + 1) };
      } else if (
        this.is(i, 'const') &&
        this.enclosing(i) === -1 &&
        this.is(i + 2, '=') &&
        this.is(i + 3, '(')
      ) {
        const close = this.pair(i + 3);
        if (this.is(close + 1, '=>')) {
          yield { name: this.at(i + 1), owner: '', from: i + 3, to: this.endBefore(close, [';']) };
        }
      }
    }
  }
}
