/**
 * The registry: every formula of the notes, and those of the project's own (X), by its id, with its statement, its symbols
 * and the code that computes it.
 */

import type { Formula, Note, Slip, WrittenNote } from './formula.ts';
import { notationOf } from './language/latex.ts';
import { NOTE_A } from './notes/note-a.ts';
import { NOTE_B } from './notes/note-b.ts';
import { NOTE_C } from './notes/note-c.ts';
import { NOTE_D } from './notes/note-d.ts';
import { NOTE_E } from './notes/note-e.ts';
import { OWN } from './notes/own.ts';

/** The five notes, A to E, and the project's own formulas, X. */
export const NOTES: readonly Note[] = [NOTE_A, NOTE_B, NOTE_C, NOTE_D, NOTE_E, OWN].map(noteOf);

/** Every formula of the notes, in their order. */
export const FORMULAS: readonly Formula[] = NOTES.flatMap(({ formulas }) => formulas);

/** Every place where the notes slip, in their order. */
export const SLIPS: readonly Slip[] = NOTES.flatMap(({ slips }) => slips);

/**
 * The formula of an id.
 *
 * @throws RangeError if there is none
 */
export function formula(id: string): Formula {
  const found = FORMULAS.find((candidate) => candidate.id === id);
  if (found === undefined)
    throw new RangeError(
      `formula: expected one of the notes' (A1 … E6) or an X of the project's own, got ${id}`,
    );
  return found;
}

function noteOf(note: WrittenNote): Note {
  const inUnicode = <T extends { readonly latex: readonly string[] }>(statement: T) => ({
    ...statement,
    unicode: statement.latex.map(notationOf),
  });
  return { ...note, formulas: note.formulas.map(inUnicode), slips: note.slips.map(inUnicode) };
}
