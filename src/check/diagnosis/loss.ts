/** Suspects in the first δ of a loss: targets left out or misplaced, softmax or φ′ forgotten, classes left out. */

import { sigmoid, tanh } from '../../kernels/elementary.ts';
import { batchOf } from './batch-axis.ts';
import { type Evidence, factorOf, plus, type SuspectSearch, times } from './evidence.ts';
import { nameOf } from './factors.ts';
import { softmaxRows } from './network/functions.ts';
import { svmMistakes } from './network/heads.ts';

/** The suspects of a loss with targets. */
export const loss: SuspectSearch = function* (evidence) {
  const { tensor, loss, numeric, analytic } = evidence;
  const y = targetsOf(evidence);
  if (loss !== true || tensor !== 'x' || y === undefined || y.length !== analytic.length) return;
  const right = numeric.values;
  const isOneHot = y.every((value) => value === 0 || value === 1);
  const one = isOneHot ? marginOf(evidence, y) : undefined;
  if (one !== undefined) {
    for (const { text, delta } of svmMistakes(right, y, one)) yield { text, right, wrong: delta };
    return;
  }
  if (isOneHot) {
    yield {
      text: 'the column of the true class is missing: it has a gradient too, p − 1 for softmax (E3).',
      right,
      wrong: right.map((value, k) => (y[k] === 1 ? 0 : value)),
    };
    yield {
      text: 'only the column of the true class is there: the other classes have a gradient too (E3).',
      right,
      wrong: right.map((value, k) => (y[k] === 1 ? value : 0)),
    };
  }
  yield* targets(evidence, y);
  yield* forgotten(evidence, y);
};

/** What a class inside the margin gets in an SVM, 1 or 1/N, where the other classes have that or 0; undefined elsewhere. */
function marginOf(evidence: Evidence, y: Float64Array): number | undefined {
  const right = evidence.numeric.values;
  if (right.every((value) => Math.abs(value) < 1e-9)) return undefined;
  return [1, 1 / batchOf(evidence)].find((one) => {
    const is = (value: number, wanted: number) => Math.abs(value - wanted) <= 1e-6 * one;
    return right.every((value, k) => y[k] === 1 || is(value, 0) || is(value, one));
  });
}

/** n = α a + β y: y left out, added instead of subtracted, or a neighbour's. */
function* targets(evidence: Evidence, y: Float64Array): ReturnType<SuspectSearch> {
  const { analytic, numeric } = evidence;
  const n = batchOf(evidence);
  const [alpha, beta] = fitTwo(analytic, y, numeric.values);
  const factor = nameOf(alpha, evidence);
  const own = factor?.value ?? (Math.abs(alpha - 1) < 1e-5 ? 1 : undefined);
  if (own !== undefined && Math.abs(beta) > 1e-8) {
    const is = (value: number) => Math.abs(beta / value - 1) < 1e-5;
    const what =
      is(-1) || is(-1 / n)
        ? 'the targets are missing: p where p − y belongs; subtract y, the −1 of the true class (B5, C3).'
        : is(-2) || is(-2 / n)
          ? 'y is added where it is to be subtracted: p − y is right, not p + y (B5, C3).'
          : is(1) || is(1 / n)
            ? 'y is subtracted twice: p − y is right (B5, C3).'
            : undefined;
    if (what !== undefined) {
      const text = factor === undefined ? what : `two things. First, ${what} Then, ${factor.text}`;
      yield {
        text,
        right: plus(
          Float64Array.from(analytic, (a) => own * a),
          beta,
          y,
        ),
      };
    }
  }
  const classes = evidence.shape.at(-1) ?? 1;
  for (const by of [1, classes - 1]) {
    const direction = plus(rolled(y, classes, by), -1, y);
    const c = factorOf(direction, plus(numeric.values, -1, analytic));
    if (Math.abs(c - 1) > 1e-5 && Math.abs(c * n - 1) > 1e-5) continue;
    yield {
      text: `off by one class: the 1 is subtracted from the class ${by === 1 ? 'below' : 'above'} the true one. Do the classes count from 0?`,
      right: plus(analytic, c, direction),
    };
  }
}

