/** Garbage in the padding of activations, behind the last column or the last row, reaches no result. */

import { describe, expect, test } from 'vitest';
import type { Kernels } from '../../../src/kernels/kernels.ts';
import { LOSS_NAMES, lossFunctions } from '../../../src/kernels/losses.ts';
import type { Matrix } from '../../../src/kernels/matrix.ts';
import type { WasmMatrix } from '../../../src/kernels/wasm/matrix.ts';
import { both, draw, put, putWeights, seeded, wasmKernels } from './compare.ts';

/** A matrix of these numbers; everything else in its storage is `garbage`. */
function among(kernels: Kernels, values: Float32Array, cols: number, garbage: number): Matrix {
  const rows = values.length / cols;
  const matrix = kernels.matrix(rows + 3, cols) as WasmMatrix;
  matrix.values.fill(garbage);
  matrix.rows = rows;
  kernels.write(matrix, values);
  return matrix;
}

const rows = 7;

describe.each([1, 3, 5, 10, 30, 65, 70, 201])('%i columns', (cols) => {
  const random = seeded('padding', cols);
  const x = draw(random, rows * cols);
  const z = draw(random, rows * 33);
  const y = x.map((_, k) => (k % cols === (Math.floor(k / cols) * 3) % cols ? 1 : 0));

  /** The result with clean padding, and with each kind of garbage. */
  const expectSame = (
    operation: (kernels: Kernels, given: (values: Float32Array, cols: number) => Matrix) => Matrix,
  ) => {
    const run = (garbage: number) => {
      const kernels = wasmKernels();
      return kernels.read(operation(kernels, (values, n) => among(kernels, values, n, garbage)));
    };
    const clean = run(0);
    expect(clean.some(Number.isNaN)).toBe(false);
    for (const garbage of [Number.NaN, 1e30, -7]) expect(run(garbage), `${garbage}`).toEqual(clean);
  };

  test.each([10, 70])('affine and weightGradient, %i outputs', (outputs) => {
    const w = draw(seeded('w', cols, outputs), cols * outputs);
    const delta = draw(seeded('delta', cols, outputs), rows * outputs);
    expectSame((kernels, given) => {
      const out = kernels.matrix(rows, outputs);
      const weights = putWeights({ kernels, see: (v) => v }, w, outputs);
      kernels.affine(given(x, cols), weights, kernels.matrix(1, outputs), out);
      return out;
    });
    expectSame((kernels, given) => {
      const dw = kernels.weights(cols, outputs);
      kernels.weightGradient(given(x, cols), given(delta, outputs), dw);
      return dw;
    });
  });

  test('columnSums', () => {
    expectSame((kernels, given) => {
      const db = kernels.matrix(1, cols);
      kernels.columnSums(given(x, cols), db);
      return db;
    });
  });

  test.each(LOSS_NAMES)('%s, losses and p', (name) => {
    for (const which of lossFunctions(name).probabilities ? ['losses', 'p'] : ['losses']) {
      expectSame((kernels, given) => {
        const [p, losses] = [kernels.matrix(rows, cols), kernels.matrix(rows, 1)];
        kernels.loss(name, given(x, cols), given(y, cols), p, losses);
        return which === 'p' ? p : losses;
      });
    }
  });

  test('argmax and countCorrect', () => {
    expectSame((kernels, given) => {
      const classes = kernels.matrix(rows, 1);
      kernels.argmax(given(x, cols), classes);
      return classes;
    });
    expectSame((kernels, given) => {
      const out = kernels.matrix(1, 1);
      kernels.countCorrect(given(x, cols), given(y, cols), out);
      return out;
    });
  });

  // σ(0) = ½ would stand in the padding of a sigmoid's output, and of a gradient made of it. A sum over delta's columns
  // takes its padding in, so none of that may get into delta.
  test.each(LOSS_NAMES.flatMap((f) => [false, true].map((through) => ({ f, through }))))(
    'the gradient of $f of σ, back through σ: $through, a step on the weights, inputGradient',
    ({ f, through }) => {
      const w = draw(seeded('w', cols), 33 * cols);
      const { got, want } = both((side) => {
        const { kernels } = side;
        const weights = putWeights(side, w, cols);
        const [dw, dx] = [kernels.weights(33, cols), kernels.matrix(rows, 33)];
        const [out, delta] = [kernels.matrix(rows, cols), kernels.matrix(rows, cols)];
        kernels.activation('sigmoid', put(side, x, cols), out);
        const targets = put(side, y, cols);
        const p = kernels.matrix(rows, cols);
        const losses = kernels.matrix(rows, 1);
        kernels.loss(f, out, targets, p, losses);
        kernels.lossGradient(f, lossFunctions(f).from === 'p' ? p : out, targets, 1 / rows, delta);
        if (through) kernels.activationGradient('sigmoid', delta, out, delta);
        kernels.weightGradient(put(side, z, 33), delta, dw);
        kernels.addScaled(dw, -1, weights);
        kernels.inputGradient(delta, weights, dx);
        return dx;
      });
      const size = Math.max(...want.map(Math.abs));
      expect(Math.max(...want.map((v, k) => Math.abs(got[k] - v)))).toBeLessThanOrEqual(1e-5 * size);
    },
  );
});
