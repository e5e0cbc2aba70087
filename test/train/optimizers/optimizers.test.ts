/** Every optimizer against its formula written out entry by entry, and what is known of it on a quadratic. */

import { describe, expect, test } from 'vitest';
import { Random } from '../../../src/kernels/random.ts';
import { ReferenceKernels } from '../../../src/kernels/reference.ts';
import { WasmKernels } from '../../../src/kernels/wasm/wasm-kernels.ts';
import type { Parameter } from '../../../src/network/layer.ts';
import { memoryFor } from '../../../src/network/memory.ts';
import { Network, perceptron } from '../../../src/network/network.ts';
import { Adam, AdamW } from '../../../src/train/optimizers/adam.ts';
import type { Optimizer } from '../../../src/train/optimizers/optimizer.ts';
import {
  makeOptimizer,
  OPTIMIZER_NAMES,
  OPTIMIZERS,
  type OptimizerName,
  type OptimizerOptions,
} from '../../../src/train/optimizers/optimizers.ts';

const kernels = new ReferenceKernels('float64');

function parameter(name: string, rows: number, cols: number, isWeight: boolean): Parameter {
  const [value, gradient] = [kernels.matrix(rows, cols), kernels.matrix(rows, cols)];
  return { name, value, gradient, isWeight };
}

/** One entry's literal update: takes step t (from 1), gradient and learning rate, and moves `w`. */
interface Entry {
  w: number;
  a: number;
  b: number;
}
type Literal = (e: Entry, g: number, eta: number, t: number, isWeight: boolean) => void;

const adam =
  (lambda: number): Literal =>
  (e, g, eta, t, isWeight) => {
    e.a = 0.9 * e.a + (1 - 0.9) * g;
    e.b = 0.999 * e.b + (1 - 0.999) * g * g;
    // 1 − βᵗ, of which the subtraction would leave twelve digits only.
    const mean = e.a / -Math.expm1(t * Math.log(0.9));
    const square = e.b / -Math.expm1(t * Math.log(0.999));
    e.w = e.w - eta * (isWeight ? lambda : 0) * e.w - (eta * mean) / (Math.sqrt(square) + 1e-8);
  };

const LITERAL: Record<OptimizerName, { options: OptimizerOptions; update: Literal }> = {
  sgd: {
    options: { name: 'sgd' },
    update: (e, g, eta) => {
      e.w = e.w - eta * g;
    },
  },
  momentum: {
    options: { name: 'momentum', momentum: 0.8 },
    update: (e, g, eta) => {
      e.a = 0.8 * e.a + g;
      e.w = e.w - eta * e.a;
    },
  },
  nesterov: {
    options: { name: 'nesterov' },
    update: (e, g, eta) => {
      e.a = 0.9 * e.a + g;
      e.w = e.w - eta * (g + 0.9 * e.a);
    },
  },
  rmsprop: {
    options: { name: 'rmsprop' },
    update: (e, g, eta) => {
      e.a = 0.9 * e.a + (1 - 0.9) * g * g;
      e.w = e.w - (eta * g) / (Math.sqrt(e.a) + 1e-8);
    },
  },
  adam: { options: { name: 'adam' }, update: adam(0) },
  adamw: { options: { name: 'adamw', weightDecay: 0.1 }, update: adam(0.1) },
};

