/** What can be wrong with an equation before its numbers are looked at. */

/** A place in an equation's text: code points from `start` up to, not including, `end`, counted from 0. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** The most characters of an equation that a message shows. */
const MOST_SHOWN = 60;

/** A part of an equation, as far as a message shows it. */
export const shortened = (text: string): string =>
  text.length > MOST_SHOWN ? `${text.slice(0, MOST_SHOWN - 1)}…` : text;

/** An equation that cannot be read: a sign out of place, or a name that the net does not have. */
export class EquationError extends Error {
  override readonly name = 'EquationError';
  /** Where in the text. */
  readonly span: Span;
  /** The word that nobody knows, if that is the matter, and those that would have been understood. */
  readonly unknown: { readonly word: string; readonly known: readonly string[] } | undefined;

  constructor(message: string, span: Span, unknown?: { word: string; known: readonly string[] }) {
    super(message);
    this.span = span;
    this.unknown = unknown;
  }
}

/** An equation that can be read but whose shapes do not fit; the message tells what fits up to there, and what not. */
export class ShapeError extends Error {
  override readonly name = 'ShapeError';
  readonly span: Span;
  /** What does not fit. */
  readonly problem: string;
  /** The steps that were fine before it, a line each. */
  readonly fine: readonly string[];

  constructor(problem: string, span: Span, fine: readonly string[] = []) {
    super([...fine, problem].join('; '));
    this.span = span;
    this.problem = problem;
    this.fine = fine;
  }
}
