/** What is wrong with a module otherwise than by a gradient: one line, as a failed check or a refusal. */

import { beforeEach, describe, expect, test } from 'vitest';
import { checkModule, ModuleError } from '../../../src/check/module/module.ts';
import { activation, affine, map, product, type Rows } from './modules.ts';

const tanh = activation(Math.tanh, (delta, _, y) => delta * (1 - y * y));
const identity = { forward: (x: Rows) => x.map((row) => [...row]), backward: (delta: Rows) => delta };

const diagnosisOf = (module: unknown, name: string) =>
  checkModule(module).checks.find((check) => check.name === name)?.diagnosis;

describe('a backward that fails is a failed check', () => {
  test.each<[string, object, string, RegExp]>([
    [
      'throws',
      {
        ...identity,
        backward: () => {
          throw new RangeError('no\nway');
        },
      },
      'backward',
      /^backward failed with RangeError: no \(refusals\.test\.ts:\d+\)$/,
    ],
    [
      'returns nothing',
      { ...identity, backward: () => undefined },
      'dx',
      /^expected the gradient of x from backward, got undefined$/,
    ],
    [
      'leaves one out',
      affine(({ x, b }) => ({ x, b })),
      'dW',
      /^expected a gradient of W, got an object with x, b from backward: return \{ x: dx, W: dW, b: db \}, or leave it in this\.dW/,
    ],
    [
      'leaves dx out',
      affine(({ W, b }) => ({ W, b })),
      'dx',
      /set inputGradient = false if nothing needs it/,
    ],
    [
      'returns NaN',
      { ...identity, backward: (d: Rows) => map(d, (v, i, j) => (i === 1 && j === 2 ? Number.NaN : v)) },
      'dx',
      /^dx is NaN at \[1, 2\]$/,
    ],
    [
      'returns ragged rows',
      { ...identity, backward: () => [[1, 2], [3]] },
      'dx',
      /^dx: expected 4×3 numbers, got rows of 2 and 1 entries$/,
    ],
    [
      'returns words',
      { ...identity, backward: () => [['a']] },
      'dx',
      /^dx: expected 4×3 numbers, got a string at \[0\]/,
    ],
    ['returns too little', { ...identity, backward: (d: Rows) => d.slice(1) }, 'dx', /^dx is 3×3, x is 4×3$/],
    [
      'returns what is not declared',
      {
        ...affine(),
        shapes: { x: [4, 3], W: [3, 2] },
        forward: (x: Rows, { W }: { W: Rows }) => product(x, W),
      },
      'b declared',
      /shapes has no b/,
    ],
  ])('%s', (_, module, name, words) => {
    expect(checkModule(module).passed).toBe(false);
    expect(diagnosisOf(module, name)).toMatch(words);
  });
});

