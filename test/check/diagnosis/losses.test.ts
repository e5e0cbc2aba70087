/** Wrong losses and weight decay, each diagnosed by name. */

import { describe, expect, test } from 'vitest';
import {
  classifier,
  crossEntropy,
  map,
  product,
  type Rows,
  sigmaPrime,
  softmax,
  squaredError,
  svm,
  transpose,
} from '../module/modules.ts';
import { expectDiagnosed, failures } from './expect-diagnosed.ts';

describe('a loss', () => {
  test.each<[string, object, RegExp]>([
    ['no 1/N', crossEntropy((p, y) => p - y), /^N times too large: multiply by 1\/N, N = 4/],
    ['1/N twice', crossEntropy((p, y, n) => (p - y) / n ** 2), /^divided by N = 4 once too often/],
    ['1/(N·C)', crossEntropy((p, y, n) => (p - y) / n / 3), /^divided by the number of columns, C = 3/],
    [
      '1/C for 1/N',
      crossEntropy((p, y) => (p - y) / 3),
      /^divided by C = 3 where it is to be divided by N = 4/,
    ],
    ['y − p', crossEntropy((p, y, n) => (y - p) / n), /^the sign is wrong/],
    ['y − p without 1/N', crossEntropy((p, y) => y - p), /^N times too large: .*and the sign is wrong/],
    ['p alone', crossEntropy((p, _, n) => p / n), /^the targets are missing: p where p − y belongs/],
    [
      'p alone without 1/N',
      crossEntropy((p) => p),
      /^two things\. First, the targets are missing.*Then, N times/,
    ],
    ['p + y', crossEntropy((p, y, n) => (p + y) / n), /^y is added where it is to be subtracted/],
    ['p − 2y', crossEntropy((p, y, n) => (p - 2 * y) / n), /^y is subtracted twice/],
    ['s − y', crossEntropy((_p, y, n, x) => (x - y) / n), /^softmax is missing/],
    [
      'the Jacobian on top',
      crossEntropy((p, y, n) => ((p - y) * p * (1 - p)) / n),
      /^the softmax Jacobian is applied/,
    ],
    [
      'no true class',
      crossEntropy((p, y, n) => (y === 1 ? 0 : p / n)),
      /^the column of the true class is missing/,
    ],
    [
      'only the true class',
      crossEntropy((p, y, n) => (y === 1 ? (p - 1) / n : 0)),
      /^only the column of the true class/,
    ],
    ['D4 without φ′', squaredError((x, y, n) => (x - y) / n), /^φ′ is missing: x − y alone.*D4/],
    ['D4 with φ for φ′', squaredError((x, y, n) => ((x - y) * x) / n), /^φ stands where φ′ belongs/],
    [
      'D4 with φ′(x)',
      squaredError((x, y, n) => ((x - y) * sigmaPrime(x)) / n),
      /^φ′ is evaluated at the output/,
    ],
    [
      'D4 without φ′, doubled',
      squaredError((x, y, n) => (2 * (x - y)) / n),
      /^two things.*φ′ is missing.*twice/,
    ],
    [
      'E5 without the true class',
      svm((g, y) => (y === 1 ? 0 : g)),
      /^the column of the true class is missing.*E5/,
    ],
    [
      'E5 with −1 in the true class',
      svm((g, y) => (y === 1 ? -1 / 4 : g)),
      /^the true class has −1, as if one other class alone/,
    ],
    [
      'E5 with the own margin counted',
      svm((g, y) => (y === 1 ? g - 1 / 4 : g)),
      /^the true class is counted too: .*E5/,
    ],
    [
      'E5 with 1 in the true class beside the sum',
      { ...svm((g, y) => (y === 1 ? g + 1 / 6 : g)), shapes: { x: [6, 4] } },
      /^the true class gets 𝟙\[1 > 0\] = 1 .*E5/,
    ],
  ])('%s', (_, module, words) => expectDiagnosed(module, { dx: words }));

  test('off by one class', () => {
    const right = crossEntropy(() => 0);
    const wrong = (by: number) => ({
      ...right,
      backward: (x: Rows, y: Rows) => map(softmax(x), (p, i, j) => (p - y[i][(j + by) % 3]) / 4),
    });
    expectDiagnosed(wrong(2), { dx: /^off by one class: the 1 is subtracted from the class above/ });
    expectDiagnosed(wrong(1), { dx: /^off by one class: .* below/ });
  });
});

