/** Where text goes and whether it may be coloured or redrawn. */

import { Chalk, type ChalkInstance, supportsColor } from 'chalk';
import stringWidth from 'string-width';
import { padded } from './wrapped-text.ts';

/** Results go to `out` (stdout), messages to `err` (stderr), a line each. */
export interface Terminal {
  out(line: string): void;
  err(line: string): void;
  readonly colour: ChalkInstance;
  /** Whether a bar may be drawn and redrawn on stderr. */
  readonly redraws: boolean;
}

/** Honours `--no-color`, NO_COLOR (no-color.org), a TERM that is dumb, and streams that are no terminals. */
export function openTerminal(options: { noColor?: boolean }): Terminal {
  const plain = options.noColor === true || (process.env.NO_COLOR ?? '') !== '';
  const level = supportsColor === false ? 0 : supportsColor.level;
  return {
    out: (line) => process.stdout.write(`${line}\n`),
    err: (line) => process.stderr.write(`${line}\n`),
    colour: new Chalk({ level: plain ? 0 : level }),
    redraws: process.env.TERM !== 'dumb' && process.stdout.isTTY === true && process.stderr.isTTY === true,
  };
}

/** Text of a file or its name on one line: line breaks and what else controls a terminal as escapes, `\\n`, `\\u001b`. */
export const oneLine = (text: string) =>
  text.replaceAll(/\p{Cc}/gu, (c) => {
    const escaped = JSON.stringify(c).slice(1, -1);
    return escaped === c ? `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}` : escaped;
  });

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
