/** LaTeX as the notation of equations: `\frac{\partial L}{\partial W^2}` is `∂L/∂W²`. There is one grammar, and it is that of the notation. */

import { EquationError, type Span, shortened } from './errors.ts';
import { ACCENTS, COMMANDS, closest, GREEK, IGNORED, WORDS } from './latex-commands.ts';

/** Notation, and for each of its characters the place in the LaTeX that it comes from. */
export interface Translation {
  readonly points: readonly string[];
  readonly origins: readonly Span[];
}

/** Whether a text is LaTeX: it has a command. */
export const isLatex = (text: string): boolean => text.includes('\\');

/**
 * The notation of LaTeX.
 *
 * @throws EquationError on an unknown command, a brace that is not closed, or braces too deep inside each other
 */
export function translate(latex: string): Translation {
  const pieces = new Translator(latex).all();
  const written = laidOut(pieces);
  return { points: written.map(({ point }) => point), origins: written.map(({ origin }) => origin) };
}

/** The notation as text: what a formula's LaTeX is in Unicode. */
export function notationOf(latex: string): string {
  return translate(latex).points.join('');
}

const MOST_DEPTH = 40;

interface Point {
  readonly point: string;
  readonly origin: Span;
}

/** What a part of a formula is to its neighbours. */
type Kind = 'atom' | 'operator' | 'open' | 'close' | 'sum' | 'fraction' | 'prose' | 'comma' | 'function';

interface Piece {
  readonly kind: Kind;
  readonly points: readonly Point[];
  /** Whether it is a single letter, number or word, so that it needs no parentheses below a fraction's bar. */
  readonly isPlain?: boolean;
}

const SUBSCRIPTS: Readonly<Record<string, string>> = {
  ...Object.fromEntries([...'0123456789'].map((digit, k) => [digit, '₀₁₂₃₄₅₆₇₈₉'[k]])),
  i: 'ᵢ',
  j: 'ⱼ',
  k: 'ₖ',
  l: 'ₗ',
  m: 'ₘ',
  n: 'ₙ',
  r: 'ᵣ',
};
const SUPERSCRIPTS = '⁰¹²³⁴⁵⁶⁷⁸⁹';
const OPERATORS = '+-−=<>≥≤≠⊙∘·*/←×≈';
const isDigit = (c: string | undefined): boolean => c !== undefined && c >= '0' && c <= '9';
const isLetter = (c: string | undefined): boolean => c !== undefined && /^[\p{L}]$/u.test(c);

class Translator {
  readonly #points: readonly string[];
  #at = 0;
  #depth = 0;

  constructor(latex: string) {
    this.#points = [...latex];
  }

