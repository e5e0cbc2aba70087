/** What may follow a network's last affine layer: a loss, an activation, or nothing; each with its usual mistakes. */

import type { ActivationName } from '../../../kernels/activations.ts';
import { exp, log, log1p, sigmoid } from '../../../kernels/elementary.ts';
import type { LossName } from '../../../kernels/losses.ts';
import { plus, times } from '../evidence.ts';
import { PHIS, type Phi, softmaxRows, throughSoftmax } from './functions.ts';

/** Scores z [rows, classes], and the targets y of a loss or the δ that comes from above. */
export interface HeadInput {
  readonly z: Float64Array;
  readonly y: Float64Array;
  readonly classes: number;
}

/** A wrong ∂/∂z of a head. */
export interface HeadMistake {
  readonly text: string;
  readonly delta: Float64Array;
}

/** A function of the scores that a network may end in. */
export interface Head {
  readonly name: string;
  /** ∂L/∂z in letters. */
  readonly rule: string;
  /** The output entry by entry, or of a loss its sum over the samples. */
  value(input: HeadInput): Float64Array;
  delta(input: HeadInput): Float64Array;
  mistakes(input: HeadInput): readonly HeadMistake[];
}

const CROSS_ENTROPY: Head = {
  name: 'softmax cross-entropy',
  rule: '(P − Y)/N',
  value: ({ z, y, classes }) =>
    Float64Array.of(
      softmaxRows(z, classes).reduce((sum, p, k) => (y[k] === 0 ? sum : sum - y[k] * log(p)), 0),
    ),
  delta: ({ z, y, classes }) => plus(softmaxRows(z, classes), -1, y),
  mistakes: ({ z, y, classes }) => {
    const p = softmaxRows(z, classes);
    const right = 'for softmax with cross-entropy ∂L/∂S = (P − Y)/N (C3)';
    const inverse = y.map((t, k) => -t / p[k]);
    const spread = p.map((q) => q * (1 - q));
    return [
      ...targetMistakes(p, y, 'p', right),
      { text: `softmax is missing: s − y with the scores s; ${right}.`, delta: plus(z, -1, y) },
      {
        text: `−y/p is ∂L/∂p, not ∂L/∂s: the softmax Jacobian is missing between them (C7); ${right}.`,
        delta: inverse,
      },
      {
        text: `only the diagonal of the softmax Jacobian is used, pᵢ(1 − pᵢ): ∂pᵢ/∂sⱼ = −pᵢpⱼ for j ≠ i is missing (B4); ${right}.`,
        delta: times(inverse, spread),
      },
      {
        text: `the softmax Jacobian is applied to p − y, which has it already (B5); ${right}.`,
        delta: throughSoftmax(plus(p, -1, y), p, classes),
      },
      {
        text: `p − y is multiplied by p(1 − p), the diagonal of the Jacobian, which it has already (B5); ${right}.`,
        delta: times(plus(p, -1, y), spread),
      },
      { text: `the column of the true class is missing; ${right}.`, delta: times(p, complement(y)) },
      { text: `only the column of the true class is there; ${right}.`, delta: times(plus(p, -1, y), y) },
    ];
  },
};

const SIGMOID_CROSS_ENTROPY: Head = {
  name: 'sigmoid cross-entropy',
  rule: '(P − Y)/N',
  value: ({ z, y }) =>
    Float64Array.of(z.reduce((sum, s, k) => sum + Math.max(s, 0) - s * y[k] + log1p(exp(-Math.abs(s))), 0)),
  delta: ({ z, y }) => plus(z.map(sigmoid), -1, y),
  mistakes: ({ z, y }) => {
    const p = z.map(sigmoid);
    const right = 'with p = σ(s), ∂L/∂s = p − y (X15)';
    return [
      ...targetMistakes(p, y, 'p', right),
      { text: `the sigmoid is missing: s − y with the scores s; ${right}.`, delta: plus(z, -1, y) },
      {
        text: `p − y is multiplied by σ′ = p(1 − p), which cancels against the logarithm's 1/(p(1 − p)); ${right}.`,
        delta: plus(p, -1, y).map((d, k) => d * p[k] * (1 - p[k])),
      },
    ];
  },
};

