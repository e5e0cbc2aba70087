/** The bounds hold, operation by operation: for inputs that are off by as much as allowed, on both float32 kernels. */

import { describe, expect, test } from 'vitest';
import { SILU_BEND } from '../../../src/check/float32/activations.ts';
import { Float32Bounds } from '../../../src/check/float32/bounds.ts';
import { GELU_BEND } from '../../../src/check/float32/gelu.ts';
import { type BoundedMatrix, EXP, gamma, SIGMOID, U } from '../../../src/check/float32/rounding.ts';
import {
  ACTIVATION_NAMES,
  type ActivationName,
  activationFunctions,
} from '../../../src/kernels/activations.ts';
import type { Kernels } from '../../../src/kernels/kernels.ts';
import { LOSS_NAMES, type LossName, lossFunctions } from '../../../src/kernels/losses.ts';
import type { Matrix } from '../../../src/kernels/matrix.ts';
import { Random } from '../../../src/kernels/random.ts';
import { ReferenceKernels } from '../../../src/kernels/reference.ts';
import { wasmKernels } from '../../kernels/wasm/compare.ts';

const SINGLE: [string, () => Kernels][] = [
  ['wasm', wasmKernels],
  ['reference', () => new ReferenceKernels('float32')],
];

/** How far the inputs are off: by nothing, by their rounding to float32, and by more. */
const SHIFTS = [0, U, 1e-4, 0.02] as const;

/** Rows, and columns of narrow and of wide matrices. */
const SHAPES = [
  [1, 1],
  [5, 7],
  [6, 64],
  [9, 70],
] as const;

/** Makes the same inputs on exact kernels and, off by at most their bounds, on float32 ones. */
class Pair {
  readonly exact = new Float32Bounds();
  readonly single: Kernels;
  readonly #random: Random;
  readonly #shift: number;

  constructor(single: Kernels, shift: number, random: Random) {
    this.single = single;
    this.#shift = shift;
    this.#random = random;
  }

