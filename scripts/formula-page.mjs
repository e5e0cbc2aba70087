// @ts-check
// The text of docs/formulas.md: the notes' formulas and slips, with what their checks measured. Needs dist.

import { notationOf } from '../dist/formulas/language/latex.js';
import { NOTES } from '../dist/formulas/registry.js';

/**
 * @typedef {import('../src/formulas/formula.ts').Formula} Formula
 * @typedef {import('../src/formulas/formula.ts').Note} Note
 * @typedef {import('../src/formulas/formula.ts').Slip} Slip
 * @typedef {import('../src/check/result.ts').Check} Check
 */

const PREFACE = `# The formulas

Every formula that this project computes was derived by hand: in five notes, A to E, or, if no note has it, in the project
itself (X). This page gives each formula an id and shows the code that computes it, and how far the code and the formula are
from the exact derivative. After the formulas of each note come the places where the note slips. The project's own formulas
come last, each with its derivation and its source.

## How to verify this page

\`\`\`sh
npx mlp gradcheck                                                   # every formula and slip of the notes, and more
npx mlp check-derivation --net D --expr "δ² = (x² − y) ⊙ φ′(z²)"    # one formula, or one of your own
npx mlp check-derivation --net D --symbols                          # the letters of a network
\`\`\`

Each line is evaluated as it is written here, in LaTeX, on several draws of random numbers, in the orientation of its note, and compared with
the network that trains. A value is compared with the network's forward pass. A gradient is compared with the complex-step
derivative of that forward pass, ∂L/∂w = Im L(w + ih) / h with h = 2⁻¹⁰⁰. This derivative subtracts nothing, so it is exact to
rounding, and it uses no formula for a gradient. The network's own backward pass is compared with it too. The *error* is
max |a − n| over a tensor, divided by its largest |n|; among several equations, draws and activations, the worst counts. A
formula passes up to 1e-12.

Optimizers and schedules (X) have no derivative to compare with. Their code runs over several steps in float64 and is compared
with a closed form that is computed in another way: the weights as one sum over all gradients so far, a cosine by squaring a
complex number. Regularisation (X) has its own checks on layers and losses. \`npm run docs\` and the tests run all these checks.

A slip is checked twice. Corrected, it must pass. As written, it must fail, either by value or because a product does not
exist; if the note writes several equations, the least wrong one counts. The notes are handwritten and were read by a machine:
where perhaps only the reading is wrong, no slip is listed.

\`npm run docs\` writes this page from [the registry](../src/formulas/registry.ts) and the measured errors, and a test compares
it with both.

## Notation

- ⊙ is the elementwise product, ᵀ the transpose, 𝟙[·] is 1 where the condition holds and 0 elsewhere, δᵢⱼ is
  Kronecker's delta. ∂L/∂W has the shape of W.
- A superscript counts layers (W², x¹) and never means a power, except w² in the L2 term. C writes W₂, X₁ instead.
- A batch is N rows in C and E, N columns in A; B and D have one sample, a column. The code has rows everywhere:
  its W is inputs × outputs, so that Z = XW + b.
- The code averages the loss over the batch, as A and C do. E sums over the rows: its loss and gradients are N times
  those of the code. For one sample there is no difference.
`;

/** @type {Readonly<Record<Slip['kind'], string>>} */
const KINDS = {
  gradient: 'wrong by value',
  shape: 'a product that does not exist',
  convention: 'two readings, of which the project takes one',
};

/**
 * The page in Markdown.
 *
 * @param {readonly Check[]} results of `checkFormulas`
 * @throws RangeError if a formula or slip of the registry has no check among them
 */
export function formulaPage(results) {
  return `${[PREFACE.trimEnd(), contents(), ...NOTES.map((note) => section(note, results))].join('\n\n')}\n`;
}

function contents() {
  const rows = NOTES.map(
    ({ name, title, formulas, slips }) =>
      `| [${name}](#note-${name}) | ${title} | ${formulas.map(({ id }) => link(id)).join(' ')} | ${slips.map(({ id }) => link(id)).join(' ')} |`,
  );
  return ['| note | derives | formulas | slips |', '|---|---|---|---|', ...rows].join('\n');
}

