/** What stands in the braces of a subscript: `ij`, `i,yᵢ`, `2ij`, and below a Σ `k=1` or `j≠yᵢ`. */

import { INDEX_LETTERS, type Index, subscriptLetter } from './indices.ts';

/** A subscript taken apart: the number of a layer first, then indices. */
export interface Subscript {
  readonly layer: string;
  readonly indices: readonly Index[];
}

/** What a Σ runs over. */
export interface Range {
  readonly letters: readonly string[];
  /** The index that is left out: yᵢ of j ≠ yᵢ. */
  readonly except: Index | null;
}

/** The subscript of a name, or undefined where it is none. */
export function subscriptOf(text: string): Subscript | undefined {
  const plain = text.replaceAll(/\s/g, '');
  if (/^\d+$/.test(plain)) return { layer: plain, indices: [] };
  const layer = /^\d+(?=[a-zᵢ-ₜ])/u.exec(plain)?.[0] ?? '';
  const indices = listOf(plain.slice(layer.length));
  return indices === undefined ? undefined : { layer, indices };
}

/** The range of a Σ, or undefined where it is none. */
export function rangeOf(text: string): Range | undefined {
  const plain = text.replaceAll(/\s/g, '');
  const from = /^([a-z])=1$/.exec(plain);
  if (from !== null && INDEX_LETTERS.includes(from[1])) return { letters: [from[1]], except: null };
  const [left, right] = plain.split(/≠|!=/);
  const letters = listOf(left);
  if (letters === undefined || letters.length === 0) return undefined;
  if (letters.some(({ kind }) => kind !== 'letter')) return undefined;
  const names = letters.map((index) => (index.kind === 'letter' ? index.letter : ''));
  if (right === undefined) return { letters: names, except: null };
  const except = listOf(right);
  if (names.length !== 1 || except?.length !== 1) return undefined;
  return { letters: names, except: except[0] };
}

/** Indices in a row, with or without commas. */
export function listOf(text: string): Index[] | undefined {
  const found: Index[] = [];
  let rest = text;
  while (rest !== '') {
    const ofClass = /^y(?:_\{?([a-z])\}?|([ᵢ-ₜⱼ]))/u.exec(rest);
    const c = rest[0];
    const number = /^\d+/.exec(rest);
    const letter = INDEX_LETTERS.includes(c) ? c : subscriptLetter(c);
    if (ofClass !== null) {
      const of = ofClass[1] ?? subscriptLetter(ofClass[2]);
      if (of === undefined || !INDEX_LETTERS.includes(of)) return undefined;
      found.push({ kind: 'class', letter: of });
      rest = rest.slice(ofClass[0].length);
    } else if (c === ',') rest = rest.slice(1);
    else if (number !== null) {
      found.push({ kind: 'number', value: Number(number[0]) });
      rest = rest.slice(number[0].length);
    } else if (letter !== undefined) {
      found.push({ kind: 'letter', letter });
      rest = rest.slice(1);
    } else return undefined;
  }
  return found;
}
