/** `mlp derive`. */

import { NetPool } from '../../check/derivation/derivation.ts';
import { checkLines, type LineCheck, passes } from '../../check/derivation/lines.ts';
import type { Derivation } from '../../formulas/derivations/derivation.ts';
import { DERIVATIONS } from '../../formulas/derivations/derivations.ts';
import { FORMULAS } from '../../formulas/registry.ts';
import { UsageError } from '../../options/errors.ts';
import { didYouMean } from '../../options/suggest.ts';
import { EXIT } from '../errors.ts';
import type { DeriveFlags } from '../options/check-flags.ts';
import { derivationListLines, deriveLines } from '../text/derive-text.ts';
import { openTerminal } from '../text/terminal.ts';

/** The widest that the text is. */
const MAX_WIDTH = 120;

/**
 * Prints a formula's derivation with each line evaluated, or lists the formulas that have one; gives the exit code.
 *
 * @throws UsageError on an id that is no formula's, or of a formula without a derivation
 */
export async function derive(words: readonly string[], flags: DeriveFlags): Promise<number> {
  const terminal = openTerminal(flags);
  const width = Math.min(MAX_WIDTH, process.stdout.columns ?? 100);
  const [id] = words;
  if (id === undefined) {
    if (flags.json) {
      const list = DERIVATIONS.map((of) => ({ formula: of.id, title: of.title, net: of.net }));
      terminal.out(JSON.stringify({ derivations: list }));
    } else for (const line of derivationListLines(DERIVATIONS, width)) terminal.out(line);
    return EXIT.done;
  }
  const derivation = derivationOf(id);
  const pool = new NetPool();
  const { seed } = flags;
  const checks = derivation.chains.map((chain) =>
    checkLines(
      chain.map(({ equation }) => equation),
      derivation.net,
      { seed, pool, ...(derivation.activation && { activation: derivation.activation }) },
    ),
  );
  const passed = checks.every((chain) => chain.every(passes));
  if (flags.json) terminal.out(JSON.stringify(jsonOf(derivation, checks, passed)));
  else {
    for (const line of deriveLines(
      derivation,
      checks,
      { latex: flags.latex === true, width },
      terminal.colour,
    ))
      terminal.out(line);
  }
  return passed ? EXIT.done : EXIT.check;
}

function derivationOf(typed: string): Derivation {
  const isTyped = ({ id }: { id: string }) => id.toLowerCase() === typed.toLowerCase();
  const derivation = DERIVATIONS.find(isTyped);
  if (derivation !== undefined) return derivation;
  const formula = FORMULAS.find(isTyped);
  const list = '`mlp derive` lists the formulas that have a derivation';
  if (formula === undefined) {
    const ids = [...DERIVATIONS, ...FORMULAS].map(({ id }) => id);
    throw new UsageError(
      `expected the id of a formula, as in D5, got "${typed}"${didYouMean(typed, ids)}; ${list}`,
    );
  }
  const why =
    formula.net === undefined
      ? 'which no network of the notes has numbers for; docs/formulas.md has its derivation in words'
      : 'which is a definition';
  throw new UsageError(`expected a formula that follows from others, got ${formula.id}, ${why}; ${list}`);
}

function jsonOf(
  { id, title, net, activation, chains }: Derivation,
  checks: readonly (readonly LineCheck[])[],
  passed: boolean,
) {
  const lines = chains.map((chain, c) =>
    chain.map(({ equation, latex, unicode, rule, formula }, k) => {
      const { error, step } = checks[c][k];
      const of = [error, step].map((value) => (value !== null && Number.isFinite(value) ? value : null));
      return { latex, unicode, equation, rule, formula, maxRelativeError: of[0], stepError: of[1] };
    }),
  );
  return { passed, formula: id, title, net, activation: activation ?? null, chains: lines };
}
