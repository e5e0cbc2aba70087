/** Every derivation, in the order of the registry, with its Unicode made of its LaTeX. */

import type { FormulaId } from '../formula.ts';
import { notationOf } from '../language/latex.ts';
import { FORMULAS } from '../registry.ts';
import type { CitedLine, Derivation, DerivationLine, WrittenChain, WrittenDerivation } from './derivation.ts';
import { DERIVATIONS_A } from './note-a.ts';
import { DERIVATIONS_B } from './note-b.ts';
import { DERIVATIONS_C } from './note-c.ts';
import { DERIVATIONS_D } from './note-d.ts';
import { DERIVATIONS_E } from './note-e.ts';
import { DERIVATIONS_OWN } from './own.ts';

/** The derivations of the notes A to E, then the project's own. */
export const DERIVATIONS: readonly Derivation[] = [
  ...DERIVATIONS_A,
  ...DERIVATIONS_B,
  ...DERIVATIONS_C,
  ...DERIVATIONS_D,
  ...DERIVATIONS_E,
  ...DERIVATIONS_OWN,
].map(derivationOf);

/** The derivation of an id, if there is one. */
export const derivationById = (id: string): Derivation | undefined =>
  DERIVATIONS.find((derivation) => derivation.id === id);

function derivationOf({ id, question, chains }: WrittenDerivation): Derivation {
  const of = FORMULAS.find((formula) => formula.id === id);
  const net = question?.net ?? of?.net;
  const title = question?.title ?? of?.title;
  if (net === undefined || title === undefined) {
    throw new RangeError(`derivation: expected the id of a formula with a network, got ${id}`);
  }
  const activation = of?.activation;
  return { id, title, net, ...(activation && { activation }), chains: chains.map(linesOf) };
}

function linesOf(chain: WrittenChain): DerivationLine[] {
  let left = '';
  return chain.map(([written, rule], k) => {
    const [text, formula] = typeof written === 'string' ? [written, null] : [statement(written), written.id];
    const [own, right] = sides(text);
    const isSame = k > 0 && (own === '' || own === left);
    if (own !== '') left = own;
    const equation = `${left} ${right}`;
    const latex = isSame ? right : equation;
    return { equation, latex, unicode: notationOf(latex), rule, formula };
  });
}

/** The left side, empty where the line continues the one above, and the rest from the sign on. */
function sides(latex: string): [left: string, right: string] {
  const sign = latex.indexOf('=');
  return [latex.slice(0, sign).trim(), latex.slice(sign)];
}

/** @throws RangeError if the registry has no such line */
function statement({ id, line }: CitedLine & { id: FormulaId }): string {
  const latex = FORMULAS.find((formula) => formula.id === id)?.latex[line];
  if (latex === undefined)
    throw new RangeError(`derivation: expected a line of the registry, got ${id}, line ${line}`);
  return latex;
}
