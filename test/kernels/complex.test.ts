/** The complex kernels on real numbers: the bits of the reference, in every operation that a forward has need of. */

import { describe, expect, test } from 'vitest';
import { ACTIVATION_NAMES, type ActivationName } from '../../src/kernels/activations.ts';
import { ComplexKernels } from '../../src/kernels/complex.ts';
import type { Kernels } from '../../src/kernels/kernels.ts';
import { LOSS_NAMES, type LossName } from '../../src/kernels/losses.ts';
import type { Matrix } from '../../src/kernels/matrix.ts';
import { Random } from '../../src/kernels/random.ts';
import { ReferenceKernels } from '../../src/kernels/reference.ts';
import { byteSamples, nested } from '../support/matrices.ts';

const reference = new ReferenceKernels('float64');

/** Every operation of `Kernels` (the compiler sees to that), by what it is for. */
const OPERATIONS = {
  matrix: 'storage',
  weights: 'storage',
  read: 'storage',
  write: 'storage',
  load: 'storage',
  batch: 'storage',
  gather: 'storage',
  sampleSlot: 'storage',
  distort: 'storage',
  affine: 'forward',
  weightGradient: 'backward',
  columnSums: 'backward',
  inputGradient: 'backward',
  activation: 'forward',
  activationGradient: 'backward',
  dropout: 'forward',
  smoothTargets: 'forward',
  loss: 'forward',
  lossGradient: 'backward',
  mean: 'forward',
  addSumOfSquares: 'forward',
  addSumOfMagnitudes: 'forward',
  addScaledSign: 'backward',
  limitColumnNorms: 'backward',
  addScaled: 'forward',
  momentumStep: 'backward',
  nesterovStep: 'backward',
  rmsPropStep: 'backward',
  adamStep: 'backward',
  fill: 'forward',
  argmax: 'forward',
  countCorrect: 'forward',
  allFinite: 'forward',
} as const satisfies Record<keyof Kernels, 'storage' | 'forward' | 'backward'>;

type Operation = keyof typeof OPERATIONS;
type Forward = { [K in Operation]: (typeof OPERATIONS)[K] extends 'forward' ? K : never }[Operation];

const of = (use: 'forward' | 'backward') =>
  (Object.keys(OPERATIONS) as Operation[]).filter((name) => OPERATIONS[name] === use);

/** The numbers of one shape that the operations are run on, row-major. */
interface Numbers {
  readonly rows: number;
  readonly cols: number;
  readonly draw: (random: Random) => number;
}

/** Runs an operation on any kernels, on the same numbers whatever they are, and gives what it wrote. */
type Run = (kernels: Kernels, numbers: Numbers, random: Random) => Matrix[];

/** Room for two rows more than are in use; those hold NaN, which no result may show. */
function put(kernels: Kernels, rows: number, cols: number, value: (k: number) => number, spare = 2): Matrix {
  const matrix = kernels.matrix(rows + spare, cols);
  kernels.fill(matrix, Number.NaN);
  kernels.write(
    matrix,
    Float64Array.from({ length: rows * cols }, (_, k) => value(k)),
  );
  matrix.rows = rows;
  return matrix;
}

const drawn = (kernels: Kernels, { rows, cols, draw }: Numbers, random: Random) =>
  put(kernels, rows, cols, () => draw(random));

/** One-hot, the classes in turn. */
const targets = (kernels: Kernels, { rows, cols }: Numbers) =>
  put(kernels, rows, cols, (k) => (k % cols === (7 * Math.floor(k / cols)) % cols ? 1 : 0));

/** A row that sums to 1, without zeros. */
const softTargets = (kernels: Kernels, { rows, cols }: Numbers) => put(kernels, rows, cols, () => 1 / cols);

const map =
  (name: ActivationName): Run =>
  (kernels, numbers, random) => {
    const [z, x] = [drawn(kernels, numbers, random), kernels.matrix(numbers.rows + 2, numbers.cols)];
    kernels.activation(name, z, x);
    kernels.activation(name, z, z);
    return [x, z];
  };

const loss =
  (name: LossName): Run =>
  (kernels, numbers, random) =>
    [targets, softTargets].flatMap((y) => {
      const losses = kernels.matrix(numbers.rows + 2, 1);
      const p = kernels.matrix(numbers.rows + 2, numbers.cols);
      kernels.loss(name, drawn(kernels, numbers, random), y(kernels, numbers), p, losses);
      return [p, losses];
    });