describe.each(OPTIMIZER_NAMES)('%s', (name) => {
  const { options, update } = LITERAL[name];

  test('200 steps are those of its formula, to 1e-14', () => {
    const random = new Random(1, `optimizer ${name}`);
    const parameters = [parameter('W1', 3, 5, true), parameter('b1', 1, 5, false)];
    const entries = parameters.map(({ value }) =>
      Array.from(value.values, () => ({ w: random.uniform(-1, 1), a: 0, b: 0 })),
    );
    parameters.forEach(({ value }, p) => {
      value.values.set(entries[p].map(({ w }) => w));
    });
    const optimizer = makeOptimizer(kernels, parameters, options);
    for (let t = 1; t <= 200; t++) {
      const eta = random.uniform(0.001, 0.05);
      parameters.forEach(({ gradient, isWeight }, p) => {
        for (const [k, entry] of entries[p].entries()) {
          // Of all sizes, and now and then 0.
          const g = random.below(9) === 0 ? 0 : random.uniform(-1, 1) * 10 ** random.uniform(-3, 1);
          gradient.values[k] = g;
          update(entry, g, eta, t, isWeight);
        }
      });
      optimizer.step(eta);
      expect(optimizer.steps).toBe(t);
    }
    parameters.forEach(({ value }, p) => {
      const want = entries[p].map(({ w }) => w);
      const largest = Math.max(...want.map(Math.abs));
      const errors = want.map((w, k) => Math.abs(value.values[k] - w));
      expect(Math.max(...errors) / largest).toBeLessThan(1e-14);
    });
  });

  test('state and steps are all that it remembers', () => {
    const run = (interrupted: boolean) => {
      const parameters = [parameter('W1', 2, 3, true), parameter('b1', 1, 3, false)];
      const random = new Random(2, 'resumed');
      let optimizer: Optimizer = makeOptimizer(kernels, parameters, options);
      for (let t = 0; t < 20; t++) {
        for (const { gradient } of parameters) {
          for (let k = 0; k < gradient.values.length; k++) gradient.values[k] = random.uniform(-1, 1);
        }
        if (interrupted && t === 7) {
          const saved = optimizer.state.map((one) => ({
            name: one.name,
            values: kernels.read(one.value),
          }));
          const { steps } = optimizer;
          optimizer = makeOptimizer(kernels, parameters, options);
          optimizer.steps = steps;
          optimizer.state.forEach((one, i) => {
            expect(one.name).toBe(saved[i].name);
            kernels.write(one.value, saved[i].values);
          });
        }
        optimizer.step(0.01);
      }
      return parameters.map(({ value }) => [...value.values]);
    };
    expect(run(true)).toEqual(run(false));
  });

  test('remembers as many matrices as the table says, of the parameters’ shapes', () => {
    const parameters = [parameter('W1', 2, 3, true), parameter('b1', 1, 3, false)];
    const { state, steps } = makeOptimizer(kernels, parameters, options);
    expect(steps).toBe(0);
    expect(state).toHaveLength(2 * OPTIMIZERS[name].matrices);
    expect(new Set(state.map((one) => one.name)).size).toBe(state.length);
    for (const one of state) {
      const of = parameters.find((candidate) => one.name.startsWith(`${candidate.name}.`));
      expect([one.value.rows, one.value.cols]).toEqual([of?.value.rows, of?.value.cols]);
    }
  });

  test.each([-0.1, Number.NaN, Infinity])('refuses the learning rate %d', (rate) => {
    const optimizer = makeOptimizer(kernels, [], options);
    expect(() => optimizer.step(rate)).toThrow(
      new RangeError(`${optimizer.constructor.name}: expected a learning rate of 0 or more, got ${rate}`),
    );
  });

  /** ½ Σ cₖ wₖ², curved ten times as much one way as the other. */
  test('comes to the bottom of a quadratic', () => {
    const bowl = parameter('W1', 1, 2, true);
    bowl.value.values.set([1, 1]);
    const optimizer = makeOptimizer(kernels, [bowl], { name });
    for (let t = 0; t < 1000; t++) {
      bowl.gradient.values.set([bowl.value.values[0], 10 * bowl.value.values[1]]);
      // Steps of about the size of the rate, as RMSProp's, go round the bottom unless it falls; here to 0.0024.
      optimizer.step(0.05 / (1 + t / 50));
    }
    expect(Math.max(...[...bowl.value.values].map(Math.abs))).toBeLessThan(name === 'rmsprop' ? 0.01 : 1e-3);
  });
});

