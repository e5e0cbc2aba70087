/** A formula as a row of pieces, each in Unicode and in LaTeX, so that nobody has to read one out of the other. */

import type { Letter } from './letter.ts';

/** A sign, a word or a letter. */
export interface Piece {
  readonly text: string;
  readonly latex: string;
  /** The letter whose values these are. */
  readonly letter?: Letter;
}

/** What a template may hold between its plain characters. */
type Part = Piece | Letter | readonly Piece[];

const sign = (text: string, latex: string): Piece => ({ text, latex });

export const MINUS = sign('−', '-');
export const DOT = sign(' · ', String.raw`\cdot `);
export const TIMES = sign(' ⊙ ', String.raw`\odot `);
export const ARROW = sign(' ← ', String.raw`\leftarrow `);
export const ABOVE = sign(' > ', String.raw`\gt `);
export const AT_MOST = sign(' ≤ ', String.raw`\le `);
export const UNEQUAL = sign(' ≠ ', String.raw`\neq `);
export const BAR = sign('∣', String.raw`\vert `);
export const SUM = sign('Σ ', String.raw`\sum `);
export const SUM_J = sign('Σⱼ ', String.raw`\sum_j `);
export const HALF = sign('½ ', String.raw`\tfrac{1}{2} `);
export const SQUARED = sign('²', '^2');
export const TRANSPOSED = sign('ᵀ', String.raw`^\top `);
export const PRIME = sign('′', "'");
export const ONE_WHERE = sign('𝟙', String.raw`\mathbb{1}`);
export const SIGMA = sign('σ', String.raw`\sigma `);
export const LOG = sign('log ', String.raw`\log `);
export const MAX = sign('max', String.raw`\max`);
export const MIN = sign('min', String.raw`\min`);
export const TANH = sign('tanh', String.raw`\tanh`);
/** Between two formulas on a line. */
export const GAP = sign(',  ', String.raw`,\quad `);

/** The name of a function, upright: `softmax`, `leaky ReLU`. */
export const named = (name: string): Piece => sign(name, `\\mathrm{${name.replaceAll(' ', '\\ ')}}`);

/** Words among the signs; spaces at their ends are kept. */
export const words = (text: string): Piece => sign(text, `\\text{${text}}`);

/** An entry of a letter: `xⱼ`. */
export const entry = (letter: Letter, { text, latex }: Piece): Piece => ({
  text: `${letter.symbol}${text}`,
  latex: `{${letter.latex}}_{${latex}}`,
  letter,
});
export const J = sign('ⱼ', 'j');
/** The class of the sample. */
export const CLASS = sign('_c', 'c');

/** Pieces from a template; what is written out in it is the same in Unicode and in LaTeX. */
export function line(plain: TemplateStringsArray, ...parts: readonly Part[]): readonly Piece[] {
  return plain.flatMap((text, n) => [
    ...(text === '' ? [] : [sign(text, text)]),
    ...(n < parts.length ? piecesOf(parts[n]) : []),
  ]);
}

function piecesOf(part: Part): readonly Piece[] {
  if (isPieces(part)) return part;
  return 'symbol' in part ? [{ text: part.symbol, latex: part.latex, letter: part }] : [part];
}

const isPieces = (part: Part): part is readonly Piece[] => Array.isArray(part);

export const textOf = (pieces: readonly Piece[]): string => pieces.map(({ text }) => text).join('');

export const latexOf = (pieces: readonly Piece[]): string => pieces.map(({ latex }) => latex).join('');
