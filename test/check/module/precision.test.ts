/** What rounding does to the differences excuses no wrong gradient, and blames no right one. */

import { describe, expect, test } from 'vitest';
import { type CheckModuleOptions, checkModule } from '../../../src/check/module/module.ts';
import { activation, map, type Rows } from './modules.ts';

const dxOf = (module: object, options: CheckModuleOptions = {}) => checkModule(module, options).checks[0];

describe('differences that drown in rounding', () => {
  test.each<[string, object]>([
    [
      'a wrong gradient',
      activation(
        (x) => 1000 + 1e-8 * x,
        (d) => -3e-8 * d,
      ),
    ],
    [
      'a right one',
      activation(
        (x) => 1000 + 1e-8 * x,
        (d) => 1e-8 * d,
      ),
    ],
    [
      'a wrong one of a derivative that is not seen at all',
      activation(
        (x) => 1e6 + 1e-12 * x,
        (d) => 5e-8 * d,
      ),
    ],
    [
      'a wrong one of a loss',
      {
        targets: 'real',
        forward: (x: Rows) => 1e6 + 1e-5 * x.flat().reduce((sum, v) => sum + v * v, 0),
        backward: (x: Rows) => map(x, (v) => -7e-5 * v),
      },
    ],
  ])('are no pass: %s', (_, module) => {
    for (const seed of [1, 2, 3]) {
      const { passed, diagnosis } = dxOf(module, { seed });
      expect(passed).toBe(false);
      expect(diagnosis).toMatch(/^the differences drown in rounding: .* Set another range/);
    }
  });

  test('do not hide what is far above them', () => {
    const wrong = activation(
      (x) => 1000 + x,
      (d) => -d,
    );
    expect(dxOf(wrong).diagnosis).toMatch(/^the sign is wrong/);
    const deaf = activation(
      () => 1000,
      (d) => d,
    );
    expect(dxOf(deaf).diagnosis).toMatch(/^forward does not change with x/);
  });
});

describe('numbers far from 1', () => {
  const square = activation(
    (x) => x * x,
    (d, x) => 2 * d * x,
  );
  const wrong = activation(
    (x) => x * x,
    (d, x) => d * x,
  );

  test.each([[[1e6, 1e7]], [[-1e9, 1e9]], [[1e-6, 1e-5]], [[0, 255]]] as const)('x from %j', (range) => {
    for (const seed of [1, 2, 3, 4, 5]) {
      expect(dxOf(square, { range, seed })).toMatchObject({ passed: true, unchecked: 0 });
      expect(dxOf(wrong, { range, seed }).diagnosis).toMatch(/^half of what it should be/);
    }
  });

  test('keep the small step where a large one would see less', () => {
    const wave = activation(Math.sin, (d, x) => d * Math.cos(x));
    expect(dxOf(wave, { range: [1000, 2000] })).toMatchObject({ passed: true });
  });

  test('a tiny output has a gradient like any other', () => {
    const tiny = activation(
      (x) => 1e-13 * x * x,
      (d, x) => -5e-13 * d * x,
    );
    expect(dxOf(tiny).diagnosis).toMatch(/^a constant factor is missing: -0\.4/);
  });
});

describe('a forward that computes in float32', () => {
  const coarse = (factor: number) =>
    activation(
      (x) => Math.fround(Math.tanh(Math.fround(x))),
      (d, x) => factor * d * (1 - Math.tanh(x) ** 2),
    );

  test('is refused, right or wrong', () => {
    for (let seed = 1; seed <= 20; seed++) {
      for (const factor of [1, 2]) {
        expect(() => checkModule(coarse(factor), { seed })).toThrow(
          /^forward: expected float64 arithmetic, got values rounded by .* too coarse for differences/,
        );
      }
    }
  });

  test('also if its output is float64 again', () => {
    const inside = activation(
      (x) => Math.fround(Math.tanh(x)) * 1.1,
      (d, x) => 1.1 * d * (1 - Math.tanh(x) ** 2),
    );
    expect(() => checkModule(inside)).toThrow(/expected float64 arithmetic/);
  });

  test('is none because of kinks or of few digits', () => {
    const values = { x: [[0, 1, -1, 0.5]] };
    const relu = activation(
      (x) => Math.max(0, x),
      (d, x) => (x > 0 ? d : 0),
    );
    expect(dxOf(relu, { shapes: { x: [1, 4] }, values })).toMatchObject({ passed: true });
  });
});

test('a gradient that is off by next to nothing has no constant factor missing', () => {
  const off = activation(
    (x) => x,
    (d) => d * (1 + 3e-6),
  );
  expect(dxOf(off)).toMatchObject({ passed: false, diagnosis: null });
});
