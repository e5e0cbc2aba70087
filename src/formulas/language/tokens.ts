/** The lexer of equations: Unicode and ASCII spellings to one set of tokens. */

import { EquationError, type Span, shortened } from './errors.ts';
import { INDEX_LETTERS, type Index, subscriptLetter } from './indices.ts';
import { isLatex, translate } from './latex.ts';
import { listOf, type Range, rangeOf, subscriptOf } from './subscripts.ts';

/** A name with the digits of its sub- and superscripts as plain ones, and Greek letters as words: `W²` is `W2`. */
export interface NameToken {
  readonly type: 'name';
  readonly name: string;
  /** `W` and 2 where the digit was a superscript or came after a caret, which after some names means a power. */
  readonly raised:
    | { readonly base: string; readonly exponent: number; readonly isCaret: boolean }
    | undefined;
  /** `x` and the digits 11 where they were a subscript, which after some names are an entry. */
  readonly lowered: { readonly base: string; readonly digits: string } | undefined;
  /** The ij of Wᵢⱼ; empty where there are none. */
  readonly indices: readonly Index[];
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

/** `Σᵢ`, `Σ_{k=1}^{10}`, `Σ_{j≠yᵢ}`, `sum_n`. */
export interface SumToken {
  readonly type: 'sum';
  readonly range: Range;
  /** The upper limit as it is written. */
  readonly upTo: string | null;
  readonly text: string;
  readonly span: Span;
  readonly spaced: boolean;
}

/** Indices after a parenthesis: `(p − y)ᵢ`. */
export interface IndicesToken {
  readonly type: 'indices';
  readonly indices: readonly Index[];
  readonly text: string;
  readonly span: Span;
  readonly spaced: boolean;
}

export interface EndToken {
  readonly type: 'end';
  readonly text: '';
  readonly span: Span;
  readonly spaced: boolean;
}

export type Token = NameToken | NumberToken | SignToken | SumToken | IndicesToken | EndToken;

/** Each sign and the spellings that mean it; longer spellings are tried first. */
const SIGNS: Readonly<Record<string, readonly string[]>> = {
  '+': ['+'],
  '-': ['-', '−', '–'],
  '*': ['*', '·', '⋅', '@', '×'],
  '**': ['**'],
  '⊙': ['⊙', '∘', '.*', '◦'],
  '⊗': ['⊗'],
  '/': ['/', '÷'],
  './': ['./'],
  ᵀ: ['ᵀ', '.T', '^T', '^{T}', '^ᵀ', '⊤', '^⊤', '^{⊤}'],
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
  '≠': ['≠', '!='],
  '←': ['←'],
  '∣': ['∣', '|'],
  '.': ['.'],
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
  β: 'beta',
  γ: 'gamma',
  ε: 'epsilon',
  η: 'eta',
  μ: 'mu',
  π: 'pi',
  ρ: 'rho',
  '√': 'sqrt',
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

const isLatin = (c: string | undefined) => c !== undefined && /^[A-Za-z]$/.test(c);
const isDigit = (c: string | undefined) => c !== undefined && /^[0-9]$/.test(c);
const isSpace = (c: string | undefined) => c !== undefined && /^\s$/.test(c);

/**
 * The tokens of an equation, with an `end` after the last.
 *
 * @throws EquationError at a character that means nothing here
 */
export function tokensOf(text: string): Token[] {
  if (!isLatex(text)) return new Lexer([...text]).all();
  const { points, origins } = translate(text);
  return new Lexer(points, origins).all();
}

class Lexer {
  readonly #points: readonly string[];
  /** Where each character comes from; of what is no LaTeX, from its own place. */
  readonly #origins: readonly Span[] | undefined;
  readonly #tokens: Token[] = [];
  #at = 0;

  constructor(points: readonly string[], origins?: readonly Span[]) {
    this.#points = points;
    this.#origins = origins;
  }

  all(): Token[] {
    while (true) {
      const spaced = this.#skipSpace();
      const start = this.#at;
      const c = this.#points[start];
      if (c === undefined) {
        this.#tokens.push({ type: 'end', text: '', span: this.#spanFrom(start), spaced });
        return this.#tokens;
      }
      if (isDigit(c) || (c === '.' && isDigit(this.#points[start + 1])) || Object.hasOwn(FRACTIONS, c))
        this.#number(spaced);
      else if (SUPERSCRIPTS.includes(c) || this.#startsInverse()) this.#power(spaced);
      else if (c === '_' || subscriptLetter(c) !== undefined) this.#indices(spaced);
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
      this.#at++;
      const where = this.#spanFrom(start);
      throw new EquationError(
        `expected a name, a number or a sign, got «${c}» at character ${where.start + 1}`,
        where,
      );
    }
    let base = name;
    let plain = this.#plainDigits();
    // Letters after digits belong to the name of Latin letters (`W2x`), which the parser may take apart.
    while (plain.digits !== '' && isLatin(c) && isLatin(this.#points[this.#at])) {
      name += plain.digits;
      while (isLatin(this.#points[this.#at])) name += this.#points[this.#at++];
      base = name;
      plain = this.#plainDigits();
    }
    name += plain.digits;
    const lowered = plain.lowered ? { base, digits: plain.digits } : undefined;
    let raised: NameToken['raised'];
    let indices: readonly Index[] = [];
    while (true) {
      const layer = this.#layer();
      if (layer !== '') {
        name += layer;
        continue;
      }
      const digits = raised === undefined && indices.length === 0 && !/\d$/.test(name) ? this.#raised() : '';
      if (digits !== '') {
        const isCaret = this.#points[this.#at - 1] === '}' || isDigit(this.#points[this.#at - 1]);
        raised = { base: name, exponent: Number(digits), isCaret };
        name += digits;
        continue;
      }
      if (indices.length > 0) break;
      if (name === 'sum') {
        const range = this.#range();
        if (range === undefined) break;
        const upTo = this.#limit();
        this.#tokens.push({
          type: 'sum',
          range,
          upTo,
          text: this.#from(start),
          span: this.#spanFrom(start),
          spaced,
        });
        return;
      }
      const found = this.#subscript();
      if (found === undefined) break;
      name += found.layer;
      indices = found.indices;
      if (found.indices.length === 0) break;
    }
    if (this.#points[this.#at] === '_') name += this.#word();
    this.#tokens.push({
      type: 'name',
      name,
      raised,
      lowered,
      indices,
      text: this.#from(start),
      span: this.#spanFrom(start),
      spaced,
    });
  }

  /** `_out`: letters that count nothing stay in the name. */
  #word(): string {
    const start = this.#at++;
    while (isLatin(this.#points[this.#at]) || isDigit(this.#points[this.#at])) this.#at++;
    return this.#from(start);
  }

  /** A superscript number: `²`, `^2`, `^{2}`. */
  #raised(): string {
    const found = /^\^(?:(\d)|\{(\d)\})(?![\d.])/.exec(this.#points.slice(this.#at, this.#at + 8).join(''));
    if (found === null) return this.#digits(SUPERSCRIPTS);
    this.#at += found[0].length;
    return found[1] ?? found[2];
  }

  /** The number of a layer in parentheses: `⁽²⁾`, `^(2)`, `^{(2)}`. */
  #layer(): string {
    const rest = this.#points.slice(this.#at, this.#at + 8).join('');
    const found = /^⁽([⁰¹²³⁴-⁹]+)⁾/u.exec(rest) ?? /^\^\{?\((\d+)\)\}?/.exec(rest);
    if (found === null) return '';
    this.#at += [...found[0]].length;
    return [...found[1]].map((d) => (isDigit(d) ? d : String(SUPERSCRIPTS.indexOf(d)))).join('');
  }

  /** `ᵢⱼ`, `_ij`, `_{jq}`, `_{2ij}`; undefined where no subscript of indices begins here. */
  #subscript(): { layer: string; indices: readonly Index[] } | undefined {
    const start = this.#at;
    const text = this.#lowered();
    if (text === undefined) return undefined;
    const found = subscriptOf(text.inside);
    if (found !== undefined && (found.layer !== '' || found.indices.length > 0)) return found;
    if (!text.braced) {
      this.#at = start;
      return undefined;
    }
    throw this.#badSubscript(start);
  }

  /** What a Σ runs over; undefined where nothing stands below it. */
  #range(): Range | undefined {
    const start = this.#at;
    const text = this.#lowered();
    if (text === undefined) return undefined;
    const found = rangeOf(text.inside);
    if (found !== undefined) return found;
    if (text.braced) throw this.#badSubscript(start);
    this.#at = start;
    return undefined;
  }

  /** The upper limit of a Σ. */
  #limit(): string | null {
    const digits = this.#digits(SUPERSCRIPTS);
    if (digits !== '') return digits;
    const rest = this.#points.slice(this.#at, this.#at + 12).join('');
    const found = /^\^(?:\{\s*(\w+)\s*\}|(\w+))/.exec(rest);
    if (found === null) return null;
    this.#at += found[0].length;
    return found[1] ?? found[2];
  }

  /** The text of a subscript: its Unicode letters, or what follows `_`. */
  #lowered(): { inside: string; braced: boolean } | undefined {
    const start = this.#at;
    let inside = '';
    const read = (accepts: (c: string) => boolean) => {
      while (this.#points[this.#at] !== undefined && accepts(this.#points[this.#at]))
        inside += this.#points[this.#at++];
    };
    if (subscriptLetter(this.#points[start] ?? '') !== undefined) {
      read((c) => subscriptLetter(c) !== undefined || SUBSCRIPTS.includes(c));
      return {
        inside: [...inside].map((c) => subscriptLetter(c) ?? SUBSCRIPTS.indexOf(c)).join(''),
        braced: false,
      };
    }
    if (this.#points[start] !== '_') return undefined;
    this.#at++;
    if (this.#points[this.#at] !== '{') {
      read((c) => isLatin(c) || isDigit(c));
      const counts = [...inside].every((c) => INDEX_LETTERS.includes(c) || isDigit(c));
      if (counts && inside !== '' && inside.length <= 4) return { inside, braced: false };
      this.#at = start;
      return undefined;
    }
    let depth = 0;
    while (this.#at < this.#points.length) {
      const c = this.#points[this.#at++];
      if (c === '{') depth++;
      if (c === '}' && --depth === 0) break;
      inside += c === '{' && depth === 1 ? '' : c;
    }
    return { inside, braced: true };
  }

  /** Indices after a parenthesis. */
  #indices(spaced: boolean): void {
    const start = this.#at;
    const text = this.#lowered();
    const indices = text === undefined ? undefined : listOf(text.inside);
    if (indices === undefined || indices.length === 0) throw this.#badSubscript(start);
    this.#tokens.push({
      type: 'indices',
      indices,
      text: this.#from(start),
      span: this.#spanFrom(start),
      spaced,
    });
  }

  #badSubscript(start: number): EquationError {
    this.#at = Math.max(this.#at, start + 1);
    const span = this.#spanFrom(start);
    return new EquationError(
      `expected indices of ${[...INDEX_LETTERS].join(', ')}, numbers, or a class yᵢ, as in W_ij and s_{i,y_i}, got «${shortened(this.#from(start))}» at character ${span.start + 1}`,
      span,
    );
  }

  /** Plain and subscript digits, also after `_`. */
  #plainDigits(): { digits: string; lowered: boolean } {
    let digits = '';
    let lowered = false;
    while (true) {
      const c = this.#points[this.#at];
      const next = this.#points[this.#at + 1];
      if (isDigit(c)) digits += this.#points[this.#at++];
      else if (c !== undefined && SUBSCRIPTS.includes(c)) {
        digits += this.#digits(SUBSCRIPTS);
        lowered = true;
      } else if (c === '_' && (isDigit(next) || (next !== undefined && SUBSCRIPTS.includes(next)))) {
        this.#at++;
        lowered = true;
      } else if (c === '_' && next === '{' && isDigit(this.#points[this.#at + 2])) {
        const close = this.#points.indexOf('}', this.#at);
        const inside = this.#points.slice(this.#at + 2, close).join('');
        if (close < 0 || !/^\d+$/.test(inside)) return { digits, lowered };
        digits += inside;
        lowered = true;
        this.#at = close + 1;
      } else return { digits, lowered };
    }
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
    if (this.#origins === undefined) return { start, end: this.#at };
    const end = this.#origins.at(-1)?.end ?? 0;
    if (start >= this.#points.length) return { start: end, end };
    return { start: this.#origins[start].start, end: this.#origins[Math.max(start, this.#at - 1)].end };
  }
}

/** `2.*A` and `2./A` are the number 2 and a sign. */
const withoutDotSigns = (text: string) => text.replaceAll(/\.(?=[*/T])/g, ' ');