const FORWARD: Record<Exclude<Forward, 'activation' | 'loss'>, Run> = {
  affine: (kernels, numbers, random) => {
    const x = drawn(kernels, numbers, random);
    const w = kernels.weights(numbers.cols, 3);
    kernels.write(
      w,
      Float64Array.from({ length: numbers.cols * 3 }, () => numbers.draw(random)),
    );
    const b = put(kernels, 1, 3, (k) => [-0, 0, 0.5][k], 0);
    const z = kernels.matrix(numbers.rows + 2, 3);
    kernels.affine(x, w, b, z);
    return [z];
  },
  dropout: (kernels, numbers, random) => {
    const [x, y] = [drawn(kernels, numbers, random), kernels.matrix(numbers.rows + 2, numbers.cols)];
    const mask = { rate: 0.4, key: [random.bits(), random.bits()] } as const;
    kernels.dropout(x, mask, y);
    kernels.dropout(x, mask, x);
    return [x, y];
  },
  smoothTargets: (kernels, numbers) => {
    const y = targets(kernels, numbers);
    kernels.smoothTargets(y, 0.1);
    return [y];
  },
  mean: (kernels, numbers, random) => {
    const out = kernels.matrix(1, 1);
    kernels.mean(drawn(kernels, { ...numbers, cols: 1 }, random), out);
    return [out];
  },
  addSumOfSquares: (kernels, numbers, random) => {
    const out = put(kernels, 1, 1, () => 0.3, 0);
    kernels.addSumOfSquares(drawn(kernels, numbers, random), 0.7, out);
    kernels.addSumOfSquares(drawn(kernels, numbers, random), -0.1, out);
    return [out];
  },
  addSumOfMagnitudes: (kernels, numbers, random) => {
    const out = put(kernels, 1, 1, () => 0.3, 0);
    kernels.addSumOfMagnitudes(drawn(kernels, numbers, random), 0.7, out);
    kernels.addSumOfMagnitudes(drawn(kernels, numbers, random), -0.1, out);
    return [out];
  },
  addScaled: (kernels, numbers, random) => {
    const [x, y] = [drawn(kernels, numbers, random), drawn(kernels, numbers, random)];
    kernels.addScaled(x, -0.3, y);
    kernels.addScaled(x, 2, x);
    return [x, y];
  },
  fill: (kernels, numbers, random) => {
    const x = drawn(kernels, numbers, random);
    kernels.fill(x, -0.1);
    x.rows++; // the row behind those in use is as it was
    return [x];
  },
  argmax: (kernels, numbers, random) => {
    const classes = kernels.matrix(numbers.rows + 2, 1);
    kernels.argmax(drawn(kernels, numbers, random), classes);
    return [classes];
  },
  countCorrect: (kernels, numbers, random) => {
    const out = kernels.matrix(1, 1);
    kernels.countCorrect(drawn(kernels, numbers, random), targets(kernels, numbers), out);
    return [out];
  },
  allFinite: (kernels, numbers, random) => [
    put(kernels, 1, 1, () => (kernels.allFinite(drawn(kernels, numbers, random)) ? 1 : 0), 0),
  ],
};

const pick = (random: Random, values: readonly number[]) => values[random.below(values.length)];

/** Ordinary numbers; ties, corners and zeros of both signs; numbers that over- and underflow; and none at all. */
const KINDS: Record<string, (random: Random) => number> = {
  random: (random) => random.uniform(-3, 3),
  'ties and zeros': (random) => pick(random, [0, -0, 1, -1, 0.5, 2]),
  extreme: (random) =>
    pick(random, [1e308, -1e308, 1e-308, 5e-324, -5e-324, 745, -746, 1e154, 710, -0, 36.8, 1e-17]),
  'NaN among them': (random) => pick(random, [Number.NaN, 0, 1, -2, 0.5, -0]),
  'infinities among them': (random) => pick(random, [Infinity, -Infinity, 0, 1, -2, -0]),
};

const SHAPES = [
  [1, 1],
  [4, 3],
  [3, 10],
] as const;

const RUNS: readonly (readonly [string, Run])[] = [
  ...Object.entries(FORWARD),
  ...ACTIVATION_NAMES.map((name) => [name, map(name)] as const),
  ...LOSS_NAMES.map((name) => [name, loss(name)] as const),
];

