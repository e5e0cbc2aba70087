/** Every change of a single token of a statement of the registry. */

import type { NoteNet } from '../../../src/formulas/formula.ts';

/** A line with one token changed. */
export interface StatementMutant {
  readonly line: string;
  readonly from: string;
  readonly to: string;
  /** Where the token is. */
  readonly at: number;
}

const TOKEN = /\\[A-Za-z]+|[A-Za-z]+|\d+(?:\.\d+)?|\S/g;
const INDICES = 'ijkmnq';

/** What a sign, a function or a constant becomes; the empty text drops it. */
const CHANGES: Readonly<Record<string, readonly string[]>> = {
  '+': ['-'],
  '-': ['+', ''],
  "'": [''],
  e: ['2'],
  R: [String.raw`\tanh`],
  softmax: ['ReLU'],
  ReLU: ['softmax'],
  '\\gt': [String.raw`\ge`, String.raw`\lt`],
  '\\le': [String.raw`\lt`, String.raw`\gt`],
  '\\geq': [String.raw`\gt`],
  '\\lt': [String.raw`\le`],
  '\\neq': ['='],
  '\\cos': [String.raw`\exp`],
  ...Object.fromEntries(
    ['alpha', 'lambda', 'eta', 'mu', 'rho', 'gamma', 'varepsilon', 'beta', 'pi', 'delta'].map((letter) => [
      `\\${letter}`,
      ['2'],
    ]),
  ),
  '\\odot': [String.raw`\cdot`, '+'],
  '\\cdot': [String.raw`\odot`, '+'],
  '\\log': [String.raw`\exp`, ''],
  '\\ln': [String.raw`\exp`],
  '\\max': [String.raw`\min`],
  '\\min': [String.raw`\max`],
  '\\sum': [''],
  '\\frac': [''],
  '\\sqrt': [''],
  '\\top': ['2'],
  '\\tanh': [String.raw`\exp`],
  '\\sigma': [String.raw`\tanh`],
  '\\varphi': [String.raw`\sigma`, String.raw`\tanh`],
};

/**
 * The mutants of a line.
 *
 * @param names the letters of its net, each of which takes the place of each other
 */
export function statementMutants(line: string, names: readonly string[]): StatementMutant[] {
  return [...line.matchAll(TOKEN)].flatMap((match) => {
    const [from] = match;
    const at = match.index;
    return [...new Set(changesOf(from, line.slice(0, at), names))].map((to) => {
      return { line: line.slice(0, at) + to + line.slice(at + from.length), from, to, at };
    });
  });
}

function changesOf(from: string, before: string, names: readonly string[]): string[] {
  const changes = [...(CHANGES[from] ?? [])];
  if (/^\d/.test(from)) return [...changes, String(Number(from) + 1), String(Number(from) - 1)];
  if (!/^[A-Za-z]+$/.test(from)) return changes;
  const isIndex = [...from].every((c) => INDICES.includes(c)) && /_\{?[^{}]*$/.test(before);
  if (!isIndex) return [...changes, ...names.filter((name) => name !== from)];
  return [...from].flatMap((c, k) =>
    [...INDICES].filter((other) => other !== c).map((other) => from.slice(0, k) + other + from.slice(k + 1)),
  );
}

/** Why a mutant has the value of the line that it was made of, or undefined where it must not have it. */
export function whyEquivalent(
  net: NoteNet | undefined,
  { line, from, to, at }: StatementMutant,
): string | undefined {
  const after = line.slice(at + to.length);
  const isOne = (...pairs: readonly string[]) => pairs.includes(`${from} ${to}`);
  if (from.toLowerCase() === to.toLowerCase()) return 'the same letter, with other capitals';
  if (isOne('h S', 's Y')) return 'another name of the scores';
  if (isOne('\\cdot \\odot')) return 'of two numbers both products are the same';
  if (isOne('\\odot +') && line.slice(0, at).endsWith('^{')) return 'the exponent +3 is 3';
  if (isOne('W W1', 'b b1', 'x x1', 'z z1') && after.startsWith('^1')) return 'W1 to the power of 1 is W1';
  if (isOne('o b2', 'q b1', 'z b1')) return 'a bias has the gradient of what it is added to';
  if (isOne('h b1')) return '∂L/∂b1 is ∂L/∂h where the unit is on, and the line asks for nothing else';
  if (isOne('q h', 'H G')) return 'a ReLU’s output is above 0 where what it is given is';
  if (net === 'B' && isOne('y p')) return 'y and p both add up to 1';
  const meetsDelta = /\\delta_\{|\\frac\{\\partial [ohz](?:\^\d)?_/.test(line);
  if (meetsDelta && isOne('i j', 'k i', 'k j', 'j i'))
    return 'the two are equal wherever δ or the Jacobian is not 0';
  return undefined;
}
