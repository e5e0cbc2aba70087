/** The protocol of a module: where it is found, and what is checked of it. */

import { describe, expect, test } from 'vitest';
import { type CheckModuleOptions, checkModule, ModuleError } from '../../../src/check/module/module.ts';
import { reportText } from '../../../src/check/module/report.ts';
import { activation, affine, columnSums, map, product, type Rows, softmax, transpose } from './modules.ts';

const tanh = activation(Math.tanh, (delta, _, y) => delta * (1 - y * y));
const identity = { forward: (x: Rows) => x.map((row) => [...row]), backward: (delta: Rows) => delta };

const failures = (module: unknown, options?: CheckModuleOptions) =>
  checkModule(module, options)
    .checks.filter(({ passed }) => !passed)
    .map(({ name }) => name);

/** A class with methods, its shapes a static property. */
class Affine {
  static shapes = { x: [4, 3], W: [3, 2], b: [2] };
  W: Rows = [[7]];
  b = [7];
  grads: { W?: Rows; b?: number[] } = {};
  #x: Rows = [];
  forward(x: Rows): Rows {
    this.#x = x;
    return map(product(x, this.W), (z, _, j) => z + this.b[j]);
  }
  backward(delta: Rows): Rows {
    this.grads = { W: product(transpose(this.#x), delta), b: columnSums(delta) };
    return product(delta, transpose(this.W));
  }
}

describe('forward and backward are found', () => {
  class Fields {
    forward = tanh.forward;
    backward = tanh.backward;
  }
  test.each<[string, unknown]>([
    ['in an object', tanh],
    ['in the exports', { ...tanh, other: 1 }],
    ['in the default export', { default: tanh }],
    ["in a CommonJS module's default export", { default: { default: tanh } }],
    ['in a class', Affine],
    ['in a class with fields', Fields],
    ['in the only export that has them', { sigma: Math.tanh, Affine }],
    ['in the default rather than another export', { default: tanh, Affine: class extends Affine {} }],
    [
      'in the default export of a CommonJS module of which only one name is seen from outside',
      { forward: tanh.forward, default: tanh },
    ],
    [
      'in static methods',
      class {
        kind = 'static';
        static forward = tanh.forward;
        static backward(...args: Parameters<typeof tanh.backward>) {
          return tanh.backward(...args);
        }
      },
    ],
    ['in an instance', Object.assign(new Affine(), { shapes: Affine.shapes })],
  ])('%s', (_, source) => expect(failures(source)).toEqual([]));

  test('settings stand beside a default export, and options win', () => {
    const source = { default: tanh, shapes: { x: [2, 5] } };
    expect(checkModule(source).shapes).toEqual({ x: [2, 5] });
    expect(checkModule(source, { shapes: { x: [1, 2] } }).shapes).toEqual({ x: [1, 2] });
  });

  test("an object's own parameters are put back", () => {
    const layer = new Affine();
    checkModule(layer, { shapes: Affine.shapes });
    expect(layer).toMatchObject({ W: [[7]], b: [7] });
    expect(() => checkModule(layer, { shapes: { x: [4, 3], W: [2, 2], b: [2] } })).toThrow(ModuleError);
    expect(layer).toMatchObject({ W: [[7]], b: [7] });
  });
});

describe('what is checked', () => {
  test('are all gradients, that they are overwritten, and that nothing given is written to', () => {
    const { passed, checks, kind, outputShape } = checkModule(affine());
    expect({ passed, kind, outputShape }).toEqual({ passed: true, kind: 'layer', outputShape: [4, 2] });
    expect(checks.map(({ name }) => name)).toEqual([
      'dx',
      'dW',
      'db',
      'dx overwritten',
      'dW overwritten',
      'db overwritten',
      'x unchanged',
      'W unchanged',
      'b unchanged',
      'delta unchanged',
    ]);
    for (const check of checks) {
      expect(check).toMatchObject({
        formulas: [],
        method: 'central-difference',
        expected: 'pass',
        diagnosis: null,
      });
      expect(check.maxRelativeError).toBeLessThan(1e-9);
    }
  });

  test('depends on the seed alone', () => {
    const wrong = affine((right) => ({ ...right, W: map(right.W, (v) => 1.5 * v + 0.1) }));
    const numeric = (seed: number) => [...checkModule(wrong, { seed }).tensors[1].numeric];
    expect(numeric(1)).toEqual(numeric(1));
    expect(numeric(1)).not.toEqual(numeric(2));
  });

  test('passes up to the tolerance', () => {
    const off = activation(
      (x) => x,
      (delta) => delta * (1 + 1e-4),
    );
    expect(failures(off)).toEqual(['dx']);
    expect(failures(off, { tolerance: 2e-4 })).toEqual([]);
  });

  test('is every draw: one that is wrong is enough', () => {
    let calls = 0;
    const rarely = { ...identity, backward: (delta: Rows) => map(delta, (d) => (++calls > 36 ? 2 * d : d)) };
    expect(failures(rarely, { draws: 1 })).toEqual([]);
    calls = 0;
    expect(failures(rarely, { draws: 2 })).toContain('dx');
  });

  test('a derivative of 0 is no matter of rounding', () => {
    // The sum of each row of a softmax is 1 whatever x is.
    const constant = {
      forward: (x: Rows) =>
        x.map((row) => {
          const sum = row.reduce((s, v) => s + Math.exp(v), 0);
          return [row.reduce((s, v) => s + Math.exp(v) / sum, 0)];
        }),
      backward: (_: Rows, x: Rows) => map(x, () => 1e-17),
    };
    expect(failures(constant)).toEqual([]);
    expect(failures({ ...constant, backward: (_: Rows, x: Rows) => map(x, () => 1e-3) })).toEqual(['dx']);
  });
});

describe('kinks', () => {
  const relu = activation(
    (x) => Math.max(0, x),
    (delta, x) => (x > 0 ? delta : 0),
  );

  test('are avoided by drawing again', () => {
    for (let seed = 0; seed < 30; seed++) {
      const { passed, checks } = checkModule(relu, { seed, range: [-0.01, 0.01] });
      expect({ seed, passed, unchecked: checks[0].unchecked }).toEqual({ seed, passed: true, unchecked: 0 });
    }
  });

  test('that are fixed stay unchecked, and the others are not', () => {
    const values = {
      x: [
        [0, 1],
        [-1, 2],
      ],
    };
    const { passed, checks, tensors } = checkModule(relu, { shapes: { x: [2, 2] }, values });
    expect({ passed, unchecked: checks[0].unchecked }).toEqual({ passed: true, unchecked: 2 });
    expect([...tensors[0].kinks.keys()]).toEqual([0]);
    const beyond = activation(
      (x) => Math.max(0, x),
      (delta, x) => (x > 0 ? delta : x === 0 ? 2 * delta : 0),
    );
    const report = checkModule(beyond, { shapes: { x: [2, 2] }, values });
    expect(report.passed).toBe(false);
    expect(report.checks[0].diagnosis).toMatch(/^wrong at a kink of forward, \[0, 0\]; the other entries/);
    // The entry itself, beside the slopes on both sides; one of them is 0.
    expect(reportText(report)).toMatch(
      /\n {8}\[0, 0\] +-?\d\.\d{7} +(-\d\.\d+ to 0|0 to \d\.\d+), a kink +-\n/,
    );
  });

  test('everywhere are no pass', () => {
    const options = { shapes: { x: [1, 2] }, values: { x: [[0, 0]] } };
    expect(failures(relu, options)).toEqual(['dx']);
    expect(checkModule(relu, options).checks[0].diagnosis).toMatch(/^every entry of x lies at a kink/);
  });
});

test('a method that is called like a setting is none', () => {
  const module = { ...tanh, values: () => [1], range: () => 2, loss: () => 3, targets: () => 4 };
  expect(failures(module)).toEqual([]);
});

test('the report shows the worst entries side by side, and what is wrong', () => {
  const wrong = affine((right) => ({ ...right, W: map(right.W, (v) => -v) }));
  const lines = reportText(checkModule(wrong, { name: 'my-layer.js' })).split('\n');
  expect(lines[0]).toBe('my-layer.js: a layer, x 4×3, W 3×2, b [2] → 4×2; central differences at 2 points');
  expect(lines[1]).toMatch(/^ok {4}dx {2}4×3 {2}error \d\.\de-1\d, tolerance 1e-6$/);
  expect(lines[2]).toBe('fail  dW  3×2  error 2, tolerance 1e-6');
  expect(lines[3]).toMatch(/^ {8}entry +analytic +numeric +ratio$/);
  for (const line of lines.slice(4, 9)) {
    const [, analytic, numeric] = /^ {8}\[\d, \d\] +(-?\d\.\d{7}) +(-?\d\.\d{7}) +-1\.0000$/.exec(line) ?? [];
    expect(Number(analytic)).toBe(-Number(numeric));
  }
  expect(lines.slice(9)).toEqual([
    '      the sign is wrong: multiply by −1.',
    expect.stringMatching(/^ok {4}db/),
    'ok    inputs unchanged, gradients overwritten',
    'failed: dW',
  ]);
});

test('labels are drawn from the classes that the loss has, which x does not show', () => {
  const network = (classes: number) => ({
    targets: 'labels',
    inputGradient: false,
    shapes: { x: [4, 5], W: [5, classes] },
    forward: (x: Rows, y: number[], { W }: { W: Rows }) =>
      softmax(product(x, W)).reduce((sum, p, n) => sum - Math.log(p[y[n]]), 0),
    backward: (x: Rows, y: number[], { W }: { W: Rows }) => ({
      W: product(
        transpose(x),
        map(softmax(product(x, W)), (p, n, j) => p - (y[n] === j ? 1 : 0)),
      ),
    }),
  });
  for (const classes of [2, 3, 8]) expect(checkModule(network(classes)).passed).toBe(true);
});
