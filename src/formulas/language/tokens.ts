/** The lexer of equations: Unicode and ASCII spellings to one set of tokens. */

import { EquationError, type Span } from './errors.ts';

/** A name with the digits of its sub- and superscripts as plain ones, and Greek letters as words: `W²` is `W2`. */
export interface NameToken {
  readonly type: 'name';
  readonly name: string;
  /** `W` and 2 where the digit was a superscript, which after some names means a power. */
  readonly raised: { readonly base: string; readonly exponent: number } | undefined;
  readonly text: string;
  readonly span: Span;
  readonly spaced: boolean;
}

export interface NumberToken {
  readonly type: 'number';
  readonly value: number;
  readonly text: string;
  readonly span: Span;
  readonly spaced: boolean;
}

/** One of the signs of `SIGNS`, under the spelling that stands first there. */
export interface SignToken {
  readonly type: 'sign';
  readonly sign: string;
  /** The exponent of a `power`. */
  readonly value: number;
  readonly text: string;
  readonly span: Span;
  /** Whether a space stands before it. */
  readonly spaced: boolean;
}

export interface EndToken {
  readonly type: 'end';
  readonly text: '';
  readonly span: Span;
  readonly spaced: boolean;
}

export type Token = NameToken | NumberToken | SignToken | EndToken;

/** Each sign and the spellings that mean it; longer spellings are tried first. */
const SIGNS: Readonly<Record<string, readonly string[]>> = {
  '+': ['+'],
  '-': ['-', '−', '–'],
  '*': ['*', '·', '⋅', '@', '×'],
  '⊙': ['⊙', '∘', '.*', '⊗', '◦'],
  '/': ['/', '÷'],
  './': ['./'],
  ᵀ: ['ᵀ', '.T', '^T', '^{T}', '⊤', '^⊤', '^{⊤}'],
  "'": ["'", '′', '’'],
  '^': ['^'],
  '(': ['('],
  ')': [')'],
  '[': ['['],
  ']': [']'],
  '{': ['{'],
  '}': ['}'],
  ',': [','],
  ';': [';'],
  '=': ['='],
  '>=': ['>=', '≥'],
  '<=': ['<=', '≤'],
  '>': ['>'],
  '<': ['<'],
  '∂': ['∂'],
  '∇': ['∇', '∇_', 'grad_'],
  '𝟙': ['𝟙'],
  // Its subscripts stand at its end: ‖W‖_F.
  '‖': ['‖', '∥', '||'].flatMap((bar) => [bar, `${bar}₂`, `${bar}_2`, `${bar}_F`]),
};

/** The fractions that are one character. */
const FRACTIONS: Readonly<Record<string, number>> = {
  '½': 1 / 2,
  '¼': 1 / 4,
  '¾': 3 / 4,
  '⅓': 1 / 3,
  '⅔': 2 / 3,
};

const SPELLINGS = Object.entries(SIGNS)
  .flatMap(([sign, spellings]) => spellings.map((spelling) => ({ sign, points: [...spelling] })))
  .sort((a, b) => b.points.length - a.points.length);

/** Letters that are a name by themselves, and the word for it. */
const LETTERS: Readonly<Record<string, string>> = {
  λ: 'lambda',
  α: 'alpha',
  φ: 'phi',
  ϕ: 'phi',
  σ: 'sigma',
  δ: 'delta',
  Σ: 'sum',
  '∑': 'sum',
  '𝟏': '𝟏',
};

const SUPERSCRIPTS = '⁰¹²³⁴⁵⁶⁷⁸⁹';
const SUPERSCRIPT_MINUS = '⁻';

/** Plain digits as superscripts: `²` of `2`. */
export const superscript = (digits: string): string =>
  digits.replaceAll(/\d/g, (digit) => SUPERSCRIPTS[Number(digit)]);

const SUBSCRIPTS = '₀₁₂₃₄₅₆₇₈₉';
const SUBSCRIPT_LETTERS: Readonly<Record<string, string>> = { ᵢ: 'i', ₙ: 'n', ⱼ: 'j', ₖ: 'k', ₘ: 'm' };

const isLatin = (c: string | undefined) => c !== undefined && /^[A-Za-z]$/.test(c);
const isDigit = (c: string | undefined) => c !== undefined && /^[0-9]$/.test(c);
const isSpace = (c: string | undefined) => c !== undefined && /^\s$/.test(c);

/**
 * The tokens of an equation, with an `end` after the last.
 *
 * @throws EquationError at a character that means nothing here
 */
export function tokensOf(text: string): Token[] {
  return new Lexer(text).all();
}

class Lexer {
  readonly #points: readonly string[];
  readonly #tokens: Token[] = [];
  #at = 0;

  constructor(text: string) {
    this.#points = [...text];
  }

