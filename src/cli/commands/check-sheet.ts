/** `mlp check-derivation FILE`: a derivation in a file, line by line. */

import { existsSync } from 'node:fs';
import { readSheet } from '../../check/derivation/sheet.ts';
import { checkSheet, SheetError } from '../../check/derivation/sheet-check.ts';
import { NOTE_NETS } from '../../check/note-nets/note-nets.ts';
import { FileError } from '../../data/errors.ts';
import type { NoteNet } from '../../formulas/formula.ts';
import { UsageError } from '../../options/errors.ts';
import { EXIT } from '../errors.ts';
import { readBytes } from '../files/reading.ts';
import type { DerivationFlags } from '../options/check-flags.ts';
import { sheetLines } from '../text/sheet-text.ts';
import { openTerminal } from '../text/terminal.ts';

/** The largest sheet: a derivation of a thousand lines has a tenth of it. */
const MAX_BYTES = 1_000_000;
const MAX_EQUATIONS = 500;

/** Whether a word is a sheet and no equation. */
export const isSheet = (word: string): boolean =>
  /\.(?:md|markdown|tex)$/i.test(word) || (!word.includes('=') && existsSync(word));

/**
 * Checks a sheet; gives the exit code: 0 only if every line is right and none is open.
 *
 * @throws FileError if it cannot be read or is no sheet; UsageError if `--net` and the sheet differ
 */
export async function checkSheetFile(path: string, flags: DerivationFlags): Promise<number> {
  const terminal = openTerminal(flags);
  const bytes = await readBytes(path);
  if (bytes.length > MAX_BYTES) {
    throw new FileError(`${path}: expected a sheet of at most ${MAX_BYTES} bytes, got ${bytes.length}`);
  }
  if (bytes.includes(0)) throw new FileError(`${path}: expected Markdown or LaTeX, got a binary file`);
  const { nets, lines } = readSheet(new TextDecoder().decode(bytes));
  const net = netOf(path, nets, flags.net);
  if (lines.length === 0) {
    throw new FileError(`${path}: expected equations in $$, \\[, align or a math fence, got none`);
  }
  if (lines.length > MAX_EQUATIONS) {
    throw new FileError(`${path}: expected at most ${MAX_EQUATIONS} equations, got ${lines.length}`);
  }
  const { seed, activation } = flags;
  if (activation !== undefined && net !== 'D') {
    throw new UsageError(`--activation: expected with net D only, whose φ is open, got net ${net}`);
  }
  try {
    const check = checkSheet(lines, net, { seed, ...(activation && { activation }) });
    if (flags.json) terminal.out(JSON.stringify({ file: path, net, ...check }));
    else for (const line of sheetLines(path, net, check, terminal.colour)) terminal.out(line);
    return check.passed ? EXIT.done : EXIT.check;
  } catch (error) {
    if (!(error instanceof SheetError)) throw error;
    throw new FileError(`${path}:${error.line}: on net ${net}: ${error.message}`, { cause: error });
  }
}

function netOf(path: string, named: readonly string[], flag: NoteNet | undefined): NoteNet {
  const nets = named.map((name) => {
    const net = NOTE_NETS.find((known) => known.toLowerCase() === name.toLowerCase());
    if (net !== undefined) return net;
    throw new FileError(`${path}: net: expected one of ${NOTE_NETS.join(', ')}, got "${name}"`);
  });
  const [net, other] = [...new Set(nets)];
  if (other !== undefined) {
    throw new FileError(
      `${path}: expected one net in a sheet, got ${net} and ${other}; write a sheet for each`,
    );
  }
  if (net !== undefined && flag !== undefined && net !== flag) {
    throw new UsageError(`--net: expected ${net}, which ${path} names, got ${flag}`);
  }
  const chosen = net ?? flag;
  if (chosen !== undefined) return chosen;
  throw new UsageError(
    `--net: expected one of ${NOTE_NETS.join(', ')}, or a line such as "net: D" in ${path}`,
  );
}
