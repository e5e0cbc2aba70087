/** float32 arithmetic that is wrong, a little or in one term, is found by the comparison with float64. */

import { describe, expect, test } from 'vitest';
import { type Float32Case, float32Cases } from '../../../src/check/float32/cases.ts';
import { checkFloat32, float32Checks } from '../../../src/check/float32/float32.ts';
import { ACTIVATION_NAMES } from '../../../src/kernels/activations.ts';
import type { Kernels } from '../../../src/kernels/kernels.ts';
import { LOSS_NAMES } from '../../../src/kernels/losses.ts';
import type { Matrix } from '../../../src/kernels/matrix.ts';
import { ReferenceKernels } from '../../../src/kernels/reference.ts';
import { reserveMemory } from '../../../src/kernels/wasm/memory.ts';
import { WasmKernels } from '../../../src/kernels/wasm/wasm-kernels.ts';

const CASES = float32Cases(1);

const run = ({ spec, tensors, samples, batchSize }: Float32Case, kernels?: Kernels) =>
  checkFloat32(spec, tensors, samples, kernels === undefined ? { batchSize } : { batchSize, kernels });

/** A relative error of a thousandth: a wrong constant. */
const WRONG = 1 + 2 ** -10;

/** An operation of the kernels, of one activation or loss where it has a name, and which argument is its output. */
interface Operation {
  readonly label: string;
  readonly method: keyof Kernels;
  readonly name?: string;
  readonly output: number;
}

const plain = (method: keyof Kernels, output: number): Operation => ({ label: method, method, output });

const ALL: readonly Operation[] = [
  plain('affine', 3),
  plain('weightGradient', 2),
  plain('columnSums', 1),
  plain('inputGradient', 2),
  ...ACTIVATION_NAMES.flatMap((name): Operation[] => [
    { label: name, method: 'activation', name, output: 2 },
    { label: `${name} gradient`, method: 'activationGradient', name, output: 3 },
  ]),
  ...LOSS_NAMES.flatMap((name): Operation[] => [
    { label: name, method: 'loss', name, output: 4 },
    { label: `${name} gradient`, method: 'lossGradient', name, output: 4 },
  ]),
  plain('mean', 1),
  plain('addSumOfSquares', 2),
  plain('addScaled', 2),
];

/** Wasm kernels that call `after` with an operation's output whenever one of these is done. */
function watched(
  operations: readonly Operation[],
  after: (on: Kernels, done: Operation, out: Matrix) => void,
) {
  const kernels = new WasmKernels(reserveMemory(1 << 25, false));
  for (const operation of operations) {
    const { method, name, output } = operation;
    const right = kernels[method] as (...args: unknown[]) => void;
    Reflect.set(kernels, method, (...args: unknown[]) => {
      right.apply(kernels, args);
      if (name === undefined || args[0] === name) after(kernels, operation, args[output] as Matrix);
    });
  }
  return kernels;
}

/** Wasm kernels of which one operation gives a little too much. */
const wrong = (operation: Operation) =>
  watched([operation], (on, _, out) =>
    on.write(
      out,
      on.read(out).map((value) => value * WRONG),
    ),
  );

const failed = (one: Float32Case, kernels: Kernels) => run(one, kernels).filter(({ passed }) => !passed);

describe('an operation that is off by a thousandth is found', () => {
  /** The cases that take little time, each with the operations that it goes through. */
  const used = CASES.filter(({ samples }) => samples.count < 100).map((one) => {
    const operations = new Set<Operation>();
    run(
      one,
      watched(ALL, (_, done) => operations.add(done)),
    );
    return { one, operations };
  });

  test.each(ALL)('$label', (operation) => {
    const cases = used.filter(({ operations }) => operations.has(operation)).slice(0, 7);
    const found = cases.filter(({ one }) => failed(one, wrong(operation)).length > 0);
    expect(cases.length).toBeGreaterThan(3);
    // Not in every one: of a single sample with dense inputs the bounds are wide.
    expect(found.length / cases.length).toBeGreaterThan(0.7);
  });

  test('the scale of the inputs', () => {
    const found = CASES.filter((one) => {
      const scaled = { ...one.samples, scale: one.samples.scale * WRONG };
      const [right, other] = [run(one), run({ ...one, samples: scaled })];
      return right.some(({ numeric, bound }, i) =>
        other[i].analytic.some((value, k) => Math.abs(value - numeric[k]) > bound[k]),
      );
    });
    expect(found.length).toBeGreaterThan(0.8 * CASES.length);
  });
});

const DROPPED: Record<string, () => Kernels> = {
  'a bias': () =>
    new (class extends ReferenceKernels {
      override affine(x: Matrix, w: Matrix, b: Matrix, z: Matrix) {
        super.affine(x, w, this.matrix(b.rows, b.cols), z);
      }
    })('float32'),
  'the last input': () =>
    new (class extends ReferenceKernels {
      override affine(x: Matrix, w: Matrix, b: Matrix, z: Matrix) {
        const less = this.matrix(w.rows, w.cols);
        less.values.set(w.values.subarray(0, (w.rows - 1) * w.cols));
        super.affine(x, less, b, z);
      }
    })('float32'),
  'the last sample of a weight gradient': () =>
    new (class extends ReferenceKernels {
      override weightGradient(x: Matrix, delta: Matrix, dw: Matrix) {
        x.rows--;
        super.weightGradient(x, delta, dw);
        x.rows++;
      }
    })('float32'),
  'the last sample of a bias gradient': () =>
    new (class extends ReferenceKernels {
      override columnSums(delta: Matrix, db: Matrix) {
        delta.rows--;
        super.columnSums(delta, db);
        delta.rows++;
      }
    })('float32'),
  'the last sample of the loss': () =>
    new (class extends ReferenceKernels {
      override mean(losses: Matrix, out: Matrix) {
        super.mean(losses, out);
        out.values[0] -= losses.values[losses.rows - 1] / losses.rows;
      }
    })('float32'),
};

describe('a term that is left out is found:', () => {
  test.each(Object.keys(DROPPED))('%s', (what) => {
    for (const one of CASES) expect(failed(one, DROPPED[what]()), one.name).not.toEqual([]);
  });

  test('and a term too many, where a short batch takes in rows of the batch before it', () => {
    const kernels = new (class extends ReferenceKernels {
      override columnSums(delta: Matrix, db: Matrix) {
        const { rows } = delta;
        delta.rows = delta.capacity;
        super.columnSums(delta, db);
        delta.rows = rows;
      }
    })('float32');
    for (const one of CASES.filter(({ name }) => name.includes(' after '))) {
      expect(failed(one, kernels).map(({ what }) => what)).toContain('db1');
    }
  });
});

test('a check that fails says where', () => {
  const makeKernels = () => wrong(plain('columnSums', 1));
  const [check] = float32Checks({ seed: 1, makeKernels });
  expect(check).toMatchObject({ passed: false, unchecked: 0 });
  expect(check.maxRelativeError).toBeGreaterThan(0.0009);
  expect(check.diagnosis).toMatch(/^db\d\[0, \d+\] is \S+ in float32, expected \S+ within \S+$/);
  const [loss] = float32Checks({ seed: 1, makeKernels: () => wrong(plain('mean', 1)) });
  expect(loss.diagnosis).toMatch(/^loss is \S+ in float32, expected \S+ within \S+$/);
});
