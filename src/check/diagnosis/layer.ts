/** Suspects in the backward of y = φ(xW + b) and y = φ(x): φ′ and where it is taken, and the products with x and W. */

import { type AffineLayer, affineLayerOf } from './affine.ts';
import { asRows } from './batch-axis.ts';
import {
  type Evidence,
  multiplyValues,
  type Suspect,
  type SuspectSearch,
  sumColumns,
  times,
  transposeValues,
} from './evidence.ts';
import { misremembered } from './slopes.ts';

/** φ′ is missing, another function stands for it, or it is taken at the wrong place; or δ, x or W are misplaced. */
export const layer: SuspectSearch = (evidence) =>
  asRows(rowsLayer, (given) => affineLayerOf(given) === undefined)(evidence);

const rowsLayer: SuspectSearch = function* (evidence) {
  const frame = affineLayerOf(evidence);
  if (frame === undefined) return;
  const right = evidence.numeric.values;
  for (const { text, wrong } of [...slopes(frame, evidence), ...products(frame, evidence)]) {
    const suspect: Suspect = { text, right, wrong: wrong() };
    yield suspect;
  }
};

interface LayerMistake {
  readonly text: string;
  wrong(): Float64Array;
}

/** Mistakes about φ′; there are none where φ is the identity. */
function slopes(frame: AffineLayer, { tensor, columns = false }: Evidence): LayerMistake[] {
  const { delta, dz, y, z, b, x, w, pull, outputs } = frame;
  if (dz.every((value, k) => Math.abs(value - delta[k]) <= 1e-9 * Math.abs(delta[k]))) return [];
  const here = w === undefined ? 'x' : 'z';
  const chain = w === undefined ? 'dx = δ ⊙ φ′(x)' : `δ ⊙ φ′(z) comes first, then d${tensor}`;
  const xw = columns ? 'WX' : 'XW';
  const mistakes: LayerMistake[] = [
    {
      text: `φ′ is missing: δ is passed on as it is. ${chain} (D4, D5; B8 for ReLU).`,
      wrong: () => pull(delta),
    },
    {
      text: `φ stands where φ′ belongs: δ ⊙ φ(${here}) for δ ⊙ φ′(${here}) (D5).`,
      wrong: () => pull(times(delta, y)),
    },
    {
      text: `φ′ is evaluated at the output φ(${here}) instead of at ${here}. Either φ′ of the input, or its formula by the output, as σ′ = y(1 − y) (D5).`,
      wrong: () => pull(frame.slopes(y)),
    },
    {
      text: `φ′ is multiplied in twice: δ ⊙ φ′ ⊙ φ′. Once is right (D5).`,
      wrong: () => pull(times(dz, ratio(dz, delta))),
    },
    {
      text: `δ is divided by φ′ instead of multiplied with it (D5).`,
      wrong: () => pull(times(delta, ratio(delta, dz))),
    },
    {
      text: `δ is not multiplied in: φ′ alone stands for δ ⊙ φ′(${here}) (D5).`,
      wrong: () => pull(ratio(dz, delta)),
    },
    {
      text: `φ′ is added to δ instead of multiplied with it: δ ⊙ φ′(${here}) is the elementwise product (D5).`,
      wrong: () => pull(ratio(dz, delta).map((slope, k) => slope + delta[k])),
    },
  ];
  for (const { text, slope } of misremembered(frame, here)) {
    mistakes.push({ text, wrong: () => pull(delta.map((d, k) => d * slope(z[k], y[k]))) });
  }
  if (b !== undefined) {
    mistakes.push({
      text: `φ′ is evaluated at ${xw}, without b: it belongs at z = ${xw} + b (C6; the slip of slip-C2).`,
      wrong: () => pull(frame.slopes(z.map((value, k) => value - b[k % outputs]))),
    });
  }
  if (w !== undefined && x.length === z.length) {
    mistakes.push({
      text: `φ′ is evaluated at the layer's input x instead of at z = ${columns ? 'Wx' : 'xW'} + b (D5).`,
      wrong: () => pull(frame.slopes(x)),
    });
  }
  return mistakes;
}

/** Mistakes about the products with x and W and the sum over the batch. */
function products(frame: AffineLayer, { shape, columns = false }: Evidence): LayerMistake[] {
  const { rows, inputs, outputs, x, w, y, z, dz, role, flipped } = frame;
  if (w === undefined) return [];
  if (role === 'x') {
    if (inputs !== outputs) return [];
    const rule = `For ${forwardText(columns, flipped)} the gradient is ${inputText(columns, !flipped)}.`;
    const wrong = inputText(columns, flipped).replace(/ .*/, '');
    const what = `${flipped ? 'W is transposed where it is not to be' : 'W is not transposed'}: dx = ${wrong}.`;
    return [
      { text: `${what} ${rule}`, wrong: () => multiplyValues(dz, w, rows, outputs, inputs) },
      { text: `W is missing: dx = δ. ${rule}`, wrong: () => dz },
    ];
  }
  if (role === 'b') {
    if (rows !== outputs || shape.at(-1) !== rows) return [];
    return [
      {
        text: columns
          ? "summed over the rows instead of over the samples: db is the sum of δ's columns (X12)."
          : "summed over the columns instead of over the samples: db is the sum of δ's rows (E2).",
        wrong: () => sumColumns(transposeValues(dz, rows, outputs), rows),
      },
    ];
  }
  // The text and the mistakes are those of dW as [inputs, outputs]; so is what `as` is given.
  const as = (values: Float64Array) => (flipped ? transposeValues(values, inputs, outputs) : values);
  const rule = `For ${forwardText(columns, flipped)} it is ${weightText(columns, flipped)}.`;
  const mistakes: LayerMistake[] = [
    {
      text: `x is missing: Σₙ δₙ stands for each input alike, which is the gradient of a bias. ${rule}`,
      wrong: () => {
        const sums = sumColumns(dz, outputs);
        return as(Float64Array.from({ length: inputs * outputs }, (_, k) => sums[k % outputs]));
      },
    },
  ];
  if (inputs === outputs) {
    for (const [what, values] of [
      ['y', y],
      ['z', z],
    ] as const) {
      mistakes.push({
        text: `the layer's output ${what} stands where its input x belongs. ${rule}`,
        wrong: () => as(multiplyValues(transposeValues(values, rows, outputs), dz, outputs, rows, outputs)),
      });
    }
  }
  if (rows === inputs) {
    mistakes.push({
      text: `x is not transposed: ${columns ? 'δX' : 'Xδ'}. ${rule}`,
      wrong: () => as(multiplyValues(x, dz, inputs, rows, outputs)),
    });
  }
  return mistakes;
}

/** What forward computes, with samples as rows or as columns, and W as it is multiplied or as its transpose. */
const forwardText = (columns: boolean, flipped: boolean): string =>
  columns ? (flipped ? 'Y = WᵀX' : 'Y = WX') : flipped ? 'Y = XWᵀ' : 'Y = XW';

/** The gradient of x, by W transposed or not, and the formula that it follows. */
const inputText = (columns: boolean, transposing: boolean): string =>
  columns ? (transposing ? 'Wᵀδ (A4)' : 'Wδ (A4)') : transposing ? 'δWᵀ (E1)' : 'δW (E1)';

const weightText = (columns: boolean, flipped: boolean): string =>
  columns ? (flipped ? 'Xδᵀ (X12)' : 'δXᵀ (X12)') : flipped ? 'δᵀX (E2)' : 'Xᵀδ (E2)';

/** u / v, entry by entry. */
const ratio = (u: Float64Array, v: Float64Array): Float64Array => u.map((value, k) => value / v[k]);