const SVM: Head = {
  name: 'SVM',
  rule: '𝟙[margin > 0], and −Σ of them in the true class',
  value: ({ z, y, classes }) =>
    Float64Array.of(insideOf(z, y, classes).margins.reduce((sum, margin) => sum + Math.max(0, margin), 0)),
  delta: ({ z, y, classes }) => {
    const { inside, counts } = insideOf(z, y, classes);
    return inside.map((one, k) => (y[k] === 1 ? -counts[k] : one));
  },
  mistakes: ({ z, y, classes }) => {
    const { inside, counts } = insideOf(z, y, classes);
    return svmMistakes(
      inside.map((one, k) => (y[k] === 1 ? -counts[k] : one)),
      y,
      1,
    );
  },
};

/** The usual wrong forms of E5, given the right one. @param one what a class inside the margin gets */
export function svmMistakes(right: Float64Array, y: ArrayLike<number>, one: number): HeadMistake[] {
  const inTrueClass = (change: (value: number) => number) =>
    right.map((value, k) => (y[k] === 1 ? change(value) : value));
  const sum = 'the sum runs over j ≠ y alone (E5)';
  return [
    {
      text: `the true class is counted too: its own margin s_y − s_y + 1 = 1 is always above 0, so it gets one −1 too many; ${sum}.`,
      delta: inTrueClass((value) => value - one),
    },
    {
      text: 'the column of the true class is missing: it has a gradient too, −Σ of the others for the SVM (E5).',
      delta: inTrueClass(() => 0),
    },
    {
      text: 'only the column of the true class is there: the other classes have a gradient too (E5).',
      delta: right.map((value, k) => (y[k] === 1 ? value : 0)),
    },
    {
      text: 'the true class has −1, as if one other class alone were inside the margin: it is −1 for each of them, −Σ of the others (E5).',
      delta: inTrueClass(() => -one),
    },
    {
      text: 'the true class has −1 wherever another is inside the margin: it is −1 for each of them, −Σ of the others (E5).',
      delta: inTrueClass((value) => (Math.abs(value) > 1e-6 * one ? -one : 0)),
    },
    {
      text: `the true class gets 𝟙[1 > 0] = 1 as if it were another class, beside its −Σ; ${sum}.`,
      delta: inTrueClass((value) => value + one),
    },
    {
      text: 'the true class is treated like every other, as 𝟙[s_y − s_y + 1 > 0] = 1: it gets −Σ of the others (E5).',
      delta: inTrueClass(() => one),
    },
    {
      text: 'the true class has +Σ of the others: its score lowers every margin, so it is −Σ (E5).',
      delta: inTrueClass((value) => -value),
    },
  ];
}

function insideOf(z: Float64Array, y: Float64Array, classes: number) {
  const margins = z.map((s, k) => {
    if (y[k] === 1) return 0;
    const start = k - (k % classes);
    let own = 0;
    for (let j = start; j < start + classes; j++) own += y[j] * z[j];
    return s - own + 1;
  });
  const inside = margins.map((margin, k) => (y[k] !== 1 && margin > 0 ? 1 : 0));
  const counts = inside.map((_, k) => {
    const start = k - (k % classes);
    return inside.subarray(start, start + classes).reduce((a, b) => a + b, 0);
  });
  return { margins, inside, counts };
}

const squaredError = ({ name, isIdentity, at, slope }: Phi): Head => ({
  name: `squared error of ${name}`,
  rule: isIdentity ? 'x − y' : '(x − y) ⊙ φ′(z)',
  value: ({ z, y }) => Float64Array.of(at(z).reduce((sum, out, k) => sum + (out - y[k]) ** 2 / 2, 0)),
  delta: ({ z, y }) => times(plus(at(z), -1, y), slope(z)),
  mistakes: ({ z, y }) => {
    const out = at(z);
    const right = 'for squared error δ = (x − y) ⊙ φ′(z) (D4)';
    const by = (factor: ArrayLike<number>) => times(plus(out, -1, y), factor);
    const onTargets = targetMistakes(out, y, 'x', right).map(({ text, delta }) => ({
      text,
      delta: times(delta, slope(z)),
    }));
    if (isIdentity) return onTargets;
    return [
      ...onTargets,
      { text: `φ′ is missing: x − y alone; ${right}.`, delta: plus(out, -1, y) },
      { text: `φ stands where φ′ belongs; ${right}.`, delta: by(out) },
      {
        text: `φ′ is evaluated at the output x = φ(z) instead of at z; ${right}.`,
        delta: by(slope(out)),
      },
      { text: `φ′ is multiplied in twice; ${right}.`, delta: by(slope(z).map((s) => s * s)) },
      {
        text: `σ′ is written z(1 − z), of the pre-activation z: it is x(1 − x) with the output x; ${right}.`,
        delta: by(z.map((v) => v * (1 - v))),
      },
      {
        text: `tanh′ is written 1 − z², of the pre-activation z: it is 1 − x² with the output x; ${right}.`,
        delta: by(z.map((v) => 1 - v * v)),
      },
      {
        text: `the activation is missing in x − y: z − y; ${right}.`,
        delta: times(plus(z, -1, y), slope(z)),
      },
    ];
  },
});