/** @param {Note} note @param {readonly Check[]} results */
function section(note, results) {
  const slips = note.slips.map((slip) => slipText(slip, results));
  return [
    anchor(`note-${note.name}`),
    `## ${note.name} · ${note.title}`,
    ...note.formulas.map((formula) => formulaText(formula, results)),
    ...(slips.length > 0 ? [`### Where note ${note.name} slips`, ...slips] : []),
  ].join('\n\n');
}

/** @param {Formula} formula @param {readonly Check[]} results */
function formulaText(formula, results) {
  const { id, title, symbols, code, net } = formula;
  const check = find(results, id, 'pass');
  const references = code.map(({ file, name }) => `[${name}](../${file})`);
  return [
    anchor(id),
    `### ${id} · ${title}`,
    statement(formula),
    ['| letter | shape | meaning |', '|---|---|---|']
      .concat(symbols.map(({ latex, shape, meaning }) => `| $${latex}$ | ${shape} | ${meaning} |`))
      .join('\n'),
    ...(formula.derivation === undefined ? [] : [`*Derivation.* ${formula.derivation}`]),
    ...(formula.source === undefined ? [] : [`*Source.* ${formula.source}`]),
    `Computed by ${references.join(', ')}.`,
    ...(net === undefined
      ? [`Error **${errorText(check)}** ${withoutNet(check)}.`]
      : [`Error **${errorText(check)}** on net ${net}${of(formula)}.`]),
  ].join('\n\n');
}

/** @param {Slip} slip @param {readonly Check[]} results */
function slipText(slip, results) {
  const { id, title, kind, why, net, right, formulas } = slip;
  const taken = find(results, id, 'pass');
  const [before, after] = kind === 'convention' ? ['not taken', 'taken'] : ['as written', 'corrected'];
  const ids = formulas.map(link).join(', ');
  const text = [anchor(id), `#### ${id} · ${title}`, `*${kind}: ${KINDS[kind]}.* ${why}`, statement(slip)];
  const check = find(results, id, 'fail');
  const verdict =
    check.method === 'shape' ? 'refused, the shapes do not fit' : `error **${errorText(check)}**`;
  text.push(`On net ${net}, ${before}: ${verdict}.`);
  if (check.method === 'shape') text.push(`> ${check.diagnosis}`);
  text.push(
    `On net ${net}, ${after} (${ids}): error **${errorText(taken)}**.`,
    statement({ latex: right, unicode: right.map(notationOf) }),
  );
  return text.join('\n\n');
}

/** The lines of a statement in LaTeX, then in Unicode. @param {Pick<Formula, 'latex' | 'unicode'>} lines */
function statement({ latex, unicode }) {
  return [...latex.map((line) => `$$\n${line}\n$$`), block(unicode)].join('\n\n');
}

/**
 * @param {readonly Check[]} results @param {string} id @param {Check['expected']} expected
 * @throws RangeError if there is no such check
 */
function find(results, id, expected) {
  const check = results.find(({ formulas, expected: of }) => formulas[0] === id && of === expected);
  if (check === undefined) throw new RangeError(`formulaPage: expected a check of ${id}, got none`);
  return check;
}

/** Two significant digits: `1.1e-16`. @param {Check} check */
function errorText({ maxRelativeError }) {
  return maxRelativeError === 0 ? '0' : maxRelativeError.toExponential(1);
}

/** How a formula without a network was checked. @param {Check} check */
const withoutNet = ({ method }) =>
  method === 'closed-form'
    ? 'against the closed form'
    : `by the ${method.replace('-', ' ')}, in a check of its own`;

/** The activation that a formula is about, as the command line wants it. @param {Formula} formula */
const of = ({ activation }) => (activation === undefined ? '' : ` with \`--activation ${activation}\``);

/** @param {readonly string[]} lines */
const block = (lines) => ['```text', ...lines, '```'].join('\n');
/** @param {string} id */
const anchor = (id) => `<a id="${id}"></a>`;
/** @param {string} id */
const link = (id) => `[${id}](#${id})`;
