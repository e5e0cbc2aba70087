/** JavaScript cut into tokens, with the partner of each bracket. */

export interface Token {
  readonly kind: 'word' | 'number' | 'text' | 'sign';
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

const BLANK = /\s+|\/\/.*|\/\*[\s\S]*?\*\//y;
const TOKENS = [
  ['text', /'(?:\\.|[^'\\])*'|"(?:\\.|[^"\\])*"|`(?:\\.|[^`\\])*`/y],
  ['word', /#?[A-Za-z_$][\w$]*/y],
  ['number', /\d[\w.]*/y],
  [
    'sign',
    /=>|\.\.\.|\?\?=|\?\?|\?\.|===|!==|[<>]=|&&|\|\||\+\+|--|\*\*|[-+*/%]=|[{}()[\];,<>=+\-*/%?:.!&|~^]/y,
  ],
] as const;

/**
 * The tokens of a source, without blanks and comments. Regular expressions are not known.
 *
 * @throws RangeError at a character that begins no token
 */
export function tokenize(source: string): Token[] {
  const tokens: Token[] = [];
  let start = 0;
  while (start < source.length) {
    const found = ([['blank', BLANK], ...TOKENS] as const).find(([, pattern]) => {
      pattern.lastIndex = start;
      return pattern.test(source);
    });
    if (found === undefined) {
      throw new RangeError(`tokenize: expected a token at ${start}, got ${source.slice(start, start + 10)}`);
    }
    const [kind, { lastIndex: end }] = found;
    if (kind !== 'blank') tokens.push({ kind, text: source.slice(start, end), start, end });
    start = end;
  }
  return tokens;
}

const OPENING = new Set(['(', '[', '{']);
const CLOSING = new Set([')', ']', '}']);

/** For the index of each bracket that of its partner. */
export function pairsOf(tokens: readonly Token[]): Map<number, number> {
  const pairs = new Map<number, number>();
  const open: number[] = [];
  tokens.forEach(({ text }, i) => {
    if (OPENING.has(text)) open.push(i);
    if (!CLOSING.has(text)) return;
    const start = open.pop() as number;
    pairs.set(start, i).set(i, start);
  });
  return pairs;
}