describe('what cannot be checked is refused in one line', () => {
  let called = 0;
  beforeEach(() => {
    called = 0;
  });
  test.each<[string, unknown, string]>([
    ['nothing', {}, 'expected functions forward and backward, got nothing exported'],
    [
      'a getter that throws',
      {
        get forward() {
          throw new Error('no');
        },
        backward: identity.backward,
      },
      'expected functions forward and backward, got Error: no',
    ],
    [
      'gradients whose getter throws',
      {
        ...identity,
        backward: () => ({
          get x() {
            throw new Error('no');
          },
        }),
      },
      'backward: expected gradients, got Error: no',
    ],
    [
      'labels beyond the classes',
      {
        targets: 'labels',
        classes: 5,
        shapes: { x: [4, 5] },
        forward: (x: Rows, y: number[]) => x.reduce((sum, row, n) => sum + row.slice(0, 1)[y[n]], 0),
        backward: identity.backward,
      },
      'forward: expected finite numbers, got NaN for x from -1 to 1 and labels from 0 to 4; set classes, now 5, the columns of x,',
    ],
    [
      'classes',
      { ...identity, targets: 'labels', classes: ['a'] },
      'classes: expected a whole number above 0, got ["a"]',
    ],
    ['null', null, 'expected functions forward and backward, got null'],
    ['a function', () => 1, 'expected functions forward and backward, got a function'],
    ['other exports', { a: 1, b: 2 }, 'expected functions forward and backward, got a, b'],
    [
      'no backward',
      { forward: identity.forward },
      'expected a function backward beside forward, got undefined',
    ],
    [
      'no forward',
      { backward: identity.backward },
      'expected a function forward beside backward, got undefined',
    ],
    [
      'two layers',
      { A: tanh, B: tanh },
      'expected one layer or loss, got A, B: export one of them as the default',
    ],
    [
      'a class with arguments',
      class {
        constructor(sizes: number[]) {
          sizes.at(0);
        }
        forward() {}
        backward() {}
      },
      'expected a class made without arguments, got TypeError: Cannot read',
    ],
    [
      'a Promise',
      { ...identity, forward: async () => [1] },
      'forward: expected an array of numbers, got a Promise',
    ],
    [
      'a Promise backwards',
      { ...identity, backward: async () => [1] },
      'backward: expected gradients, got a Promise',
    ],
    [
      'a forward that throws',
      {
        ...identity,
        forward: () => {
          throw new Error('no');
        },
      },
      'forward: expected an output, got Error: no (refusals.test.ts:',
    ],
    ['no output', { ...identity, forward: () => {} }, 'forward: expected an array of numbers, got undefined'],
    [
      'an empty output',
      { ...identity, forward: () => [] },
      'forward: expected an array of numbers, got an empty array',
    ],
    [
      'ragged rows',
      { ...identity, forward: () => [[1], [1, 2]] },
      'forward: expected an array of numbers, got rows of 1 and 2 entries',
    ],
    [
      'NaN',
      { ...identity, forward: (x: Rows) => map(x, () => Number.NaN) },
      'forward: expected finite numbers, got NaN at [0, 0] for x from -1 to 1',
    ],
    ['a loss that gives rows', { ...identity, loss: true }, 'forward: expected a number, got 4×3 numbers'],
    [
      'float32',
      { arrays: 'float64', forward: (x: Float64Array) => Float32Array.from(x), backward: identity.backward },
      'forward: expected float64 numbers, got a Float32Array',
    ],
    [
      'chance',
      { ...identity, forward: (x: Rows) => map(x, (v) => v + Math.random()) },
      'forward: expected the same output for the same inputs',
    ],
    [
      'changing shapes',
      { ...identity, forward: (x: Rows) => (++called > 3 ? x.slice(1) : x) },
      'forward: expected an output of',
    ],
    [
      'shapes',
      { ...identity, shapes: [4, 3] },
      'shapes: expected an object like { x: [4, 3], W: [3, 2] }, got [4,3]',
    ],
    [
      'a size',
      { ...identity, shapes: { x: [4, 0] } },
      'shapes.x: expected an array of whole numbers above 0 like [4, 3], got [4,0]',
    ],
    [
      'a value of another shape',
      { ...identity, values: { x: [[1]] } },
      'values.x: expected numbers of shape 4×3, got [[1]]',
    ],
    ['a value of nothing', { ...identity, values: { w: [1] } }, 'values.w: expected one of x, y, got "w"'],
    [
      'a range',
      { ...identity, range: [1, 0] },
      'range: expected an object or two numbers like [-1, 1], the lower first, got [1,0]',
    ],
    [
      'targets',
      { ...identity, targets: 'onehot' },
      'targets: expected one-hot, real, labels, binary, got "onehot"',
    ],
    ['arrays', { ...identity, arrays: 'flat' }, 'arrays: expected nested, float64, got "flat"'],
    [
      'a parameter called delta',
      { ...identity, shapes: { x: [4, 3], delta: [1] } },
      'shapes.delta: expected another name, as delta is ∂L/∂y, got [1]',
    ],
    [
      'a zeroGrad that throws',
      {
        ...identity,
        zeroGrad: () => {
          throw new Error('no');
        },
      },
      'zeroGrad: expected the gradients to be set to 0, got Error: no',
    ],
    [
      'a contradiction',
      { ...identity, loss: false, targets: 'real' },
      'loss: expected true, as there are targets y, got false',
    ],
    [
      'nothing to check',
      { ...identity, inputGradient: false },
      'shapes: expected a parameter where inputGradient is false, got none',
    ],
  ])('%s', (_, module, message) => {
    let thrown: unknown;
    try {
      checkModule(module);
    } catch (error) {
      thrown = error;
    }
    expect(thrown).toBeInstanceOf(ModuleError);
    expect((thrown as ModuleError).message.slice(0, message.length)).toBe(message);
    expect((thrown as ModuleError).message).not.toContain('\n');
  });

  test('options out of range', () => {
    expect(() => checkModule(tanh, { tolerance: 0 })).toThrow(
      new RangeError('checkModule: expected a tolerance between 0 and 1, got 0'),
    );
    expect(() => checkModule(tanh, { draws: 0 })).toThrow(
      new RangeError('checkModule: expected a whole number of draws above 0, got 0'),
    );
    expect(() => checkModule(tanh, { seed: -1 })).toThrow(RangeError);
  });
});
