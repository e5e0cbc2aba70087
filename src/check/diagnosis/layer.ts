/** Suspects in the backward of y = φ(xW + b) and y = φ(x): φ′ and where it is taken, and the products with x and W. */

import { type Frame, frameOf } from './affine.ts';
import {
  columnSums,
  type Evidence,
  product,
  type Search,
  type Suspect,
  times,
  transposed,
} from './evidence.ts';

/** φ′ is missing, another function stands for it, or it is taken at the wrong place; or δ, x or W are misplaced. */
export const layer: Search = function* (evidence) {
  const frame = frameOf(evidence);
  if (frame === undefined) return;
  const right = evidence.numeric.values;
  for (const { text, wrong } of [...slopes(frame, evidence), ...products(frame, evidence)]) {
    const suspect: Suspect = { text, right, wrong: wrong() };
    yield suspect;
  }
};

interface Mistake {
  readonly text: string;
  wrong(): Float64Array;
}

/** Mistakes about φ′; there are none where φ is the identity. */
function slopes(frame: Frame, { tensor }: Evidence): Mistake[] {
  const { delta, dz, y, z, b, x, w, pull, outputs } = frame;
  if (dz.every((value, k) => Math.abs(value - delta[k]) <= 1e-9 * Math.abs(delta[k]))) return [];
  const here = w === undefined ? 'x' : 'z';
  const chain = w === undefined ? 'dx = δ ⊙ φ′(x)' : `δ ⊙ φ′(z) comes first, then d${tensor}`;
  const mistakes: Mistake[] = [
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
  if (b !== undefined) {
    mistakes.push({
      text: 'φ′ is evaluated at XW, without b: it belongs at z = XW + b (C6; the slip of slip-C2).',
      wrong: () => pull(frame.slopes(z.map((value, k) => value - b[k % outputs]))),
    });
  }
  if (w !== undefined && x.length === z.length) {
    mistakes.push({
      text: "φ′ is evaluated at the layer's input x instead of at z = xW + b (D5).",
      wrong: () => pull(frame.slopes(x)),
    });
  }
  return mistakes;
}

/** Mistakes about the products with x and W and the sum over the batch. */
function products(frame: Frame, { shape }: Evidence): Mistake[] {
  const { rows, inputs, outputs, x, w, y, z, dz, role, flipped } = frame;
  if (w === undefined) return [];
  if (role === 'x') {
    if (inputs !== outputs) return [];
    const rule = flipped ? 'For Y = XWᵀ the gradient is δW (E1).' : 'For Y = XW the gradient is δWᵀ (E1).';
    const what = flipped
      ? 'W is transposed where it is not to be: dx = δWᵀ.'
      : 'W is not transposed: dx = δW.';
    return [
      { text: `${what} ${rule}`, wrong: () => product(dz, w, rows, outputs, inputs) },
      { text: `W is missing: dx = δ. ${rule}`, wrong: () => dz },
    ];
  }
  if (role === 'b') {
    if (rows !== outputs || shape.at(-1) !== rows) return [];
    return [
      {
        text: "summed over the columns instead of over the samples: db is the sum of δ's rows (E2).",
        wrong: () => columnSums(transposed(dz, rows, outputs), rows),
      },
    ];
  }
  // The text and the mistakes are those of dW as [inputs, outputs]; so is what `as` is given.
  const as = (values: Float64Array) => (flipped ? transposed(values, inputs, outputs) : values);
  const rule = flipped ? 'For Y = XWᵀ it is δᵀX (E2).' : 'For Y = XW it is Xᵀδ (E2).';
  const mistakes: Mistake[] = [
    {
      text: `x is missing: Σₙ δₙ stands for each input alike, which is the gradient of a bias. ${rule}`,
      wrong: () => {
        const sums = columnSums(dz, outputs);
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
        wrong: () => as(product(transposed(values, rows, outputs), dz, outputs, rows, outputs)),
      });
    }
  }
  if (rows === inputs) {
    mistakes.push({
      text: `x is not transposed: Xδ. ${rule}`,
      wrong: () => as(product(x, dz, inputs, rows, outputs)),
    });
  }
  return mistakes;
}

/** u / v, entry by entry. */
const ratio = (u: Float64Array, v: Float64Array): Float64Array => u.map((value, k) => value / v[k]);
