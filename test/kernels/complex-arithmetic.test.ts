/** The complex kernels on complex numbers: arithmetic, one-sided derivatives at corners, refusals. */

import { describe, expect, test } from 'vitest';
import { ComplexKernels, type ComplexMatrix } from '../../src/kernels/complex.ts';
import type { Complex } from '../../src/kernels/complex-elementary.ts';
import type { Matrix } from '../../src/kernels/matrix.ts';
import { Random } from '../../src/kernels/random.ts';
import { ReferenceKernels } from '../../src/kernels/reference.ts';

const reference = new ReferenceKernels('float64');

const multiply = ([a, b]: Complex, [c, d]: Complex): Complex => [a * c - b * d, a * d + b * c];
const add = ([a, b]: Complex, [c, d]: Complex): Complex => [a + c, b + d];

/** A matrix of complex numbers. */
function complexMatrix(kernels: ComplexKernels, rows: readonly (readonly Complex[])[]): ComplexMatrix {
  const matrix = kernels.matrix(rows.length, rows[0].length);
  matrix.values.set(rows.flat().map(([re]) => re));
  matrix.imaginary.set(rows.flat().map(([, im]) => im));
  return matrix;
}

const entries = (kernels: ComplexKernels, x: Matrix): Complex[] => {
  const imaginary = kernels.readImaginary(x);
  return [...kernels.read(x)].map((re, k) => [re, imaginary[k]]);
};

