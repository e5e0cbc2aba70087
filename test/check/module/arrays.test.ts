/** The arrays that a module is handed and gives back, and the targets of a loss. */

import { describe, expect, test } from 'vitest';
import { type CheckModuleOptions, checkModule } from '../../../src/check/module/module.ts';
import { affine, columnSums, crossEntropy, map, type Rows, transpose } from './modules.ts';

const failures = (module: unknown, options?: CheckModuleOptions) =>
  checkModule(module, options)
    .checks.filter(({ passed }) => !passed)
    .map(({ name }) => name);

const diagnosisOf = (module: unknown, name: string) =>
  checkModule(module).checks.find((check) => check.name === name)?.diagnosis;

describe('arrays', () => {
  test('are nested by default: a number, a row, a matrix, and more', () => {
    const seen: unknown[] = [];
    const module = {
      shapes: { x: [2, 1, 2], s: [], v: [2], M: [1, 2] },
      inputGradient: false,
      forward: (x: number[][][], { s, v, M }: { s: number; v: number[]; M: Rows }) => {
        seen.push(x, s, v, M);
        return [s * v[0], v[1] * M[0][0], M[0][1]];
      },
      backward: (d: number[], _: unknown, { s, v, M }: { s: number; v: number[]; M: Rows }) => ({
        s: d[0] * v[0],
        v: [d[0] * s, d[1] * M[0][0]],
        M: [d[1] * v[1], d[2]],
      }),
    };
    expect(failures(module)).toEqual([]);
    expect(seen[0]).toEqual([
      [[expect.any(Number), expect.any(Number)]],
      [[expect.any(Number), expect.any(Number)]],
    ]);
    expect(typeof seen[1]).toBe('number');
    expect(seen[2]).toHaveLength(2);
    expect(seen[3]).toEqual([[expect.any(Number), expect.any(Number)]]);
  });

  test('are flat if that is asked for, or if the layer has its own so', () => {
    const scale = {
      shapes: { x: [3, 2], a: [2] },
      forward: (x: Float64Array, { a }: { a: Float64Array }) => x.map((v, k) => v * a[k % 2]),
      backward: (delta: Float64Array, x: Float64Array, { a }: { a: Float64Array }) => {
        expect([delta, x, a].every((array) => array instanceof Float64Array)).toBe(true);
        const da = new Float64Array(2);
        for (const [k, d] of delta.entries()) da[k % 2] += d * x[k];
        return { dx: delta.map((d, k) => d * a[k % 2]), da };
      },
    };
    expect(failures({ ...scale, arrays: 'float64' })).toEqual([]);
    class Own {
      a = new Float32Array(2);
      da: number[] = [];
      forward(x: Rows): Rows {
        expect(this.a).toBeInstanceOf(Float64Array);
        return map(x, (v, _, j) => v * this.a[j]);
      }
      backward(delta: Rows, x: Rows): Rows {
        this.da = columnSums(map(delta, (d, i, j) => d * x[i][j]));
        return map(delta, (d, _, j) => d * this.a[j]);
      }
    }
    expect(failures(Own, { shapes: { x: [3, 2], a: [2] } })).toEqual([]);
  });

  test('a flat gradient that is transposed is seen by its values', () => {
    const { shapes, forward, backward } = affine();
    const flat = (delta: Rows, x: Rows, params: { W: Rows; b: number[] }) => {
      const right = backward(delta, x, params);
      return { ...right, W: Float64Array.from(transpose(right.W as Rows).flat()) };
    };
    expect(diagnosisOf({ shapes, forward, backward: flat }, 'dW')).toMatch(/^transposed/);
  });

  test('b as one row takes db as a list, and the other way round', () => {
    const { shapes, forward, backward } = affine((right) => ({ ...right, b: [right.b as number[]] }));
    expect(failures({ shapes, forward, backward })).toEqual([]);
  });
});

describe('a loss', () => {
  const loss = crossEntropy((p, y, n) => (p - y) / n);
  const targetsOf = (settings: object) => {
    const seen: unknown[] = [];
    const forward = (_: Rows, y: unknown) => {
      seen.push(y);
      return 1;
    };
    checkModule({ forward, backward: (x: Rows) => map(x, () => 0), ...settings });
    return seen.at(-1);
  };

  test('is told by loss, targets, shapes.y or a number from forward', () => {
    const { forward, backward } = loss;
    for (const settings of [
      { loss: true },
      { targets: 'one-hot' },
      { shapes: { x: [2, 3], y: [2, 3] } },
      {},
    ]) {
      const { kind, passed } = checkModule({ forward, backward, ...settings });
      expect({ kind, passed }).toEqual({ kind: 'loss', passed: true });
    }
    const half = {
      forward: (x: Rows) => x.flat().reduce((s, v) => s + (v * v) / 2, 0),
      backward: (x: Rows) => map(x, (v) => v),
    };
    expect(checkModule(half)).toMatchObject({ kind: 'loss', passed: true });
  });

  test('has targets of the kind that is asked for', () => {
    for (const row of targetsOf({}) as Rows) expect([...row].sort()).toEqual([0, 0, 1]);
    for (const label of targetsOf({ targets: 'labels' }) as number[]) expect([0, 1, 2]).toContain(label);
    for (const entry of (targetsOf({ targets: 'binary' }) as Rows).flat()) expect([0, 1]).toContain(entry);
    for (const label of targetsOf({ targets: 'labels', classes: 1 }) as number[]) expect(label).toBe(0);
    // Samples as columns, seen by what x and y share: one 1 in each column.
    const columns = transpose(targetsOf({ shapes: { x: [5, 4], y: [3, 4] } }) as Rows);
    for (const column of columns) expect([...column].sort()).toEqual([0, 0, 1]);
    const real = targetsOf({ targets: 'real', range: { y: [3, 4] } }) as Rows;
    for (const entry of real.flat()) expect(entry > 3 && entry < 4).toBe(true);
    expect(
      targetsOf({
        values: {
          y: [
            [1, 2, 3],
            [4, 5, 6],
            [7, 8, 9],
            [0, 1, 2],
          ],
        },
      }),
    ).toEqual([
      [1, 2, 3],
      [4, 5, 6],
      [7, 8, 9],
      [0, 1, 2],
    ]);
  });
});

test('of one sample the label is a number', () => {
  const first = (x: number[], y: number) => x[y];
  const module = {
    targets: 'labels',
    shapes: { x: [3] },
    forward: first,
    backward: (x: number[], y: number) => x.map((_, j) => (j === y ? 1 : 0)),
  };
  expect(failures(module)).toEqual([]);
});
