/** The usual mistakes, made in whole networks: each is named in those of its gradients that it spoils. */

import { expect, test } from 'vitest';
import { checkModule } from '../../../src/check/module/module.ts';
import { columnSums, map, product, type Rows, transpose } from '../module/modules.ts';
import { failures } from './expect-diagnosed.ts';
import {
  marginsOf,
  minus,
  type NetworkOptions,
  networkModule,
  ones,
  type Pass,
  plus,
  scale,
  times,
  type WayBack,
} from './networks.ts';

interface Mistake {
  readonly what: string;
  readonly says: RegExp;
  readonly wrong: Partial<WayBack>;
  /** Which networks it can be made in. */
  readonly only?: (options: NetworkOptions) => boolean;
}

const upstream = ({ w }: Pass, above: Rows, l: number): Rows => product(above, transpose(w[l + 1]));
const hidden = (change: (pass: Pass, da: Rows, l: number, above: Rows) => Rows): Partial<WayBack> => ({
  hidden: (pass, above, l) => change(pass, upstream(pass, above, l), l, above),
});
const top = (change: (pass: Pass, p: Rows) => Rows): Partial<WayBack> => ({
  top: (pass) => change(pass, pass.a[pass.a.length - 1]),
});
const weights = (change: (pass: Pass, delta: Rows, l: number) => Rows | undefined): Partial<WayBack> => ({
  weights: (pass, delta, l) =>
    plus(
      change(pass, delta, l) ?? product(transpose(l === 0 ? pass.x : pass.a[l - 1]), delta),
      scale(pass.w[l], pass.lambda),
    ),
});
const decay = (factor: (pass: Pass) => number): Partial<WayBack> => ({
  weights: (pass, delta, l) =>
    plus(
      product(transpose(l === 0 ? pass.x : pass.a[l - 1]), delta),
      scale(pass.w[l], factor(pass) * pass.lambda),
    ),
});

const isSoftmax = ({ loss = 'softmax' }: NetworkOptions) => loss === 'softmax';
const isSquared = ({ loss }: NetworkOptions) => loss === 'squared';
const isSvm = ({ loss }: NetworkOptions) => loss === 'svm';
const isSigmoid = ({ phi = 'sigmoid' }: NetworkOptions) => phi === 'sigmoid';
const isRelu = ({ phi }: NetworkOptions) => phi === 'relu';
const hasDecay = ({ lambda = 0 }: NetworkOptions) => lambda !== 0;
const svmDelta =
  (own: (count: number) => number) =>
  ({ z, y, n }: Pass) => {
    const inside = map(marginsOf(z[z.length - 1], y), (m) => (m > 0 ? 1 : 0));
    return map(inside, (v, i, j) => (y[i][j] === 1 ? own(inside[i].reduce((s, u) => s + u, 0)) : v) / n);
  };

const MISTAKES: readonly Mistake[] = [
  { what: 'φ′ missing', says: /^φ′ is missing, δ1/, wrong: hidden((_, da) => da) },
  {
    what: 'φ′ doubled',
    says: /^φ′ is multiplied in twice/,
    wrong: hidden(({ z, slope }, da, l) => times(times(da, slope(z[l])), slope(z[l]))),
    only: (options) => !isRelu(options),
  },
  {
    what: 'φ′ at the activation',
    says: /^φ′ is evaluated at the activation φ\(z1\)/,
    wrong: hidden(({ a, slope }, da, l) => times(da, slope(a[l]))),
    only: (options) => !isRelu(options),
  },
  {
    what: 'φ for φ′',
    says: /^φ stands where φ′ belongs/,
    wrong: hidden(({ a }, da, l) => times(da, a[l])),
  },
  {
    what: 'σ′ as z(1 − z)',
    says: /^σ′ is written z\(1 − z\)/,
    wrong: hidden(({ z }, da, l) =>
      times(
        da,
        map(z[l], (v) => v * (1 - v)),
      ),
    ),
    only: isSigmoid,
  },
  {
    what: 'δ of the layer above forgotten',
    says: /of the layer above is forgotten/,
    wrong: hidden(({ z, slope }, _, l) => slope(z[l])),
  },
  {
    what: 'δ of the layer above as 1',
    says: /of the layer above is forgotten, as if it were 1/,
    wrong: hidden((pass, _, l, above) => times(upstream(pass, ones(above), l), pass.slope(pass.z[l]))),
  },
  {
    what: 'the mask on the wrong side of W',
    says: /on the wrong side/,
    wrong: hidden((pass, _, l, above) => upstream(pass, times(above, pass.slope(pass.z[l + 1])), l)),
  },
  {
    what: 'the bias left out of the mask',
    says: /without the bias b/,
    wrong: hidden(({ z, b, slope }, da, l) => times(da, slope(map(z[l], (v, _, j) => v - b[l][j])))),
  },
  {
    what: 'dW2 from z1 for x1',
    says: /^the pre-activation z1 stands where the layer's input x1 belongs/,
    wrong: weights(({ z }, delta, l) => (l === 1 ? product(transpose(z[0]), delta) : undefined)),
  },
  {
    what: 'db from before the mask',
    says: /^db1 is summed from ∂L\/∂x1, before/,
    wrong: (() => {
      const before = new Map<number, Rows>();
      return {
        hidden: (pass, above, l) => {
          before.set(l, upstream(pass, above, l));
          return times(upstream(pass, above, l), pass.slope(pass.z[l]));
        },
        bias: (_, delta, l) => columnSums(l === 0 ? (before.get(0) as Rows) : delta),
      };
    })(),
  },
  {
    what: '1/N missing',
    says: /^N times too large|1\/N is missing/,
    wrong: { top: (pass) => scale(rightTop(pass), pass.n) },
  },
  {
    what: '1/N twice',
    says: /^divided by N = 6 once too often|divided by N = 6 once too often/,
    wrong: { top: (pass) => scale(rightTop(pass), 1 / pass.n) },
  },
  {
    what: 'the targets missing',
    says: /the targets are missing/,
    wrong: top(({ n }, p) => scale(p, 1 / n)),
    only: isSoftmax,
  },
  {
    what: '−Y/P without the Jacobian',
    says: /the softmax Jacobian is missing between them/,
    wrong: top(({ y, n }, p) => map(p, (v, i, j) => -y[i][j] / v / n)),
    only: isSoftmax,
  },
  {
    what: "the Jacobian's diagonal only",
    says: /only the diagonal of the softmax Jacobian/,
    wrong: top(({ y, n }, p) => map(p, (v, i, j) => (-y[i][j] / v / n) * v * (1 - v))),
    only: isSoftmax,
  },
  {
    what: 'the Jacobian applied to P − Y',
    says: /the softmax Jacobian is applied to p − y/,
    wrong: top(({ y, n }, p) => {
      const d = minus(p, y);
      return map(d, (v, i, j) => (p[i][j] * (v - d[i].reduce((s, u, k) => s + u * p[i][k], 0))) / n);
    }),
    only: isSoftmax,
  },
  {
    what: 'φ′ missing at the output',
    says: /^in δ\d, φ′ is missing: x − y alone/,
    wrong: top(({ y, n }, out) => scale(minus(out, y), 1 / n)),
    only: isSquared,
  },
  {
    what: 'the own class counted',
    says: /the true class is counted too/,
    wrong: top(svmDelta((count) => -(count + 1))),
    only: isSvm,
  },
  {
    what: 'the own class left out',
    says: /the column of the true class is missing/,
    wrong: top(svmDelta(() => 0)),
    only: isSvm,
  },
  {
    what: 'λ missing',
    says: /^the L2 term is missing: add λW\d with λ = 0\.1;/,
    wrong: decay(() => 0),
    only: hasDecay,
  },
  { what: 'λ halved', says: /^half of λW\d is missing/, wrong: decay(() => 1 / 2), only: hasDecay },
  { what: 'λ doubled', says: /^λW\d is added twice/, wrong: decay(() => 2), only: hasDecay },
  { what: 'λ/N', says: /^λW\d is divided by N = 6/, wrong: decay(({ n }) => 1 / n), only: hasDecay },
];

