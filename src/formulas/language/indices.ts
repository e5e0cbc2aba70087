/** Indices of index notation: the ij of Wᵢⱼ, the yᵢ of s_{yᵢ}, the range of Σ_{j≠yᵢ}. */

import type { Size } from './shape.ts';

/** A number counted from 1, a letter, or the class of the sample that a letter counts: yᵢ. */
export type Index =
  | { readonly kind: 'number'; readonly value: number }
  | { readonly kind: 'letter'; readonly letter: string }
  | { readonly kind: 'class'; readonly letter: string };

/** The letters that count. */
export const INDEX_LETTERS = 'ijklmnqr';

/** The values of index letters, counted from 1. */
export type Indices = ReadonlyMap<string, number>;

/** No letter has a value. */
export const NO_INDICES: Indices = new Map();

const SUBSCRIPT: Readonly<Record<string, string>> = {
  i: 'ᵢ',
  j: 'ⱼ',
  k: 'ₖ',
  l: 'ₗ',
  m: 'ₘ',
  n: 'ₙ',
  r: 'ᵣ',
};

/** An index letter of a Unicode subscript, if it is one. */
export const subscriptLetter = (c: string): string | undefined =>
  Object.keys(SUBSCRIPT).find((letter) => SUBSCRIPT[letter] === c);

/** `3`, `j`, `yᵢ`. */
export function indexText(index: Index): string {
  if (index.kind === 'number') return String(index.value);
  if (index.kind === 'letter') return index.letter;
  return `y${SUBSCRIPT[index.letter] ?? `_${index.letter}`}`;
}

/** `ᵢⱼ`, `_{jq}`, `_{i,yᵢ}`. */
export function indicesText(indices: readonly Index[]): string {
  const isShort = indices.every((index) => index.kind === 'letter' && Object.hasOwn(SUBSCRIPT, index.letter));
  if (isShort) return indices.map((index) => SUBSCRIPT[indexText(index)]).join('');
  if (indices.length === 1 && indices[0].kind === 'letter') return `_${indexText(indices[0])}`;
  const isPlain = indices.every(({ kind }) => kind === 'letter');
  return `_{${indices.map(indexText).join(isPlain ? '' : ',')}}`;
}

/** What a letter counts: `the M = 3 rows of p`. */
export interface Count {
  readonly size: Size;
  readonly of: string;
}

/** The value of an index, counted from 1; a class by the sample that its letter counts. */
export function indexValue(index: Index, indices: Indices, classOf: (sample: number) => number): number {
  if (index.kind === 'number') return index.value;
  const value = indices.get(index.letter) ?? Number.NaN;
  return index.kind === 'letter' ? value : classOf(value);
}

/** The letters of indices. */
export const lettersOf = (indices: readonly Index[]): string[] =>
  indices.flatMap((index) => (index.kind === 'number' ? [] : [index.letter]));