  all(): Piece[] {
    const pieces = this.#sequence(undefined);
    if (this.#at < this.#points.length) throw this.#unexpected('no `}` without a `{` before it');
    return pieces;
  }

  /** Pieces up to a closing brace or a command that ends them, which stays unread. */
  #sequence(end: string | undefined): Piece[] {
    const pieces: Piece[] = [];
    while (true) {
      this.#skipSpace();
      const c = this.#points[this.#at];
      if (c === undefined || c === '}' || (end !== undefined && this.#startsWith(end))) return pieces;
      if (end === MATRIX_END && (c === '&' || this.#startsWith('\\\\'))) return pieces;
      const piece = this.#scripted();
      if (piece !== undefined) pieces.push(piece);
    }
  }

  /** A piece with the sub- and superscripts that follow it. */
  #scripted(): Piece | undefined {
    const piece = this.#piece();
    if (piece === undefined) return undefined;
    let primes: Point[] = [];
    let sub: { pieces: readonly Piece[]; span: Span } | undefined;
    let sup: { pieces: readonly Piece[]; span: Span } | undefined;
    while (true) {
      this.#skipSpace();
      const from = this.#at;
      const c = this.#points[from];
      if (c === "'" || c === '′') {
        this.#at++;
        primes = [...primes, ...at('′', { start: from, end: this.#at })];
      } else if (c === '_' && sub === undefined) {
        this.#at++;
        sub = this.#argument();
      } else if (c === '^' && sup === undefined) {
        this.#at++;
        const argument = this.#argument();
        if (textOf(argument.pieces) === '′') primes = [...primes, ...at('′', argument.span)];
        else sup = argument;
      } else break;
    }
    if (primes.length === 0 && sub === undefined && sup === undefined) return piece;
    if (piece.kind === 'sum') return sumPiece(piece, sub, sup);
    const text = textOf([piece]);
    if (text === '𝟙' && sub !== undefined) {
      const inside = laidOut(sub.pieces);
      const isBracketed = inside[0]?.point === '[';
      const brackets = (c: string) => (isBracketed ? [] : at(c, sub.span));
      return { kind: 'atom', points: [...piece.points, ...brackets('['), ...inside, ...brackets(']')] };
    }
    if (text === 'e' && sup !== undefined && sub === undefined) {
      return {
        kind: 'atom',
        points: [...piece.points, ...at('^{', sup.span), ...laidOut(sup.pieces), ...at('}', sup.span)],
      };
    }
    const base =
      piece.kind === 'fraction'
        ? [...at('(', piece.points[0].origin), ...piece.points, ...at(')', piece.points[0].origin)]
        : piece.points;
    const raised = sup === undefined ? { layer: [], after: [] } : superscript(sup.pieces, sup.span);
    const points = [
      ...base,
      ...primes,
      ...raised.layer,
      ...(sub === undefined ? [] : subscript(sub.pieces, sub.span)),
      ...raised.after,
    ];
    return { ...piece, kind: piece.kind === 'fraction' ? 'atom' : piece.kind, points };
  }

  /** `{…}`, or the one character or command after `_` and `^`. */
  #argument(): { pieces: readonly Piece[]; span: Span } {
    this.#skipSpace();
    const start = this.#at;
    if (this.#points[start] === '{') {
      const pieces = this.#group();
      return { pieces, span: { start, end: this.#at } };
    }
    if (this.#points[start] === undefined || this.#points[start] === '}') {
      throw this.#unexpected('an argument in braces');
    }
    if (isDigit(this.#points[start]) || isLetter(this.#points[start])) this.#at++;
    else {
      const piece = this.#piece();
      return { pieces: piece === undefined ? [] : [piece], span: { start, end: this.#at } };
    }
    const span = { start, end: this.#at };
    return { pieces: [{ kind: 'atom', points: at(this.#points[start], span), isPlain: true }], span };
  }

  #group(): Piece[] {
    const start = this.#at;
    if (this.#points[start] !== '{') throw this.#unexpected('`{`');
    this.#deeper();
    this.#at++;
    const pieces = this.#sequence(undefined);
    if (this.#points[this.#at] !== '}') {
      throw new EquationError(
        `expected \`}\` for the «{» at character ${start + 1}, got the end of the equation`,
        {
          start,
          end: start + 1,
        },
      );
    }
    this.#at++;
    this.#depth--;
    return pieces;
  }

  #deeper(): void {
    if (++this.#depth > MOST_DEPTH) throw this.#unexpected(`at most ${MOST_DEPTH} braces inside each other`);
  }

  #piece(): Piece | undefined {
    const start = this.#at;
    const c = this.#points[start];
    const span = () => ({ start, end: this.#at });
    if (c === '{') {
      const pieces = this.#group();
      if (pieces.length === 1) return pieces[0];
      if (pieces.length === 0) return undefined;
      const inside = laidOut(pieces);
      const needs = pieces.some(({ kind }) => kind === 'operator');
      return {
        kind: 'atom',
        points: needs ? [...at('(', span()), ...inside, ...at(')', span())] : inside,
      };
    }
    if (c === '\\') return this.#command();
    if (c === '$' || c === '&' || c === '~') {
      this.#at++;
      if (c === '&')
        throw new EquationError(
          `expected one equation without «&», got one at character ${start + 1}`,
          span(),
        );
      return undefined;
    }
    if (isDigit(c)) {
      while (
        isDigit(this.#points[this.#at]) ||
        (this.#points[this.#at] === '.' && isDigit(this.#points[this.#at + 1]))
      )
        this.#at++;
      return { kind: 'atom', points: this.#same(start), isPlain: true };
    }
    if (isLetter(c)) {
      while (
        isLetter(this.#points[this.#at]) &&
        (this.#at === start || /[A-Za-z]/.test(this.#points[this.#at]))
      )
        this.#at++;
      return { kind: 'atom', points: this.#same(start), isPlain: true };
    }
    this.#at++;
    if (c === ',' || c === ';') return { kind: 'comma', points: this.#same(start) };
    if (OPERATORS.includes(c)) return { kind: 'operator', points: at(c === '-' ? '−' : c, span()) };
    if ('([|∣‖'.includes(c)) return { kind: 'open', points: this.#same(start) };
    if (')]'.includes(c)) return { kind: 'close', points: this.#same(start) };
    return { kind: 'atom', points: this.#same(start) };
  }

  #command(): Piece | undefined {
    const start = this.#at++;
    if (/[A-Za-z]/.test(this.#points[this.#at] ?? '')) {
      while (/[A-Za-z]/.test(this.#points[this.#at] ?? '')) this.#at++;
    } else this.#at++;
    const name = this.#points.slice(start + 1, this.#at).join('');
    const span = (): Span => ({ start, end: this.#at });
    const piece = (kind: Kind, text: string): Piece => ({ kind, points: at(text, span()), isPlain: true });
    if (name === 'left' || name === 'right') {
      this.#skipSpace();
      if (this.#points[this.#at] === '.') {
        this.#at++;
        return undefined;
      }
      return this.#piece();
    }
    if (IGNORED.includes(name)) return undefined;
    if (name === 'quad' || name === 'qquad') return undefined;
    if (Object.hasOwn(GREEK, name)) return piece('atom', GREEK[name]);
    if (Object.hasOwn(COMMANDS, name)) return piece(COMMANDS[name].kind, COMMANDS[name].text);
    if (ACCENTS.includes(name)) return this.#word(name, span());
    if (WORDS.includes(name)) {
      const { pieces, span: where } = this.#argument();
      const inside = textOf(pieces);
      if (name === 'mathbb' && (inside === '1' || inside === 'I'))
        return { kind: 'function', points: at('𝟙', where) };
      if (inside === '1') return { kind: 'atom', points: at('𝟏', where), isPlain: true };
      return { kind: 'atom', points: laidOut(pieces), isPlain: true };
    }
    switch (name) {
      case 'frac':
      case 'dfrac':
      case 'tfrac': {
        const [above, below] = [this.#argument(), this.#argument()];
        return fraction(above.pieces, below.pieces, span());
      }
      case 'sqrt': {
        const { pieces } = this.#argument();
        return { kind: 'atom', points: [...at('√(', span()), ...laidOut(pieces), ...at(')', span())] };
      }
      case 'sum':
        return { kind: 'sum', points: at('Σ', span()) };
      case 'begin':
        return this.#matrix(start);
      default: {
        const known = [...Object.keys(COMMANDS), ...Object.keys(GREEK), ...WORDS, 'frac', 'sum', 'sqrt'];
        throw new EquationError(
          `unknown command «\\${shortened(name)}» at character ${start + 1}${closest(name, known)}`,
          span(),
        );
      }
    }
  }

  /** `\text{by rows}` is prose, `\text{softmax}` a name. */
  #word(name: string, from: Span): Piece {
    this.#skipSpace();
    const start = this.#at;
    if (this.#points[start] !== '{') {
      const { pieces } = this.#argument();
      return { kind: 'atom', points: laidOut(pieces), isPlain: true };
    }
    const close = this.#points.indexOf('}', start);
    const inside = close < 0 ? '' : this.#points.slice(start + 1, close).join('');
    if (!/^[A-Za-z ]*$/.test(inside) || close < 0) {
      const { pieces } = this.#argument();
      return { kind: 'atom', points: laidOut(pieces), isPlain: true };
    }
    this.#at = close + 1;
    const word = inside.trim();
    const isProse = name.startsWith('text') && (word.includes(' ') || PROSE.includes(word));
    const points = [...word].map((point, k) => ({
      point,
      origin: { start: start + 1 + k, end: start + 2 + k },
    }));
    return {
      kind: isProse ? 'prose' : 'atom',
      points: points.length > 0 ? points : at(' ', from),
      isPlain: true,
    };
  }

  #matrix(start: number): Piece {
    const name = textOf(this.#argument().pieces);
    if (!['bmatrix', 'pmatrix', 'matrix'].includes(name)) {
      throw new EquationError(`expected a bmatrix of numbers, got «${name}» at character ${start + 1}`, {
        start,
        end: this.#at,
      });
    }
    this.#deeper();
    const origin = { start, end: this.#at };
    const points: Point[] = [...at('[', origin)];
    while (true) {
      points.push(...laidOut(this.#sequence(MATRIX_END)));
      const from = this.#at;
      if (this.#points[from] === '&') {
        this.#at++;
        points.push(...at(', ', { start: from, end: this.#at }));
      } else if (this.#startsWith('\\\\')) {
        this.#at += 2;
        this.#skipSpace();
        if (!this.#startsWith(MATRIX_END)) points.push(...at('; ', { start: from, end: this.#at }));
      } else if (this.#startsWith(MATRIX_END)) {
        this.#at += MATRIX_END.length;
        this.#argument();
        this.#depth--;
        return { kind: 'atom', points: [...points, ...at(']', { start: from, end: this.#at })] };
      } else throw this.#unexpected('`\\end{bmatrix}`');
    }
  }

  #same(start: number): Point[] {
    return this.#points
      .slice(start, this.#at)
      .map((point, k) => ({ point, origin: { start: start + k, end: start + k + 1 } }));
  }

  #skipSpace(): void {
    while (/^\s$/.test(this.#points[this.#at] ?? '')) this.#at++;
  }

  #startsWith(text: string): boolean {
    return [...text].every((c, k) => this.#points[this.#at + k] === c);
  }

  #unexpected(what: string): EquationError {
    const start = this.#at;
    const c = this.#points[start];
    const got = c === undefined ? 'the end of the equation' : `«${c}»`;
    return new EquationError(`expected ${what}, got ${got} at character ${start + 1}`, {
      start,
      end: Math.min(start + 1, this.#points.length),
    });
  }
}

const MATRIX_END = '\\end';
/** Words of a `\text` that say where an equation holds. */
const PROSE: readonly string[] = ['for', 'if', 'otherwise', 'and'];

const at = (text: string, origin: Span): Point[] => [...text].map((point) => ({ point, origin }));

const textOf = (pieces: readonly Piece[]): string =>
  laidOut(pieces)
    .map(({ point }) => point)
    .join('');

/** Σ with its index and limits: `Σᵢ`, `Σ_{k=1}^{10}`, `Σ_{j≠yᵢ}`. */
function sumPiece(
  sum: Piece,
  sub: { pieces: readonly Piece[]; span: Span } | undefined,
  sup: { pieces: readonly Piece[]; span: Span } | undefined,
): Piece {
  const below = sub === undefined ? [] : subscript(sub.pieces, sub.span);
  const above =
    sup === undefined ? [] : [...at('^{', sup.span), ...laidOut(sup.pieces), ...at('}', sup.span)];
  return { kind: 'sum', points: [...sum.points, ...below, ...above] };
}

/** A superscript: the number of a layer before the subscripts, a transpose or a power after them. */
function superscript(pieces: readonly Piece[], span: Span): { layer: Point[]; after: Point[] } {
  const text = textOf(pieces);
  if (text === 'ᵀ' || text === 'T') return { layer: [], after: at('ᵀ', span) };
  const transposed = /^(\d|\(\d+\))[,]?\s*[Tᵀ]$/.exec(text);
  const [number] = transposed === null ? [text] : [transposed[1]];
  const after = transposed === null ? [] : at('ᵀ', span);
  const raise = (digits: string) => digits.replaceAll(/\d/g, (d) => SUPERSCRIPTS[Number(d)]);
  if (/^\d+$/.test(number)) return { layer: at(raise(number), span), after };
  const layer = /^\((\d+)\)$/.exec(number);
  if (layer !== null) return { layer: at(`⁽${raise(layer[1])}⁾`, span), after };
  const power = /^(?:⊙\s*(\d+)|−(\d+))$/.exec(number);
  if (power !== null) {
    return { layer: [], after: at(power[1] === undefined ? `⁻${raise(power[2])}` : raise(power[1]), span) };
  }
  if (/^\p{L}$/u.test(number)) return { layer: [], after: at(`^${number}`, span) };
  return { layer: [], after: [...at('^{', span), ...laidOut(pieces), ...at('}', span)] };
}

/** A subscript: in Unicode where there are such letters, else `_{jq}`. */
function subscript(pieces: readonly Piece[], span: Span): Point[] {
  const points = laidOut(pieces).filter(({ point }) => point !== ' ' || pieces.length === 1);
  const isShort = points.every(({ point }) => Object.hasOwn(SUBSCRIPTS, point));
  if (isShort) {
    return points.map(({ point, origin }, k) => ({
      point: SUBSCRIPTS[point],
      origin: k === points.length - 1 ? { start: origin.start, end: span.end } : origin,
    }));
  }
  const [first] = pieces;
  const isWord = pieces.length === 1 && first.isPlain === true && /^(?:[A-Z]+|[pq])$/.test(textOf(pieces));
  if (isWord) return [...at('_', span), ...points];
  const separated = pieces.flatMap((piece, k): Point[] => {
    const isItem = piece.kind === 'atom' && k > 0 && pieces[k - 1].kind === 'atom';
    return [...(isItem ? at(',', span) : []), ...piece.points];
  });
  return [...at('_{', span), ...separated, ...at('}', span)];
}

/** `∂L/∂W`, `½`, or a quotient with the parentheses that it needs. */
function fraction(above: readonly Piece[], below: readonly Piece[], span: Span): Piece {
  const [numerator, denominator] = [laidOut(above), laidOut(below)];
  const texts = [numerator, denominator].map((points) => points.map(({ point }) => point).join(''));
  const isDifferential = (text: string) => /^(∂ ?|d ?(?=[A-Za-zδ]))[\p{L}]/u.test(text);
  if (isDifferential(texts[0]) && isDifferential(texts[1])) {
    const tight = (points: readonly Point[]) => points.filter(({ point }) => point !== ' ');
    return { kind: 'atom', points: [...tight(numerator), ...at('/', span), ...tight(denominator)] };
  }
  if (texts[0] === '1' && texts[1] === '2') return { kind: 'atom', points: at('½', span), isPlain: true };
  const isSum = (pieces: readonly Piece[]) =>
    pieces.some(({ kind, points }) => kind === 'operator' && '+−⊙'.includes(points[0].point)) ||
    pieces.some(({ kind }) => kind === 'sum');
  const enclosed = (points: readonly Point[], needs: boolean) =>
    needs ? [...at('(', span), ...points, ...at(')', span)] : points;
  const isSingle = below.length === 1 && below[0].kind === 'atom';
  return {
    kind: 'fraction',
    points: [...enclosed(numerator, isSum(above)), ...at('/', span), ...enclosed(denominator, !isSingle)],
  };
}

/** Pieces one after the other, with spaces and the parentheses of fractions that have neighbours. */
function laidOut(pieces: readonly Piece[]): Point[] {
  const result: Point[] = [];
  pieces.forEach((piece, k) => {
    const [before, after] = [pieces[k - 1], pieces[k + 1]];
    const isFactor = (other: Piece | undefined) =>
      other !== undefined &&
      (['atom', 'fraction', 'open', 'function'].includes(other.kind) ||
        (other.kind === 'operator' && '⊙∘·*/×'.includes(other.points[0].point)));
    const follows =
      before !== undefined && ((isFactor(before) && before.kind !== 'open') || before.kind === 'close');
    const enclose = piece.kind === 'fraction' && (follows || isFactor(after) || after?.kind === 'sum');
    const isUnary =
      before?.kind === 'operator' && '+−'.includes(before.points[0].point) && isStart(pieces[k - 2]);
    if (k > 0 && !isUnary && isSpaced(before, piece))
      result.push({ point: ' ', origin: piece.points[0]?.origin ?? { start: 0, end: 0 } });
    if (enclose) result.push(...at('(', piece.points[0].origin));
    result.push(...piece.points);
    if (enclose) result.push(...at(')', piece.points[piece.points.length - 1].origin));
  });
  return result;
}

/** Whether a sign after this piece, or after nothing, is that of what follows. */
const isStart = (piece: Piece | undefined): boolean =>
  piece === undefined || ['open', 'operator', 'comma', 'sum', 'prose'].includes(piece.kind);

function isSpaced(before: Piece, piece: Piece): boolean {
  const text = (p: Piece) => p.points.map(({ point }) => point).join('');
  if (['·', '/'].includes(text(before)) || ['·', '/'].includes(text(piece))) return false;
  if (text(before) === 'α' && text(piece).startsWith('∇')) return false;
  if (piece.kind === 'comma' || piece.kind === 'close') return false;
  if (before.kind === 'open' || text(before) === '∂' || text(before) === '∇') return false;
  if (piece.kind === 'open')
    return before.kind === 'sum' || !/^(?:𝟙|[A-Za-zφσ]+|.*[ᵀ′ᵢⱼₖₘₙ])$/u.test(text(before));
  return true;
}