  /** Entries drawn by `draw`; where exactly 0 they are 0 on both sides. */
  input(rows: number, cols: number, draw: (random: Random) => number, weights = false): [Matrix, Matrix] {
    const make = (on: Kernels) => (weights ? on.weights(rows, cols) : on.matrix(rows, cols));
    const [a, b] = [make(this.exact) as BoundedMatrix, make(this.single)];
    const off = new Float64Array(rows * cols);
    for (let k = 0; k < off.length; k++) {
      const value = Math.fround(draw(this.#random));
      // Either end of what is allowed, or somewhere between.
      const share = this.#random.uniform() < 0.5 ? Math.sign(this.#random.uniform(-1, 1)) : 0.3;
      off[k] = Math.fround(value * (1 + share * this.#shift));
      a.values[k] = value;
      a.bound[k] = Math.abs(off[k] - value);
    }
    this.single.write(b, off);
    return [a, b];
  }

  output(rows: number, cols: number, weights = false): [Matrix, Matrix] {
    const make = (on: Kernels) => (weights ? on.weights(rows, cols) : on.matrix(rows, cols));
    return [make(this.exact), make(this.single)];
  }

  /** One-hot targets, exact. */
  targets(rows: number, cols: number): [Matrix, Matrix] {
    const y = new Float64Array(rows * cols);
    for (let i = 0; i < rows; i++) y[i * cols + this.#random.below(cols)] = 1;
    return this.#same(rows, cols, y);
  }

  /** Entries drawn by `draw`, on both sides alike. */
  exactInput(rows: number, cols: number, draw: (random: Random) => number): [Matrix, Matrix] {
    return this.#same(
      rows,
      cols,
      Float32Array.from({ length: rows * cols }, () => draw(this.#random)),
    );
  }

  #same(rows: number, cols: number, values: ArrayLike<number>): [Matrix, Matrix] {
    const [a, b] = this.output(rows, cols);
    this.exact.write(a, values);
    this.single.write(b, values);
    return [a, b];
  }

  run(operation: (kernels: Kernels, side: 0 | 1) => void): void {
    operation(this.exact, 0);
    operation(this.single, 1);
  }

  /** The largest share of its bound that an entry is off by. */
  share([a, b]: [Matrix, Matrix]): number {
    const want = this.exact.read(a) as Float64Array;
    const [got, bound] = [this.single.read(b), this.exact.readBounds(a)];
    return want.reduce((most, value, k) => {
      const difference = Math.abs(got[k] - value);
      return Math.max(most, difference === 0 ? 0 : difference / bound[k]);
    }, 0);
  }
}

const signed = (random: Random) => random.uniform(-1, 1);
const unit = (random: Random) => random.uniform();
/** Sizes from 0.001 to 30, and 0. */
const spread = (random: Random) => {
  const size = [0, 0.001, 0.1, 1, 5, 30][random.below(6)];
  return size * random.uniform(-1, 1);
};

/** The same, and sizes where σ is 0 or 1 to all digits. */
const saturated = (random: Random) => {
  const size = [1, 20, 37, 100][random.below(4)];
  return size * random.uniform(-1, 1);
};

type Operation = (pair: Pair, rows: number, cols: number) => [Matrix, Matrix][];

/** The operations on whatever shape; each gives its outputs. */
const OPERATIONS: Record<string, Operation> = {
  affine: (pair, rows, cols) => {
    const x = pair.input(rows, 90, (r) => (r.uniform() < 0.3 ? 0 : signed(r)));
    const [w, b, z] = [
      pair.input(90, cols, signed, true),
      pair.input(1, cols, signed),
      pair.output(rows, cols),
    ];
    pair.run((on, i) => on.affine(x[i], w[i], b[i], z[i]));
    return [z];
  },
  weightGradient: (pair, rows, cols) => {
    const [x, delta] = [pair.input(rows, 21, spread), pair.input(rows, cols, spread)];
    const dw = pair.output(21, cols, true);
    pair.run((on, i) => on.weightGradient(x[i], delta[i], dw[i]));
    return [dw];
  },
  inputGradient: (pair, rows, cols) => {
    const [delta, w] = [pair.input(rows, cols, spread), pair.input(81, cols, signed, true)];
    const dx = pair.output(rows, 81);
    pair.run((on, i) => on.inputGradient(delta[i], w[i], dx[i]));
    return [dx];
  },
  columnSums: (pair, rows, cols) => {
    const [delta, db] = [pair.input(rows, cols, spread), pair.output(1, cols)];
    pair.run((on, i) => on.columnSums(delta[i], db[i]));
    return [db];
  },
  ...Object.fromEntries(
    ACTIVATION_NAMES.flatMap((name) => [
      [name, map(name)],
      [`${name} gradient`, zip(name)],
    ]),
  ),
  dropout: (pair, rows, cols) => {
    const [x, y] = [pair.input(rows, cols, spread), pair.output(rows, cols)];
    const mask = { rate: 0.4, key: [rows, cols] } as const;
    pair.run((on, i) => on.dropout(x[i], mask, y[i]));
    pair.run((on, i) => on.dropout(x[i], mask, x[i]));
    return [y, x];
  },
  addSumOfMagnitudes: (pair, rows, cols) => {
    const [w, out] = [pair.input(rows, cols, spread, true), pair.input(1, 1, signed)];
    pair.run((on, i) => on.addSumOfMagnitudes(w[i], 0.3, out[i]));
    return [out];
  },
  addScaledSign: (pair, rows, cols) => {
    const [x, y] = [pair.input(rows, cols, spread, true), pair.input(rows, cols, spread, true)];
    pair.run((on, i) => on.addScaledSign(x[i], 0.3, y[i]));
    return [y];
  },
  sigmoidCrossEntropyGradient: (pair, rows, cols) => {
    const s = pair.input(rows, cols, saturated);
    const [hot, soft] = [pair.targets(rows, cols), pair.exactInput(rows, cols, unit)];
    const [delta, softDelta] = [pair.output(rows, cols), pair.output(rows, cols)];
    pair.run((on, i) => {
      on.lossGradient('sigmoid-cross-entropy', s[i], hot[i], 1 / 7, delta[i]);
      on.lossGradient('sigmoid-cross-entropy', s[i], soft[i], 1 / 7, softDelta[i]);
      on.lossGradient('sigmoid-cross-entropy', s[i], hot[i], 1 / 7, s[i]);
    });
    return [delta, softDelta, s];
  },
  ...Object.fromEntries(LOSS_NAMES.map((name) => [name, loss(name)])),
  mean: (pair, rows) => {
    const [losses, out] = [pair.input(rows, 1, unit), pair.output(1, 1)];
    pair.run((on, i) => on.mean(losses[i], out[i]));
    return [out];
  },
  addSumOfSquares: (pair, rows, cols) => {
    const [w, out] = [pair.input(rows, cols, spread, true), pair.input(1, 1, signed)];
    pair.run((on, i) => on.addSumOfSquares(w[i], 0.3, out[i]));
    return [out];
  },
  addScaled: (pair, rows, cols) => {
    const [x, y] = [pair.input(rows, cols, spread, true), pair.input(rows, cols, spread, true)];
    pair.run((on, i) => on.addScaled(x[i], -0.3, y[i]));
    return [y];
  },
};

function map(name: ActivationName): Operation {
  return (pair, rows, cols) => {
    const [z, x] = [pair.input(rows, cols, spread), pair.output(rows, cols)];
    pair.run((on, i) => on.activation(name, z[i], x[i]));
    pair.run((on, i) => on.activation(name, z[i], z[i]));
    return [x, z];
  };
}

function zip(name: ActivationName): Operation {
  const { forward, from } = activationFunctions(name);
  const draw = (random: Random) => (from === 'x' ? forward(spread(random)) : spread(random));
  return (pair, rows, cols) => {
    const [delta, at, dz] = [
      pair.input(rows, cols, spread),
      pair.input(rows, cols, draw),
      pair.output(rows, cols),
    ];
    pair.run((on, i) => on.activationGradient(name, delta[i], at[i], dz[i]));
    pair.run((on, i) => on.activationGradient(name, delta[i], at[i], delta[i]));
    return [dz, delta];
  };
}

/** With the gradient, of softmax made from the probabilities that each side computed. */
function loss(name: LossName): Operation {
  const { from, probabilities } = lossFunctions(name);
  return (pair, rows, cols) => {
    const [x, y] = [pair.input(rows, cols, spread), pair.targets(rows, cols)];
    const [p, losses, delta] = [pair.output(rows, cols), pair.output(rows, 1), pair.output(rows, cols)];
    pair.run((on, i) => {
      on.loss(name, x[i], y[i], p[i], losses[i]);
      on.lossGradient(name, from === 'p' ? p[i] : x[i], y[i], 1 / 7, delta[i]);
    });
    return probabilities ? [p, losses, delta] : [losses, delta];
  };
}

describe.each(SINGLE)('%s', (name, make) => {
  test.each(Object.keys(OPERATIONS))('%s stays within its bounds', (operation) => {
    let most = 0;
    const single = make();
    for (const [rows, cols] of SHAPES) {
      for (const shift of SHIFTS) {
        for (let seed = 1; seed <= 2; seed++) {
          const pair = new Pair(single, shift, new Random(seed, `${name} ${operation} ${rows} ${cols}`));
          for (const out of OPERATIONS[operation](pair, rows, cols)) {
            const share = pair.share(out);
            expect(share, `${rows} × ${cols}, off by ${shift}, seed ${seed}`).toBeLessThanOrEqual(1);
            most = Math.max(most, share);
          }
        }
      }
    }
    // A bound that nothing comes near to would say nothing.
    expect(most).toBeGreaterThan(0.05);
  });
});

describe('what the bounds are made of', () => {
  test('γₙ = n u / (1 − n u), u = 2⁻²⁴', () => {
    expect(gamma(0)).toBe(0);
    expect(gamma(1)).toBe(2 ** -24 / (1 - 2 ** -24));
    expect(gamma(1000)).toBe((1000 * 2 ** -24) / (1 - 1000 * 2 ** -24));
  });

  /** An affine sum of n products of 1 by 1, and its bound. */
  const sumOf = (n: number, zeros: number) => {
    const kernels = new Float32Bounds();
    const [x, w, b, z] = [
      kernels.matrix(1, n + zeros),
      kernels.weights(n + zeros, 1),
      kernels.matrix(1, 1),
      kernels.matrix(1, 1),
    ];
    kernels.fill(w, 1);
    kernels.write(
      x,
      Float64Array.from({ length: n + zeros }, (_, k) => (k < n ? 1 : 0)),
    );
    kernels.affine(x, w, b, z);
    return kernels.readBounds(z)[0];
  };

  test('a bound follows from the length of the sum, in which zeros do not count', () => {
    for (const n of [1, 10, 700]) expect(sumOf(n, 0) / (gamma(n + 1) * n)).toBeCloseTo(1, 9);
    expect(sumOf(10, 90)).toBe(sumOf(10, 0));
    expect(sumOf(0, 5)).toBe(0);
  });

  test('exp, σ and tanh in wasm are as exact as is assumed', () => {
    const kernels = wasmKernels();
    const cols = 60;
    const rows = 2000;
    const random = new Random(5, 'elementary');
    const values = Float32Array.from({ length: rows * cols }, (_, k) =>
      k % 2 === 0 ? random.uniform(-85, 85) : random.uniform(-1.5, 1.5),
    );
    const worst = (want: (v: number) => number, got: ArrayLike<number>) =>
      values.reduce((most, v, k) => Math.max(most, Math.abs(got[k] - want(v)) / Math.abs(want(v))), 0);
    const [z, x] = [kernels.matrix(rows, cols), kernels.matrix(rows, cols)];
    kernels.write(z, values);
    kernels.activation('sigmoid', z, x);
    expect(worst((v) => 1 / (1 + Math.exp(-v)), kernels.read(x))).toBeLessThan(SIGMOID);
    kernels.activation('tanh', z, x);
    expect(worst(Math.tanh, kernels.read(x))).toBeLessThan(SIGMOID);

    // e^v by the softmax of (v, 0) for v < 0, whose loss for the second class is ln(1 + e^v), made in float64.
    const below = values.map((v) => -Math.abs(v));
    const [s, y] = [kernels.matrix(below.length, 2), kernels.matrix(below.length, 2)];
    const [p, losses] = [kernels.matrix(below.length, 2), kernels.matrix(below.length, 1)];
    kernels.write(
      s,
      Float32Array.from({ length: 2 * below.length }, (_, k) => (k % 2 ? 0 : below[k >> 1])),
    );
    kernels.write(
      y,
      Float32Array.from({ length: 2 * below.length }, (_, k) => k % 2),
    );
    kernels.loss('softmax-cross-entropy', s, y, p, losses);
    const got = kernels.read(losses);
    const off = below.reduce((most, v, k) => {
      const want = Math.log1p(Math.exp(v));
      return Math.max(most, Math.abs(got[k] - want) / want);
    }, 0);
    expect(off).toBeLessThan(EXP + U);
  });

  test('the second derivative of GELU, and of each term of its first, is below what is assumed', () => {
    const step = 2 ** -10;
    const [largest, ofTerm] = [0, 1].map((which) => {
      let most = 0;
      for (let z = -20; z < 20; z += step) {
        const t = (v: number) => 2 * Math.sqrt(2 / Math.PI) * (v + 0.044715 * v ** 3);
        const on = (v: number) => 1 / (1 + Math.exp(-t(v)));
        const phi = (v: number) => v * on(v);
        const slope = (v: number) => (phi(v + step) - phi(v - step)) / (2 * step);
        const of = which === 0 ? slope : on;
        const rise = Math.abs(of(z + step) - of(z - step)) / (2 * step);
        most = Math.max(most, rise);
      }
      return most;
    });
    expect(largest).toBeLessThan(GELU_BEND);
    expect(largest).toBeGreaterThan(0.99 * GELU_BEND);
    expect(ofTerm).toBeLessThan(0.51 * GELU_BEND);
  });

  test('the second derivative of SiLU, and of each term of its first, is below what is assumed', () => {
    const slope = (f: (z: number) => number, z: number) => (f(z + 2 ** -10) - f(z - 2 ** -10)) * 2 ** 9;
    const on = (z: number) => 1 / (1 + Math.exp(-z));
    const bend = (z: number) => z * on(z) * on(-z);
    for (const f of [on, bend, (z: number) => on(z) + bend(z)]) {
      for (let z = -20; z < 20; z += 2 ** -8) expect(Math.abs(slope(f, z))).toBeLessThanOrEqual(SILU_BEND);
    }
    expect(slope((z) => on(z) + bend(z), 0)).toBeGreaterThan(0.999 * SILU_BEND);
  });

  test('a number that float32 cannot hold is off by its rounding from the start', () => {
    const kernels = new Float32Bounds();
    const x = kernels.matrix(1, 3);
    kernels.write(x, [0.1, 0.5, -1 / 3]);
    expect([...kernels.readBounds(x)]).toEqual([0.1, 0.5, -1 / 3].map((v) => Math.abs(v - Math.fround(v))));
    kernels.fill(x, 0.7);
    expect([...kernels.readBounds(x)]).toEqual(new Array(3).fill(Math.abs(0.7 - Math.fround(0.7))));
  });

  test('the gradient of sigmoid cross-entropy is held to a few units in the last place where p is near y', () => {
    const kernels = new Float32Bounds();
    const [s, y, delta] = [kernels.matrix(1, 4), kernels.matrix(1, 4), kernels.matrix(1, 4)];
    kernels.write(s, [20, -20, 60, -60]);
    kernels.write(y, [1, 0, 1, 0]);
    kernels.lossGradient('sigmoid-cross-entropy', s, y, 1, delta);
    const [values, bounds] = [kernels.read(delta), kernels.readBounds(delta)];
    bounds.forEach((bound, k) => {
      expect(bound / Math.abs(values[k]) / U).toBeGreaterThan(6);
      expect(bound / Math.abs(values[k]) / U).toBeLessThan(12);
    });
    // A score off by e moves it by e σ′: from there down by e itself, relative.
    (s as BoundedMatrix).bound.fill(1e-3);
    kernels.lossGradient('sigmoid-cross-entropy', s, y, 1, delta);
    kernels.readBounds(delta).forEach((bound, k) => {
      expect(bound / Math.abs(values[k])).toBeCloseTo(1e-3, 5);
    });
  });

  test('at a corner both sides are allowed for, and it is said in which row', () => {
    const kernels = new Float32Bounds();
    const [z, delta, x, dz] = Array.from({ length: 4 }, () => kernels.matrix(2, 2) as BoundedMatrix);
    z.values.set([1, -1, 1e-9, -1e-9]);
    z.bound.fill(1e-8);
    kernels.fill(delta, 3);
    kernels.activation('relu', z, x);
    expect([...x.bound]).toEqual([1e-8, 0, 1e-8, 1e-8]);
    kernels.activationGradient('relu', delta, z, dz);
    expect([...dz.bound]).toEqual([0, 0, 3, 3]);
    expect(kernels.doubts).toEqual([1, 1]);
  });
});

test('every operation of the reference has its bounds, or is refused', () => {
  const operations = (of: object) => Object.getOwnPropertyNames(of).filter((name) => name !== 'constructor');
  const unchanged = operations(ReferenceKernels.prototype).filter(
    (name) => !operations(Float32Bounds.prototype).includes(name),
  );
  expect(unchanged.sort()).toEqual(['allFinite', 'distort', 'load', 'read', 'sampleSlot', 'weights']);
  const kernels = new Float32Bounds();
  expect(() => kernels.argmax()).toThrow(
    new RangeError('Float32Bounds: expected an operation with a derivative, got argmax'),
  );
  expect(() => kernels.countCorrect()).toThrow(RangeError);
  expect(() => kernels.smoothTargets()).toThrow(RangeError);
  expect(() => kernels.limitColumnNorms()).toThrow(RangeError);
  for (const step of ['momentumStep', 'nesterovStep', 'rmsPropStep', 'adamStep'] as const) {
    expect(() => kernels[step]()).toThrow(RangeError);
  }
  expect(() => kernels.activation('relu', new ReferenceKernels().matrix(1, 1), kernels.matrix(1, 1))).toThrow(
    new RangeError('Float32Bounds: expected a matrix of its own, got one of other kernels'),
  );
});
