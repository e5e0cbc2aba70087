/** What `mlp check-derivation --symbols` prints: the letters of a net, and what can stand on the left. */

import type { ChalkInstance } from 'chalk';
import { NOTE_NETS, noteNet } from '../../check/note-nets/note-nets.ts';
import type { NoteNet } from '../../formulas/formula.ts';
import { shapeText } from '../../formulas/language/shape.ts';
import { wrap, wrappedColumns } from './wrapped-text.ts';

const LANGUAGE = [
  ['A·B, A*B, A@B, A B', 'the matrix product; with a number it scales'],
  ['A ⊙ B, A .* B', 'entry by entry, after the products beside it'],
  ['A/B', 'by a number, or entry by entry'],
  ["Aᵀ, A', A.T, A^T", 'the transpose'],
  ['+ −', 'shapes equal, or a row or column goes to each'],
  ["R σ tanh φ, R' σ' tanh' φ'", 'activations, derivatives (relu, sigmoid, phi)'],
  ['softmax exp log max(0, A)', 'softmax goes over the classes'],
  ['1[A > 0]', '1 where it holds, else 0'],
  ['Σₙ A, sum_n A', 'the sum over the samples'],
  ['sum(A), rowsum(A), colsum(A)', 'of all entries, of each row, of each column'],
  ['A^2, N⁻¹', 'a power of each entry, of a number'],
  ['‖A‖², ||A||^2', 'the sum of the squares of the entries'],
  ['diag(v), I(3), ones(N, 1), 𝟏', 'matrices; 𝟏 is the column of N ones'],
  ['[1, 0; 0, 1], S[2, 1]', 'a matrix; an entry, counted from 1'],
  ['Wᵢⱼ, W_ij, Σⱼ, δᵢⱼ, s_{i,yᵢ}', 'index notation; yᵢ is the class of i'],
  ['\\frac{\\partial L}{\\partial W}', 'the same in LaTeX'],
  ['X.T @ dS, np.sum(A, axis=0)', 'numpy: * is entry by entry then'],
] as const;

/** The nets, each with what it is. */
export function netLines(width: number): string[] {
  const rows = NOTE_NETS.map((name) => [name, noteNet(name).title]);
  return [...wrappedColumns(rows, 1, width), '', 'Its letters: mlp check-derivation --net C --symbols'];
}

/** The letters of a net with shape, meaning and what can stand on the left, and the language of the right side. */
export function lettersLines(name: NoteNet, colour: ChalkInstance, width: number): string[] {
  const net = noteNet(name);
  const rows = net.symbols().map(({ symbol, shape, meaning, aliases, lefts }) => {
    return [[symbol, ...aliases].join(', '), shapeText(shape), meaning, lefts.join('  ')];
  });
  const [head, ...body] = wrappedColumns([['letter', 'shape', 'meaning', 'on the left'], ...rows], 2, width);
  const indent = ' '.repeat(`net ${name}  `.length);
  const [first, ...rest] = wrap(net.title, width - indent.length);
  const jacobians = net.sampleLetter === null ? ['Jacobians of its vectors too: ∂p/∂o, as in dp/do'] : [];
  const example =
    jacobians.length > 0 && name === 'D'
      ? ['Jacobians of its vectors too: ∂x1/∂z1, as in dx1/dz1']
      : jacobians;
  return [
    `${colour.bold(`net ${name}`)}  ${first}`,
    ...rest.map((line) => indent + line),
    '',
    colour.bold(head),
    ...body,
    '',
    ...wrap(
      'A gradient dW is also ∂L/∂W, dL/dW, ∇W or grad_W, on both sides. W2 is also W², W₂ or W_2.',
      width,
    ),
    ...example,
    '',
    ...wrappedColumns(LANGUAGE, 1, width),
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