  all(): Token[] {
    while (true) {
      const spaced = this.#skipSpace();
      const start = this.#at;
      const c = this.#points[start];
      if (c === undefined) {
        this.#tokens.push({ type: 'end', text: '', span: { start, end: start }, spaced });
        return this.#tokens;
      }
      if (isDigit(c) || (c === '.' && isDigit(this.#points[start + 1])) || Object.hasOwn(FRACTIONS, c))
        this.#number(spaced);
      else if (SUPERSCRIPTS.includes(c) || this.#startsInverse()) this.#power(spaced);
      else if (!this.#sign(spaced)) this.#name(spaced);
    }
  }

  #skipSpace(): boolean {
    const from = this.#at;
    while (isSpace(this.#points[this.#at])) this.#at++;
    return this.#at > from;
  }

  #number(spaced: boolean): void {
    const start = this.#at;
    if (Object.hasOwn(FRACTIONS, this.#points[start])) this.#at++;
    else {
      const rest = this.#points.slice(start).join('');
      this.#at += (
        /^(\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?/.exec(withoutDotSigns(rest)) as RegExpExecArray
      )[0].length;
    }
    const text = this.#from(start);
    const value = FRACTIONS[text] ?? Number(text);
    this.#tokens.push({ type: 'number', value, text, span: this.#spanFrom(start), spaced });
  }

  /** Whether `⁻¹` or another negative exponent begins here. */
  #startsInverse(): boolean {
    const [minus, digit] = this.#points.slice(this.#at, this.#at + 2);
    return minus === SUPERSCRIPT_MINUS && digit !== undefined && SUPERSCRIPTS.includes(digit);
  }

  /** A superscript number after a parenthesis, or after a name that has its digits. */
  #power(spaced: boolean): void {
    const start = this.#at;
    const sign = this.#startsInverse() ? -1 : 1;
    if (sign < 0) this.#at++;
    const value = sign * Number(this.#digits(SUPERSCRIPTS));
    const text = this.#from(start);
    this.#tokens.push({ type: 'sign', sign: 'power', value, text, span: this.#spanFrom(start), spaced });
  }

  #sign(spaced: boolean): boolean {
    const start = this.#at;
    const found = SPELLINGS.find(({ points }) =>
      points.every((point, i) => this.#points[start + i] === point),
    );
    if (found === undefined) return false;
    const { sign, points } = found;
    // `.T` and `^T` end there: `X.Total` and `X^Tx` are not transposes.
    const next = this.#points[start + points.length];
    if (points.at(-1) === 'T' && (isLatin(next) || isDigit(next))) {
      if (points[0] === '.') return false;
      this.#at++;
      this.#tokens.push({
        type: 'sign',
        sign: '^',
        value: 0,
        text: '^',
        span: this.#spanFrom(start),
        spaced,
      });
      return true;
    }
    this.#at += points.length;
    const text = this.#from(start);
    this.#tokens.push({ type: 'sign', sign, value: 0, text, span: this.#spanFrom(start), spaced });
    return true;
  }

  #name(spaced: boolean): void {
    const start = this.#at;
    const c = this.#points[start];
    let name = '';
    if (isLatin(c)) {
      while (isLatin(this.#points[this.#at])) name += this.#points[this.#at++];
    } else if (Object.hasOwn(LETTERS, c)) {
      // Such a letter is a name of its own, so that λW is λ times W.
      name = LETTERS[c];
      this.#at++;
    } else {
      const where = { start, end: start + 1 };
      const hint = Object.hasOwn(SUBSCRIPT_LETTERS, c)
        ? ': write matrices whole, without indices, and entries as S[2, 1]'
        : '';
      throw new EquationError(
        `expected a name, a number or a sign, got «${c}» at character ${start + 1}${hint}`,
        where,
      );
    }
    let plain = this.#plainDigits();
    // Letters after digits belong to the name of Latin letters (`W2x`), which the parser may take apart.
    while (plain !== '' && isLatin(c) && isLatin(this.#points[this.#at])) {
      name += plain;
      while (isLatin(this.#points[this.#at])) name += this.#points[this.#at++];
      plain = this.#plainDigits();
    }
    name += plain + this.#subscript(name + plain);
    const raisedFrom = this.#at;
    const raised = /\d$/.test(name) ? '' : this.#digits(SUPERSCRIPTS);
    this.#tokens.push({
      type: 'name',
      name: name + raised,
      raised: raised === '' ? undefined : { base: name, exponent: Number(raised) },
      text: this.#from(start),
      span: { start, end: Math.max(this.#at, raisedFrom) },
      spaced,
    });
  }

  /** Plain and subscript digits, also after `_`. */
  #plainDigits(): string {
    let digits = '';
    while (true) {
      const c = this.#points[this.#at];
      const next = this.#points[this.#at + 1];
      if (isDigit(c)) digits += this.#points[this.#at++];
      else if (c !== undefined && SUBSCRIPTS.includes(c)) digits += this.#digits(SUBSCRIPTS);
      else if (c === '_' && (isDigit(next) || (next !== undefined && SUBSCRIPTS.includes(next)))) this.#at++;
      else return digits;
    }
  }

  /** The letter that a sum runs over: `Σₙ`, `sum_i`; of other names the letters after `_` stay in the name. */
  #subscript(name: string): string {
    const c = this.#points[this.#at];
    if (name === 'sum' && c !== undefined && Object.hasOwn(SUBSCRIPT_LETTERS, c)) {
      this.#at++;
      return `_${SUBSCRIPT_LETTERS[c]}`;
    }
    if (c !== '_') return '';
    const start = this.#at++;
    while (isLatin(this.#points[this.#at]) || isDigit(this.#points[this.#at])) this.#at++;
    return this.#from(start);
  }

  #digits(alphabet: string): string {
    let digits = '';
    while (this.#at < this.#points.length && alphabet.includes(this.#points[this.#at])) {
      digits += alphabet.indexOf(this.#points[this.#at++]);
    }
    return digits;
  }

  #from(start: number): string {
    return this.#points.slice(start, this.#at).join('');
  }

  #spanFrom(start: number): Span {
    return { start, end: this.#at };
  }
}

/** `2.*A` and `2./A` are the number 2 and a sign. */
const withoutDotSigns = (text: string) => text.replaceAll(/\.(?=[*/T])/g, ' ');