/** (x − y) with nothing between, or with φ′ missing or wrong, for the losses of notes C and D. */
function* forgotten(evidence: Evidence, y: Float64Array): ReturnType<SuspectSearch> {
  const x = evidence.point?.tensors.x.values;
  if (x === undefined) return;
  const classes = evidence.shape.at(-1) ?? 1;
  const n = batchOf(evidence);
  const scores = plus(x, -1, y);
  const p = softmaxRows(x, classes);
  for (const scale of n === 1 ? [1] : [1 / n, 1]) {
    const by = (values: Float64Array) => values.map((value) => scale * value);
    yield {
      text: 'softmax is missing: s − y with the scores s, where p − y with p = softmax(s) is right (B5, C3).',
      right: by(plus(p, -1, y)),
      wrong: by(scores),
    };
    yield {
      text: 'the sigmoid is missing: s − y with the scores s, where p − y with p = σ(s) is right (X15).',
      right: by(plus(x.map(sigmoid), -1, y)),
      wrong: by(scores),
    };
    yield {
      text: 'the softmax Jacobian is applied to p − y, which has it already: for cross-entropy ∂L/∂s = p − y, without another p(1 − p) (B5).',
      right: by(plus(p, -1, y)),
      wrong: by(
        times(
          plus(p, -1, y),
          p.map((q) => q * (1 - q)),
        ),
      ),
    };
    for (const { phi, slope } of OUTPUTS) {
      const out = x.map(phi);
      const difference = plus(out, -1, y);
      const right = by(times(difference, x.map(slope)));
      const d4 = 'δ = (x − y) ⊙ φ′(z) (D4)';
      yield { text: `φ′ is missing: x − y alone. For squared error ${d4}.`, right, wrong: by(difference) };
      yield { text: `φ stands where φ′ belongs: ${d4}.`, right, wrong: by(times(difference, out)) };
      yield {
        text: `φ′ is evaluated at the output x = φ(z) instead of at z: ${d4}.`,
        right,
        wrong: by(times(difference, out.map(slope))),
      };
    }
  }
}

/** The output activations of note D. */
const OUTPUTS = [
  { phi: sigmoid, slope: (z: number) => sigmoid(z) * (1 - sigmoid(z)) },
  { phi: tanh, slope: (z: number) => 1 - tanh(z) ** 2 },
  { phi: (z: number) => Math.max(0, z), slope: (z: number) => (z > 0 ? 1 : 0) },
];

/** The targets in the shape of x; labels as one-hot rows. */
export function targetsOf({ point, shape }: Evidence): Float64Array | undefined {
  const y = point?.tensors.y;
  if (y === undefined || point?.delta !== undefined) return undefined;
  const size = shape.reduce((product, n) => product * n, 1);
  if (y.values.length === size) return y.values;
  const classes = shape.at(-1) ?? 1;
  // Labels of other classes than the columns of x belong to a loss that computes its scores first.
  if (y.values.length * classes !== size || y.values.some((label) => label >= classes)) return undefined;
  const rows = new Float64Array(size);
  for (const [row, label] of y.values.entries()) rows[row * classes + label] = 1;
  return rows;
}

/** Each row of y moved on by some classes. */
function rolled(y: Float64Array, classes: number, by: number): Float64Array {
  return y.map((_, k) => y[k - (k % classes) + (((k % classes) + by) % classes)]);
}

/** α and β for which α u + β v is nearest to w. */
function fitTwo(
  u: ArrayLike<number>,
  v: ArrayLike<number>,
  w: ArrayLike<number>,
): [alpha: number, beta: number] {
  let [uu, uv, vv, uw, vw] = [0, 0, 0, 0, 0];
  for (let k = 0; k < u.length; k++) {
    uu += u[k] * u[k];
    uv += u[k] * v[k];
    vv += v[k] * v[k];
    uw += u[k] * w[k];
    vw += v[k] * w[k];
  }
  const determinant = uu * vv - uv * uv;
  return [(uw * vv - vw * uv) / determinant, (vw * uu - uw * uv) / determinant];
}