describe('on complex numbers', () => {
  const kernels = new ComplexKernels();
  const random = new Random(5, 'whole numbers');
  /** Small whole numbers, on which everything but division is exact. */
  const whole = (rows: number, cols: number): Complex[][] =>
    Array.from({ length: rows }, () =>
      Array.from({ length: cols }, () => [random.below(9) - 4, random.below(9) - 4] as Complex),
    );

  test('affine: nothing is conjugated, b and w are complex too', () => {
    const [x, w, b] = [whole(3, 4), whole(4, 2), whole(1, 2)];
    const z = kernels.matrix(3, 2);
    kernels.affine(complexMatrix(kernels, x), complexMatrix(kernels, w), complexMatrix(kernels, b), z);
    const want = x.flatMap((row) =>
      b[0].map((start, j) => row.reduce((sum, v, k) => add(sum, multiply(v, w[k][j])), start)),
    );
    expect(entries(kernels, z)).toEqual(want);
  });

  test('an imaginary part beside a real part of 0 counts', () => {
    const z = kernels.matrix(1, 1);
    const [x, w, b] = (
      [
        [0, 2],
        [3, 0],
        [1, 0],
      ] as const
    ).map((value) => complexMatrix(kernels, [[value]]));
    kernels.affine(x, w, b, z);
    expect(entries(kernels, z)).toEqual([[1, 6]]);
  });

  test('squared error, mean, sums of squares, scaled sums', () => {
    const [x, y] = [whole(3, 4), whole(3, 4)];
    const [a, b] = [complexMatrix(kernels, x), complexMatrix(kernels, y)];
    const [losses, out] = [kernels.matrix(3, 1), kernels.matrix(1, 1)];
    kernels.loss('squared-error', a, b, losses, losses);
    const want = x.map((row, i) =>
      row.reduce<Complex>(
        (sum, v, k) => {
          const d = add(v, [-y[i][k][0], -y[i][k][1]]);
          return add(sum, multiply(d, d).map((part) => part / 2) as unknown as Complex);
        },
        [0, 0],
      ),
    );
    expect(entries(kernels, losses)).toEqual(want);
    kernels.mean(losses, out);
    const sum = want.reduce(add);
    expect(entries(kernels, out)).toEqual([[sum[0] / 3, sum[1] / 3]]);

    kernels.fill(out, 1);
    kernels.addSumOfSquares(a, 0.5, out);
    const squares = x.flat().reduce<Complex>((total, v) => add(total, multiply(v, v)), [0, 0]);
    expect(entries(kernels, out)).toEqual([[1 + squares[0] / 2, squares[1] / 2]]);

    kernels.addScaled(a, 2, b);
    expect(entries(kernels, b)).toEqual(y.flat().map((v, k) => add(v, add(x.flat()[k], x.flat()[k]))));
  });

  /** Σ over the row of e^s by the engine’s functions, and the quotients. */
  const exponential = ([a, b]: Complex): Complex => [Math.exp(a) * Math.cos(b), Math.exp(a) * Math.sin(b)];
  const quotient = ([a, b]: Complex, [c, d]: Complex): Complex => {
    const size = c * c + d * d;
    return [(a * c + b * d) / size, (b * c - a * d) / size];
  };
  const logarithm = ([a, b]: Complex): Complex => [Math.log(Math.hypot(a, b)), Math.atan2(b, a)];
  const close = (got: Complex[], want: Complex[]) =>
    got.forEach(([re, im], k) => {
      expect(re).toBeCloseTo(want[k][0], 13);
      expect(im).toBeCloseTo(want[k][1], 13);
    });

  test('softmax and both cross-entropies, of scores and targets that are complex', () => {
    const near = (): Complex => [random.uniform(-2, 2), random.uniform(-0.01, 0.01)];
    const s = [near(), near(), near()];
    const y = [near(), near(), near()];
    const [p, losses] = [kernels.matrix(1, 3), kernels.matrix(1, 1)];
    const [scores, targets] = [complexMatrix(kernels, [s]), complexMatrix(kernels, [y])];

    kernels.loss('softmax-cross-entropy', scores, targets, p, losses);
    const total = s.map(exponential).reduce(add);
    const shares = s.map((v) => quotient(exponential(v), total));
    close(entries(kernels, p), shares);
    const minus = (v: Complex): Complex => [-v[0], -v[1]];
    close(entries(kernels, losses), [
      minus(y.map((target, j) => multiply(target, logarithm(shares[j]))).reduce(add)),
    ]);

    kernels.loss('sigmoid-cross-entropy', scores, targets, p, losses);
    const on = s.map((v) => quotient([1, 0], add([1, 0], exponential(minus(v)))));
    close(entries(kernels, p), on);
    close(entries(kernels, losses), [
      minus(
        y
          .map((target, j) =>
            add(
              multiply(target, logarithm(on[j])),
              multiply(add([1, 0], minus(target)), logarithm(add([1, 0], minus(on[j])))),
            ),
          )
          .reduce(add),
      ),
    ]);
  });

  test('relu and svm look at the real part', () => {
    const z = complexMatrix(kernels, [
      [
        [1, -5],
        [-1, 5],
        [1e-300, 3],
        [-1e-300, 3],
      ],
    ]);
    kernels.activation('relu', z, z);
    expect(entries(kernels, z)).toEqual([
      [1, -5],
      [0, 0],
      [1e-300, 3],
      [0, 0],
    ]);
    const s = complexMatrix(kernels, [
      [
        [2, 0.5],
        [1.5, 3],
        [0.75, 7],
        [3, -1],
      ],
    ]);
    const y = complexMatrix(kernels, [
      [
        [1, 0],
        [0, 0],
        [0, 0],
        [0, 0],
      ],
    ]);
    const losses = kernels.matrix(1, 1);
    kernels.loss('svm', s, y, losses, losses);
    // Margins ½ + 2.5i, −¼ and 2 − 1.5i.
    expect(entries(kernels, losses)).toEqual([[2.5, 1]]);
  });
});