describe.each(RUNS)('%s on real numbers', (operation, run) => {
  test.each(Object.keys(KINDS))('%s: the bits of the reference, beside imaginary parts of 0', (kind) => {
    for (const [rows, cols] of SHAPES) {
      for (let seed = 1; seed <= 20; seed++) {
        const numbers = { rows, cols, draw: KINDS[kind] };
        const complex = new ComplexKernels();
        const stream = `${operation} ${kind} ${rows} ${cols}`;
        const got = run(complex, numbers, new Random(seed, stream));
        const want = run(reference, numbers, new Random(seed, stream));
        expect(got.length).toBe(want.length);
        want.forEach((matrix, i) => {
          expect(got[i].rows).toBe(matrix.rows);
          // As lists, in which −0 is not 0.
          expect([...complex.read(got[i])], stream).toEqual([...reference.read(matrix)]);
          const imaginary = complex.readImaginary(got[i]);
          matrix.values.subarray(0, imaginary.length).forEach((value, k) => {
            // What is not finite has no direction.
            if (Number.isFinite(value)) expect(Math.abs(imaginary[k]), stream).toBe(0);
          });
        });
        expect(complex.kinks).toBe(0);
      }
    }
  });
});

describe('storage', () => {
  const kernels = new ComplexKernels();

  test('matrices begin as zeros, all rows in use', () => {
    for (const matrix of [kernels.matrix(2, 3), kernels.weights(2, 3)]) {
      expect(matrix).toEqual({
        capacity: 2,
        rows: 2,
        cols: 3,
        values: new Float64Array(6),
        imaginary: new Float64Array(6),
      });
    }
  });

  test('what is written is real, and read as a copy of the rows in use', () => {
    const x = kernels.matrix(2, 2);
    x.imaginary.fill(5);
    kernels.write(x, [1, 2, 3, 4]);
    expect([...kernels.readImaginary(x)]).toEqual([0, 0, 0, 0]);
    x.rows = 1;
    const read = kernels.read(x);
    expect([...read]).toEqual([1, 2]);
    read.fill(9);
    expect([...x.values]).toEqual([1, 2, 3, 4]);
    expect(kernels.readImaginary(x)).toHaveLength(2);
  });

  test.each([0.1, 0.9])(
    'a batch of samples, %d of them not 0, is dense and the same as of the reference',
    (share) => {
      const samples = byteSamples(6, 9, share, 3, new Random(3, 'batch'));
      const order = Uint32Array.of(4, 0, 2, 5, 1, 3);
      const gathered = (on: Kernels) => {
        const loaded = on.load(samples);
        const [x, y] = [on.batch(loaded, 4), on.matrix(4, 3)];
        on.gather(loaded, order, 0, 4, x, y);
        on.gather(loaded, order, 2, 3, x, y);
        return [x, y];
      };
      const [x, y] = gathered(kernels);
      expect(x.nonzeros).toBeUndefined();
      expect([x, y].map(nested)).toEqual(gathered(reference).map(nested));
      expect([x.rows, y.rows]).toEqual([3, 3]);
      for (const matrix of [x, y])
        expect([...kernels.readImaginary(matrix)].every((im) => im === 0)).toBe(true);
    },
  );

  test('an imaginary part of NaN or Infinity is not finite', () => {
    const x = kernels.matrix(2, 2);
    for (const bad of [Number.NaN, Infinity]) {
      x.imaginary[1] = bad;
      expect(kernels.allFinite(x)).toBe(false);
    }
  });
});

describe('refused:', () => {
  const kernels = new ComplexKernels();

  test.each(of('backward'))('%s, of which no forward has need', (operation) => {
    expect(() => (kernels[operation] as () => void)()).toThrow(
      new RangeError(`ComplexKernels: expected a forward operation, got ${operation}`),
    );
  });
});

test('every operation of the reference is known here, and the complex kernels have it', () => {
  const methods = (prototype: object) =>
    Object.getOwnPropertyNames(prototype).filter((name) => name !== 'constructor');
  expect(methods(ReferenceKernels.prototype).sort()).toEqual(Object.keys(OPERATIONS).sort());
  expect(methods(ComplexKernels.prototype)).toEqual(expect.arrayContaining(Object.keys(OPERATIONS)));
  expect([...Object.keys(FORWARD), 'activation', 'loss'].sort()).toEqual(of('forward').sort());
});