/** The right δ of the last layer, of each loss. */
function rightTop(pass: Pass): Rows {
  const { a, z, y, n, slope } = pass;
  const last = a.length - 1;
  // softmax has rows of sum 1, which of squared error's outputs none has.
  const isPart = a[last].every((row) => Math.abs(row.reduce((s, v) => s + v, 0) - 1) < 1e-9);
  return isPart ? scale(minus(a[last], y), 1 / n) : scale(times(minus(a[last], y), slope(z[last])), 1 / n);
}

const NETWORKS: readonly NetworkOptions[] = [
  {},
  { phi: 'relu' },
  { phi: 'tanh', sizes: [3, 5, 4, 2] },
  { phi: 'relu', columns: true },
  { phi: 'relu', lambda: 0.1 },
  { phi: 'sigmoid', loss: 'squared', sizes: [4, 5, 2] },
  { phi: 'relu', loss: 'svm' },
  { phi: 'softplus', loss: 'svm', lambda: 0.1 },
];

const nameOf = (options: NetworkOptions) => JSON.stringify(options);

test.each(NETWORKS.map((options) => [nameOf(options), options] as const))('%s is right', (_, options) => {
  for (const seed of [1, 2, 3]) expect(failures(networkModule(options), seed)).toEqual({});
});

/** Each mistake in two of the networks it can be made in, so that every network has its turn. */
const cases = MISTAKES.flatMap(({ what, says, wrong, only }, i) => {
  const fitting = NETWORKS.filter(
    (options) => (only === undefined || only(options)) && !(isSvm(options) && /1\/N/.test(what)),
  );
  const chosen = new Set([fitting[i % fitting.length], fitting[(i + 1) % fitting.length]]);
  return [...chosen].map((options) => [what, nameOf(options), options, wrong, says] as const);
});

test.each(cases)('%s in %s', (_what, _name, options, wrong, says) => {
  const found = failures(networkModule(options, wrong), 3);
  expect(Object.keys(found).length).toBeGreaterThan(0);
  for (const [name, diagnosis] of Object.entries(found)) expect(diagnosis, name).toMatch(says);
});

test('a mistake without a name is placed between the gradients that are right and those that are wrong', () => {
  const odd = networkModule(
    {},
    hidden(({ z }, da, l) => map(da, (v, i, j) => v * Math.cos(z[l][i][j]))),
  );
  const { checks } = checkModule(odd);
  const between =
    'dW2 and db2 are right, dW1 and db1 are wrong: the mistake is between them, in δ1 = (δ2 W2ᵀ) ⊙ φ′(z1).';
  for (const { name, passed, diagnosis } of checks) {
    expect([name, diagnosis]).toEqual([name, /^d[Wb]1$/.test(name) ? between : null]);
    expect(passed).toBe(!/^d[Wb]1$/.test(name));
  }
});
