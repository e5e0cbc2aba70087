/** The text of docs/derivations.md: every derivation, in LaTeX and in Unicode, with its rules. */

import type { Derivation, DerivationLine } from '../../formulas/derivations/derivation.ts';
import { DERIVATIONS } from '../../formulas/derivations/derivations.ts';

const PREFACE = `# The derivations

How each gradient of [docs/formulas.md](formulas.md) follows from the definitions, line by line, in the letters and the
orientation of its note. Every line has the rule that leads to it.

Every line is an equation. The tests evaluate each on random numbers and compare it with the exact derivative (the complex step
through the network's forward pass) and with the line before, both to 1e-12. They also change every line and check that it
then fails. \`npx mlp derive D5\` does the same in the terminal.

\`npm run docs\` writes this page from [the derivations](../src/formulas/derivations/derivations.ts), and a test compares it with
them.

## How to read a derivation

- Indices: ∂zₖ/∂wᵢⱼ is one number for each k, i and j. To derive by one entry, write the definition entry by entry.
- δᵢⱼ is Kronecker's delta: 1 where i = j, else 0. It appears when a variable is derived by itself: ∂xᵢ/∂xⱼ = δᵢⱼ. Under a sum
  over i, δᵢⱼ leaves the one term with i = j: *δᵢⱼ collapses the sum*. δ with one index is a gradient, as note D has it.
- *Chain rule*: sum over everything through which the loss depends on the variable.
- *Matrix form*: a sum over neighbouring indices is a matrix product. Where the summed index is not the neighbour, it takes a
  transpose to make it one.
`;

/** The page in Markdown. */
export function derivationPage(): string {
  const rows = DERIVATIONS.map(({ id, title, net }) => `| [${id}](#${id}) | ${title} | ${net} |`);
  const list = ['| formula | derives | net |', '|---|---|---|', ...rows].join('\n');
  return `${[PREFACE.trimEnd(), list, ...DERIVATIONS.map(section)].join('\n\n')}\n`;
}

function section({ id, title, net, activation, chains }: Derivation): string {
  const of = activation === undefined ? '' : `, with φ = ${activation}`;
  const statement = id === 'transpose' ? 'E6, E1 and E2' : id;
  return [
    `<a id="${id}"></a>`,
    `## ${id} · ${title}`,
    `Net ${net}${of}. [${statement}](formulas.md#${id === 'transpose' ? 'E6' : id})`,
    ...chains.map(chainText),
  ].join('\n\n');
}

function chainText(chain: readonly DerivationLine[]): string {
  const latex = chain.map((line) => line.latex.replace('=', '&=')).join(' \\\\\n');
  const math = chain.length === 1 ? chain[0].latex : `\\begin{aligned}\n${latex}\n\\end{aligned}`;
  const rules = chain.map(
    ({ unicode, rule, formula }) =>
      `1. \`${unicode}\`<br>${rule}${formula === null ? '' : ` ([${formula}](formulas.md#${formula}))`}`,
  );
  return `$$\n${math}\n$$\n\n${rules.join('\n')}`;
}