const SQUARED_ERRORS: ReadonlyMap<ActivationName, Head> = new Map(
  PHIS.map((phi) => [phi.name, squaredError(phi)]),
);

/** The losses that a network is recognised by. */
export const LOSSES: readonly Head[] = [
  CROSS_ENTROPY,
  SIGMOID_CROSS_ENTROPY,
  SVM,
  ...SQUARED_ERRORS.values(),
];

/** The head of a loss of the project, behind an output activation where it has one. */
export function headOf(loss: LossName, output: ActivationName): Head | undefined {
  const heads: Readonly<Record<LossName, Head | undefined>> = {
    'softmax-cross-entropy': CROSS_ENTROPY,
    'sigmoid-cross-entropy': SIGMOID_CROSS_ENTROPY,
    svm: SVM,
    'squared-error': SQUARED_ERRORS.get(output),
  };
  return heads[loss];
}

/** Endings of a network that gets δ from above: there y is that δ. */
export const OUTPUTS: readonly Head[] = [
  ...PHIS.map(
    ({ name, isIdentity, at, slope }): Head => ({
      name,
      rule: isIdentity ? 'δ' : 'δ ⊙ φ′(z)',
      value: ({ z }) => at(z),
      delta: ({ z, y }) => times(y, slope(z)),
      mistakes: ({ z, y }) => {
        if (isIdentity) return [];
        const right = 'at the output it is δ ⊙ φ′(z) (D4)';
        return [
          { text: `φ′ is missing: δ is passed on as it is; ${right}.`, delta: y },
          { text: `φ stands where φ′ belongs; ${right}.`, delta: times(y, at(z)) },
          {
            text: `φ′ is evaluated at the output φ(z) instead of at z; ${right}.`,
            delta: times(y, slope(at(z))),
          },
          {
            text: `φ′ is multiplied in twice; ${right}.`,
            delta: times(
              y,
              slope(z).map((s) => s * s),
            ),
          },
          {
            text: `σ′ is written z(1 − z), of the pre-activation z: with the output y it is y(1 − y); ${right}.`,
            delta: times(
              y,
              z.map((v) => v * (1 - v)),
            ),
          },
        ];
      },
    }),
  ),
  {
    name: 'softmax',
    rule: 'δ times the softmax Jacobian',
    value: ({ z, classes }) => softmaxRows(z, classes),
    delta: ({ z, y, classes }) => throughSoftmax(y, softmaxRows(z, classes), classes),
    mistakes: ({ z, y, classes }) => {
      const p = softmaxRows(z, classes);
      return [
        {
          text: 'only the diagonal of the softmax Jacobian is used, pᵢ(1 − pᵢ): ∂pᵢ/∂sⱼ = −pᵢpⱼ for j ≠ i is missing (B4).',
          delta: times(
            y,
            p.map((q) => q * (1 - q)),
          ),
        },
        { text: 'the softmax Jacobian is missing: δ is ∂L/∂p, not ∂L/∂s (B4).', delta: y },
      ];
    },
  },
];

const complement = (y: Float64Array): Float64Array => y.map((t) => 1 - t);

function targetMistakes(p: Float64Array, y: Float64Array, letter: string, right: string): HeadMistake[] {
  return [
    { text: `the targets are missing: ${letter} where ${letter} − y belongs; ${right}.`, delta: p },
    { text: `y is added where it is to be subtracted: ${letter} + y; ${right}.`, delta: plus(p, 1, y) },
    { text: `y is subtracted twice: ${letter} − 2y; ${right}.`, delta: plus(p, -2, y) },
  ];
}
