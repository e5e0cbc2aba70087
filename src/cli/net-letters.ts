/** What `mlp check-derivation --symbols` prints: the letters of a net, and what can stand on the left. */

import type { ChalkInstance } from 'chalk';
import { shapeText } from '../check/equation/shape.ts';
import { NOTE_NETS, noteNet } from '../check/note-nets.ts';
import type { NoteNet } from '../network/formulas.ts';

const LANGUAGE = [
  ['A·B, A*B, A@B, A B', 'the matrix product; with a number it scales'],
  ['A ⊙ B, A .* B', 'entry by entry; A/B too, or by a number'],
  ["Aᵀ, A', A.T, A^T", 'the transpose'],
  ['+ −', 'shapes equal, or a row or column added to each of a matrix'],
  ["R σ tanh φ, R' σ' tanh' φ'", 'activations and their derivatives (relu, sigmoid, phi)'],
  ['softmax exp log max(0, A)', 'softmax goes over the classes'],
  ['1[A > 0]', '1 where it holds, else 0'],
  ['Σₙ A, sum_n A', 'over the samples; sum(A) over all, rowsum(A), colsum(A)'],
  ['diag(v), I(3), ones(N, 1), 𝟏', 'matrices; 𝟏 is the column of N ones'],
  ['A^2, [1, 0; 0, 1], S[2, 1]', 'a power of each entry; a matrix; an entry, counted from 1'],
] as const;

/** The nets, a line each. */
export function netLines(): string[] {
  const rows = NOTE_NETS.map((name) => [name, noteNet(name).title]);
  return [...columns(rows), '', 'Its letters: mlp check-derivation --net C --symbols'];
}

/** The letters of a net with shape, meaning and what can stand on the left, and the language of the right side. */
export function lettersLines(name: NoteNet, colour: ChalkInstance): string[] {
  const net = noteNet(name);
  const rows = net.symbols().map(({ symbol, shape, meaning, aliases, lefts }) => {
    return [[symbol, ...aliases].join(', '), shapeText(shape), meaning, lefts.join('  ')];
  });
  const [head, ...body] = columns([['letter', 'shape', 'meaning', 'on the left'], ...rows]);
  const jacobians = net.sampleLetter === null ? ['Jacobians of its vectors too: ∂p/∂o, as in dp/do'] : [];
  const example =
    jacobians.length > 0 && name === 'D'
      ? ['Jacobians of its vectors too: ∂x1/∂z1, as in dx1/dz1']
      : jacobians;
  return [
    `${colour.bold(`net ${name}`)}  ${net.title}`,
    '',
    colour.bold(head),
    ...body,
    '',
    'A gradient dW is also ∂L/∂W, dL/dW, ∇W or grad_W, on both sides. W2 is also W², W₂ or W_2.',
    ...example,
    '',
    ...columns(LANGUAGE),
  ];
}

/** The same for JSON. */
export function lettersJson(name: NoteNet) {
  const net = noteNet(name);
  const symbols = net.symbols().map(({ symbol, shape, meaning, aliases, lefts }) => {
    const letters = [shape.rows, shape.cols].map(({ letter, size }) => letter ?? String(size));
    return { symbol, aliases, shape: [shape.rows.size, shape.cols.size], letters, meaning, left: lefts };
  });
  return { net: name, title: net.title, symbols };
}

/** Rows of cells flush left, two spaces between. */
function columns(rows: readonly (readonly string[])[]): string[] {
  const widths = rows[0].map((_, c) => Math.max(...rows.map((row) => [...row[c]].length)));
  return rows.map((row) =>
    row
      .map((cell, c) => cell + ' '.repeat(widths[c] - [...cell].length))
      .join('  ')
      .trimEnd(),
  );
}