describe('at a corner', () => {
  const h = 2 ** -100;

  /** Im relu(0 + ih) / h by side, and how many comparisons met a corner. */
  const slopes = (re: number, direction: number) =>
    ([-1, 0, 1] as const).map((side) => {
      const kernels = new ComplexKernels();
      kernels.side = side;
      const z = complexMatrix(kernels, [[[re, direction * h]]]);
      const x = kernels.matrix(1, 1);
      kernels.activation('relu', z, x);
      return [kernels.readImaginary(x)[0] / h, kernels.kinks];
    });

  test.each([0, -0])('of relu at %d: 0 to the left, 1 to the right, and by the value there 0', (zero) => {
    expect(slopes(zero, 1)).toEqual([
      [0, 1],
      [0, 1],
      [1, 1],
    ]);
    // Against the direction of the step: left is right, and the derivative of what comes in is −1.
    expect(slopes(zero, -1)).toEqual([
      [-1, 1],
      [0, 1],
      [0, 1],
    ]);
  });

  test('a number that is real, or not 0, is not at one', () => {
    for (const [re, direction] of [
      [0, 0],
      [-0, 0],
      [1e-300, 1],
      [-1e-300, 1],
    ]) {
      for (const [, kinks] of slopes(re, direction)) expect(kinks).toBe(0);
    }
  });

  test('of the hinge: each margin of 0 is one, for its score and for that of the class', () => {
    const s: [number, number, number] = [2, 1, 1.5]; // margins 0 and ½
    const derivatives = (at: number) =>
      ([-1, 0, 1] as const).map((side) => {
        const kernels = new ComplexKernels();
        kernels.side = side;
        const scores = complexMatrix(kernels, [s.map((re, j): Complex => [re, j === at ? h : 0])]);
        const y = complexMatrix(kernels, [
          [
            [1, 0],
            [0, 0],
            [0, 0],
          ],
        ]);
        const losses = kernels.matrix(1, 1);
        kernels.loss('svm', scores, y, losses, losses);
        expect(kernels.read(losses)[0]).toBe(0.5);
        return [kernels.readImaginary(losses)[0] / h, kernels.kinks];
      });
    // By the class's score: two margins fall; the one at the corner counts only where it rises, that is to the left.
    expect(derivatives(0)).toEqual([
      [-2, 1],
      [-1, 1],
      [-1, 1],
    ]);
    expect(derivatives(1)).toEqual([
      [0, 1],
      [0, 1],
      [1, 1],
    ]);
    expect(derivatives(2)).toEqual([
      [1, 0],
      [1, 0],
      [1, 0],
    ]);
  });

  test('corners are counted from where the count was set to 0', () => {
    const kernels = new ComplexKernels();
    const z = complexMatrix(kernels, [
      [
        [0, h],
        [0, -h],
        [1, h],
      ],
    ]);
    const x = kernels.matrix(1, 3);
    kernels.activation('relu', z, x);
    kernels.activation('relu', z, x);
    expect(kernels.kinks).toBe(4);
    kernels.kinks = 0;
    kernels.activation('relu', z, x);
    expect(kernels.kinks).toBe(2);
  });
});

describe('refused:', () => {
  const kernels = new ComplexKernels();

  const refusal = new RangeError('ComplexKernels: expected a matrix of complex numbers, got real ones');
  const real = () => reference.matrix(1, 1);
  const own = () => complexMatrix(kernels, [[[1, 0]]]);

  test.each<[string, () => void]>([
    ['write', () => kernels.write(real(), [1])],
    ['readImaginary', () => kernels.readImaginary(real())],
    ['affine of a real x', () => kernels.affine(real(), own(), own(), own())],
    ['affine of a real w', () => kernels.affine(own(), real(), own(), own())],
    ['affine of a real b', () => kernels.affine(own(), own(), real(), own())],
    ['affine into a real z', () => kernels.affine(own(), own(), own(), real())],
    ['relu of', () => kernels.activation('relu', real(), own())],
    ['relu into', () => kernels.activation('relu', own(), real())],
    ['sigmoid of', () => kernels.activation('sigmoid', real(), own())],
    ['tanh into', () => kernels.activation('tanh', own(), real())],
    ['squaredError', () => kernels.loss('squared-error', own(), real(), own(), own())],
    ['softmaxCrossEntropy', () => kernels.loss('softmax-cross-entropy', real(), own(), own(), own())],
    ['sigmoidCrossEntropy', () => kernels.loss('sigmoid-cross-entropy', own(), real(), own(), own())],
    ['mean', () => kernels.mean(real(), own())],
    ['addSumOfSquares', () => kernels.addSumOfSquares(real(), 1, own())],
    ['addScaled', () => kernels.addScaled(own(), 1, real())],
    ['fill', () => kernels.fill(real(), 1)],
    ['argmax', () => kernels.argmax(own(), real())],
    ['countCorrect', () => kernels.countCorrect(own(), own(), real())],
    ['allFinite', () => kernels.allFinite(real())],
  ])('a matrix of other kernels: %s', (_, operation) => expect(operation).toThrow(refusal));

  test('more rows than there is room for', () => {
    const [one, two] = [kernels.matrix(1, 1), kernels.matrix(2, 1)];
    const full = new RangeError('kernels: expected at most 1 rows, got 2');
    expect(() => kernels.affine(two, one, one, one)).toThrow(full);
    expect(() => kernels.activation('relu', two, one)).toThrow(full);
    expect(() => kernels.loss('squared-error', two, two, one, one)).toThrow(full);
    expect(() => kernels.loss('softmax-cross-entropy', two, two, one, two)).toThrow(full);
    expect(() => kernels.loss('softmax-cross-entropy', two, two, two, one)).toThrow(full);
  });
});