describe('on a slope that stays the same', () => {
  /** Where w is after each step of 1e-3 along a gradient. */
  const walk = (options: OptimizerOptions, g: number, steps: number) => {
    const slope = parameter('W1', 1, 1, true);
    slope.gradient.values[0] = g;
    const optimizer = makeOptimizer(kernels, [slope], options);
    return Array.from({ length: steps }, () => {
      optimizer.step(1e-3);
      return slope.value.values[0];
    });
  };

  test.each(['momentum', 'nesterov'] as const)('the steps of %s grow to 1 / (1 − μ) plain ones', (name) => {
    const places = walk({ name, momentum: 0.9 }, 2, 200);
    expect(places[199] - places[198]).toBeCloseTo(-1e-3 * 2 * 10, 9);
    const plain = walk({ name, momentum: 0 }, 2, 3);
    expect(plain).toEqual(walk({ name: 'sgd' }, 2, 3));
  });

  test.each([1e-4, 1, 1e4])('every step of Adam is one of η, for a gradient of %d', (g) => {
    const places = walk({ name: 'adam' }, g, 50);
    places.forEach((w, t) => {
      expect(w / (-1e-3 * (t + 1))).toBeCloseTo(1, 3);
    });
  });

  test('the first step of RMSProp is η / √(1 − ρ), later ones come to η', () => {
    const places = walk({ name: 'rmsprop' }, 3, 200);
    expect(places[0]).toBeCloseTo(-1e-3 / Math.sqrt(0.1), 9);
    expect(places[199] - places[198]).toBeCloseTo(-1e-3, 9);
  });
});

test('AdamW decays weights without a gradient, and no biases; its decay does not enter the moments', () => {
  const parameters = [parameter('W1', 1, 1, true), parameter('b1', 1, 1, false)];
  for (const { value } of parameters) value.values[0] = 2;
  const optimizer = new AdamW(kernels, parameters, { weightDecay: 0.5 });
  optimizer.step(0.1);
  optimizer.step(0.2);
  expect(parameters[0].value.values[0]).toBeCloseTo(2 * (1 - 0.05) * (1 - 0.1), 15);
  expect(parameters[1].value.values[0]).toBe(2);
  for (const { value } of optimizer.state) expect(value.values[0]).toBe(0);
});

test('AdamW without decay is Adam, bit for bit', () => {
  const run = (Kind: typeof Adam) => {
    const one = parameter('W1', 4, 4, true);
    const random = new Random(4, 'adamw');
    const optimizer = new Kind(kernels, [one]);
    for (let t = 0; t < 30; t++) {
      for (let k = 0; k < 16; k++) one.gradient.values[k] = random.uniform(-1, 1);
      optimizer.step(0.01);
    }
    return [...one.value.values];
  };
  expect(run(AdamW)).toEqual(run(Adam));
});

test.each(OPTIMIZER_NAMES)('the memory of a network has room for what %s remembers', (name) => {
  // So wide that what is remembered is more than the reserve.
  const network = perceptron({ inputs: 2000, hidden: [8000], classes: 3 });
  const kernels = new WasmKernels(memoryFor(network, [], 4, 0, OPTIMIZERS[name].matrices));
  const { parameters } = new Network(kernels, network, 4);
  expect(() => makeOptimizer(kernels, parameters, { name })).not.toThrow();
  if (OPTIMIZERS[name].matrices === 0) return;
  const tooSmall = new WasmKernels(memoryFor(network, [], 4, 0));
  const inSmall = new Network(tooSmall, network, 4).parameters;
  expect(() => {
    for (let n = 0; n < 2; n++) makeOptimizer(tooSmall, inSmall, { name });
  }).toThrow(RangeError);
});

describe('refused:', () => {
  test.each<[OptimizerOptions, string]>([
    [{ name: 'momentum', momentum: 1 }, 'Momentum: expected μ from 0 up to, not including, 1, got 1'],
    [{ name: 'nesterov', momentum: -0.1 }, 'Nesterov: expected μ from 0 up to, not including, 1, got -0.1'],
    [{ name: 'rmsprop', rho: Number.NaN }, 'RmsProp: expected ρ from 0 up to, not including, 1, got NaN'],
    [{ name: 'rmsprop', epsilon: 0 }, 'RmsProp: expected ε above 0, got 0'],
    [{ name: 'adam', beta1: 1 }, 'Adam: expected β₁ from 0 up to, not including, 1, got 1'],
    [{ name: 'adamw', beta2: 2 }, 'AdamW: expected β₂ from 0 up to, not including, 1, got 2'],
    [{ name: 'adamw', weightDecay: -1 }, 'AdamW: expected λ of 0 or more, got -1'],
  ])('%j', (options, message) => {
    expect(() => makeOptimizer(kernels, [], options)).toThrow(new RangeError(message));
  });
});
