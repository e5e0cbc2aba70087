/** Where text goes and whether it may be coloured or redrawn. */

import { Chalk, type ChalkInstance, supportsColor } from 'chalk';
import stringWidth from 'string-width';
import { padded } from './wrapped-text.ts';

/**
 * Results go to `out` (stdout), messages to `err` (stderr), a line each. Nothing but our own colours controls the
 * terminal, whatever the text is made of.
 */
export interface Terminal {
  out(line: string): void;
  err(line: string): void;
  /** A result on stderr, where stdout has something else. */
  note(line: string): void;
  readonly colour: ChalkInstance;
  /** Whether a bar may be drawn and redrawn on stderr. */
  readonly redraws: boolean;
}

/** Honours `--no-color`, NO_COLOR (no-color.org), a TERM that is dumb, and streams that are no terminals. */
export function openTerminal(options: { noColor?: boolean }): Terminal {
  const plain = options.noColor === true || (process.env.NO_COLOR ?? '') !== '';
  const level = supportsColor === false ? 0 : supportsColor.level;
  const shown = plain || level === 0 ? oneLine : colouredLine;
  return {
    out: (line) => process.stdout.write(`${shown(line)}\n`),
    err: printMessage,
    note: (line) => process.stderr.write(`${shown(line)}\n`),
    colour: new Chalk({ level: plain ? 0 : level }),
    redraws: process.env.TERM !== 'dumb' && process.stdout.isTTY === true && process.stderr.isTTY === true,
  };
}

/** A part of a line on stdout: of JSON too long for one string. */
export function printPart(text: string): void {
  process.stdout.write(oneLine(text));
}

/** A line on stderr, without colour. */
export function printMessage(line: string): void {
  process.stderr.write(`${oneLine(line)}\n`);
}

/** Lines on stderr: the stack of a fault. */
export const printMessages = (text: string): void => text.split('\n').forEach(printMessage);

/**
 * What controls a terminal (U+0000 to U+001F and U+007F to U+009F), ends a line (U+2028, U+2029) or changes the direction of what follows.
 */
const CONTROLS = /[\p{Cc}\u2028\u2029\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu;

/**
 * Text from outside on one line: a file's name or what is in it. What controls a terminal is printed as an escape: `\\n`,
 * `\\u001b`. In JSON the escapes mean the same characters, so that its data stay what they are.
 */
export const oneLine = (text: string) => text.replaceAll(CONTROLS, escaped);

function escaped(control: string): string {
  const short = JSON.stringify(control).slice(1, -1);
  return short === control ? `\\u${control.charCodeAt(0).toString(16).padStart(4, '0')}` : short;
}

/** The codes for colour, boldness and underlining that `colour` writes, alone or between other text. */
const COLOUR = /(\p{Cc}\[(?:[124]|2[24]|3[0-79]|[34]8;[25];[\d;]+|4[0-79]|9[0-7]|10[0-7])m)/u;
const ESCAPE = '\u001b';

/** `oneLine` for text that has our colours in it. */
const colouredLine = (line: string) =>
  line
    .split(COLOUR)
    .map((part, i) => (i % 2 === 1 && part.startsWith(ESCAPE) ? part : oneLine(part)))
    .join('');

/** 159010 as `159,010`. */
export const grouped = (n: number) => String(Math.round(n)).replaceAll(/\B(?=(\d{3})+$)/g, ',');

/** 0.98213 as `98.21 %`. */
export const percent = (fraction: number) => `${(100 * fraction).toFixed(2)} %`;

/** Seconds as `4.21 s` or `2 min 05 s`. */
export function duration(seconds: number): string {
  if (seconds < 59.995) return `${seconds.toFixed(2)} s`;
  const whole = Math.round(seconds);
  return `${Math.floor(whole / 60)} min ${String(whole % 60).padStart(2, '0')} s`;
}

/** Rows of cells as lines: the first column flush left, the others flush right, two spaces between. */
export function table(rows: readonly (readonly string[])[]): string[] {
  const widths = rows[0].map((_, c) => Math.max(...rows.map((row) => stringWidth(row[c]))));
  return rows.map((row) =>
    row
      .map((cell, c) => padded(cell, widths[c], c === 0 ? 'right' : 'left'))
      .join('  ')
      .trimEnd(),
  );
}