describe('weight decay', () => {
  test.each<[string, object, Record<string, RegExp>]>([
    ['missing', classifier(0.3, () => 0), { dW: /^the L2 term is missing: add λW with λ = 0\.3;.*C4/ }],
    [
      'doubled',
      classifier(0.3, (w) => 0.6 * w),
      { dW: /^λW is added twice, or 2λW: λ = 0\.3 once is right/ },
    ],
    [
      'of the wrong sign',
      classifier(0.3, (w) => -0.3 * w),
      { dW: /^λW has the wrong sign: add it, with λ = 0\.3/ },
    ],
    [
      'on the biases',
      classifier(0.3, (w) => 0.3 * w, 0.3),
      { db: /^0\.3 × b is added as weight decay, but biases/ },
    ],
    [
      'where there is none',
      classifier(0, (w) => 0.1 * w),
      { dW: /^0\.1 × W is added as weight decay, but forward/ },
    ],
    ['divided by N', classifier(0.3, (w) => (0.3 * w) / 5), { dW: /^λW is divided by N = 5: .* λ = 0\.3/ }],
    [
      'with a factor that has no name',
      { ...classifier(0.3, (w) => 0.07 * w), lambda: 0.3 },
      { dW: /^the factor of W is not λ: 0\.07 × W is added, λ = 0\.3 is right/ },
    ],
    [
      'with a λ that the module tells',
      { ...classifier(0.3, (w) => 0.15 * w), lambda: 0.3 },
      { dW: /^half of λW is missing/ },
    ],
  ])('%s', (_, module, expected) => expectDiagnosed(module, expected));

  /** −log softmax(xW) as the formula says it, of which log 0 comes far out, + λ/2 Σ w²; λ is not told. */
  const plain = (lambda: number, decay: number) => ({
    shapes: { x: [4, 3], y: [4, 5], W: [3, 5] },
    inputGradient: false,
    forward: (x: Rows, y: Rows, { W }: { W: Rows }) =>
      -softmax(product(x, W)).reduce(
        (sum, p, n) => sum + Math.log(p.reduce((s, q, j) => s + q * y[n][j], 0)) / x.length,
        0,
      ) +
      (lambda / 2) * W.flat().reduce((sum, w) => sum + w * w, 0),
    backward: (x: Rows, y: Rows, { W }: { W: Rows }) => ({
      W: map(
        product(
          transpose(x),
          map(softmax(product(x, W)), (p, n, j) => (p - y[n][j]) / x.length),
        ),
        (g, i, j) => g + decay * W[i][j],
      ),
    }),
  });

  test.each<[string, number, RegExp]>([
    ['missing', 0, /^the L2 term is missing: add λW with λ = (\S+);/],
    ['doubled', 2, /^λW is added twice, or 2λW: λ = (\S+) once/],
    ['half', 1 / 2, /^half of λW is missing: .* λ = (\S+)\.$/],
    ['of the wrong sign', -1, /^λW has the wrong sign: add it, with λ = (\S+);/],
  ])('in −log softmax, untold: %s', (_, factor, words) => {
    for (const lambda of [0.1, 0.01]) {
      for (let seed = 1; seed <= 5; seed++) {
        const found = failures(plain(lambda, factor * lambda), seed);
        expect(Object.keys(found)).toEqual(['dW']);
        expect(words.exec(found.dW ?? '')?.[1], `${found.dW}`).toBe(String(lambda));
      }
    }
    expect(failures(plain(0.1, 0.1))).toEqual({});
  });

  /** ½‖xW − y‖² + λ/2 Σ w², a loss that grows with the square of W by itself; λ = 0.3. */
  const regression = (decay: number) => ({
    shapes: { x: [4, 3], y: [4, 2], W: [3, 2] },
    targets: 'real',
    inputGradient: false,
    forward: (x: Rows, y: Rows, { W }: { W: Rows }) =>
      map(product(x, W), (v, i, j) => (v - y[i][j]) ** 2 / 2)
        .flat()
        .concat(W.flat().map((w) => (0.3 / 2) * w * w))
        .reduce((a, b) => a + b),
    backward: (x: Rows, y: Rows, { W }: { W: Rows }) => ({
      W: map(
        product(
          transpose(x),
          map(product(x, W), (v, i, j) => v - y[i][j]),
        ),
        (g, i, j) => g + decay * W[i][j],
      ),
    }),
  });

  test('in a squared error is seen', () => {
    expect(failures(regression(0.3))).toEqual({});
    expectDiagnosed(regression(0), { dW: /^the L2 term is missing: add λW with λ = 0\.3;/ });
    expectDiagnosed(regression(0.6), { dW: /^λW is added twice, or 2λW: λ = 0\.3 once/ });
    expectDiagnosed({ ...regression(0.6), lambda: 0.3 }, { dW: /^λW is added twice/ });
  });

  test('subtracted from a bias', () =>
    expectDiagnosed(
      classifier(0.3, (w) => 0.3 * w, -0.2),
      { db: /^0\.2 × b is missing, as if weight decay of the wrong sign/ },
    ));
});
