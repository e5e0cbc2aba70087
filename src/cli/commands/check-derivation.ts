/** `mlp check-derivation`. */

import { distance } from 'fastest-levenshtein';
import {
  checkEquation,
  type DerivationCheck,
  type DerivationOptions,
} from '../../check/derivation/derivation.ts';
import { NOTE_NETS } from '../../check/note-nets/note-nets.ts';
import type { NoteNet } from '../../formulas/formula.ts';
import { EquationError } from '../../formulas/language/errors.ts';
import { UsageError } from '../../options/errors.ts';
import { didYouMean } from '../../options/suggest.ts';
import { EXIT } from '../errors.ts';
import type { DerivationFlags } from '../options/check-flags.ts';
import { derivationLines } from '../text/derivation-text.ts';
import { lettersJson, lettersLines, netLines } from '../text/net-letters.ts';
import { openTerminal } from '../text/terminal.ts';
import { checkSheetFile, isSheet } from './check-sheet.ts';

/** The widest that `--symbols` is. */
const MAX_WIDTH = 100;

/**
 * Checks the equations of a net, or lists its letters; gives the exit code.
 *
 * @throws UsageError on an unknown net or name, an equation that cannot be read, or a value that does not fit
 */
export async function checkDerivation(words: readonly string[], flags: DerivationFlags): Promise<number> {
  const sheet = words.find(isSheet);
  if (sheet !== undefined) {
    const other = [...(flags.expr ?? []), ...words.filter((word) => word !== sheet)][0];
    if (other !== undefined)
      throw new UsageError(`${sheet}: expected no equation beside a sheet, got "${other}"`);
    if (flags.symbols) throw new UsageError(`--symbols: expected no sheet beside it, got ${sheet}`);
    return checkSheetFile(sheet, flags);
  }
  const terminal = openTerminal(flags);
  const width = Math.min(MAX_WIDTH, process.stdout.columns ?? 80);
  const equations = [...(flags.expr ?? []), ...words];
  if (flags.symbols && equations.length > 0) {
    throw new UsageError(`--symbols: expected no equation beside it, got "${equations[0]}"`);
  }
  if (flags.symbols && flags.net === undefined) {
    if (flags.json) terminal.out(JSON.stringify({ nets: NOTE_NETS }));
    else for (const line of netLines(width)) terminal.out(line);
    return EXIT.done;
  }
  const net = netOf(flags.net);
  const options = optionsOf(net, flags);
  if (flags.symbols) {
    if (flags.json) terminal.out(JSON.stringify(lettersJson(net)));
    else for (const line of lettersLines(net, terminal.colour, width)) terminal.out(line);
    return EXIT.done;
  }
  if (equations.length === 0) {
    throw new UsageError(
      'expected an equation, as in --expr "dW2 = X1ᵀ (P − Y)/N + λ W2"; ' +
        `\`mlp check-derivation --net ${net} --symbols\` lists the letters`,
    );
  }
  // All are read before the first is printed, so that a word that does not fit leaves stdout empty.
  const checks = equations.map((equation) => checked(equation, net, options));
  const passed = checks.every((check) => check.passed);
  if (flags.json) terminal.out(JSON.stringify({ passed, net, equations: checks.map(jsonOf) }));
  else {
    for (const [i, check] of checks.entries()) {
      if (i > 0) terminal.out('');
      for (const line of derivationLines(check, terminal.colour)) terminal.out(line);
    }
  }
  return passed ? EXIT.done : EXIT.check;
}

function checked(equation: string, net: NoteNet, options: DerivationOptions): DerivationCheck {
  try {
    return checkEquation(equation, net, options);
  } catch (error) {
    if (!(error instanceof EquationError)) throw error;
    const { unknown } = error;
    const message = `"${shortened(equation)}" on net ${net}: ${error.message}`;
    if (unknown === undefined) throw new UsageError(message);
    const letters = `\`mlp check-derivation --net ${net} --symbols\` lists the letters`;
    throw new UsageError(
      `${message}${didYouMean(unknown.word, near(unknown.word, unknown.known))}; ${letters}`,
    );
  }
}

const shortened = (text: string) => (text.length > 80 ? `${text.slice(0, 79)}…` : text);

/** The names that begin like the word, the nearest with its capitals: any one letter is near any other. */
function near(word: string, names: readonly string[]): string[] {
  const alike = names.filter((name) => name[0].toLowerCase() === word[0].toLowerCase());
  const least = Math.min(...alike.map((name) => distance(word, name)));
  return alike.filter((name) => distance(word, name) === least);
}

function netOf(net: DerivationFlags['net']): NoteNet {
  if (net !== undefined) return net;
  throw new UsageError(
    `--net: expected one of ${NOTE_NETS.join(', ')}; \`mlp check-derivation --symbols\` describes them`,
  );
}

function optionsOf(net: NoteNet, { activation, seed }: DerivationFlags): DerivationOptions {
  if (activation !== undefined && net !== 'D') {
    throw new UsageError(`--activation: expected with --net D only, whose φ is open, got --net ${net}`);
  }
  return { seed, ...(activation !== undefined && { activation }) };
}

/** JSON has no infinity: an error that is none, or of shapes that do not fit, is null. */
const finite = (error: number | null) => (error !== null && Number.isFinite(error) ? error : null);

function jsonOf(check: DerivationCheck) {
  const { text, expression, left, passed, maxRelativeError, tolerance, shapes, diagnosis, productionError } =
    check;
  return {
    expression: text,
    understood: expression,
    left,
    passed,
    maxRelativeError: finite(maxRelativeError),
    tolerance,
    productionError: finite(productionError),
    shapes,
    diagnosis,
  };
}
