/** The battery's checks of what the interface of the kernels promises beside the values: unused rows. */

import { ACTIVATION_NAMES } from '../../src/kernels/activations.ts';
import type { Kernels, Matrix } from '../../src/kernels/kernels.ts';
import { LOSS_NAMES } from '../../src/kernels/losses.ts';
import type { Check } from './check.ts';
import { equal } from './finding.ts';
import { drawn, oneHot } from './samples.ts';

function given(kernels: Kernels, rows: number, cols: number): Matrix {
  const matrix = kernels.matrix(rows, cols);
  for (let k = 0; k < rows * cols; k++) matrix.values[k] = ((k * 7 + 3) % 11) - 5;
  return matrix;
}

/** The operations of a backward with an output of one row a sample. */
const BY_ROWS: Record<string, (on: Kernels, a: Matrix, b: Matrix, out: Matrix) => void> = {
  inputGradient: (on, a, _, out) => on.inputGradient(a, given(on, 4, 4), out),
  ...Object.fromEntries(
    ACTIVATION_NAMES.map((name) => [
      `${name} gradient`,
      (on: Kernels, a: Matrix, b: Matrix, out: Matrix) => on.activationGradient(name, a, b, out),
    ]),
  ),
  ...Object.fromEntries(
    LOSS_NAMES.map((name) => [
      `${name} gradient`,
      (on: Kernels, a: Matrix, b: Matrix, out: Matrix) => on.lossGradient(name, a, b, 0.5, out),
    ]),
  ),
};

const rowChecks: Check[] = Object.entries(BY_ROWS).map(([name, operation]) => ({
  name: `${name} on part of the rows`,
  run(program) {
    const kernels = new program.ReferenceKernels();
    const out = kernels.matrix(5, 4);
    out.values.fill(7);
    operation(kernels, drawn(kernels, 3, 4, new program.Random(6, name)), oneHot(kernels, 3, 4), out);
    return [
      equal('rows in use', [out.rows], [3]),
      equal('other rows', out.values.slice(12), Array(8).fill(7)),
    ];
  },
}));

/** The operations of a backward on parameters, into outputs with rows to spare. */
const ON_PARAMETERS: Record<string, (on: Kernels, out: Matrix) => void> = {
  weightGradient: (on, out) => on.weightGradient(given(on, 4, 3), given(on, 4, 4), out),
  columnSums: (on, out) => on.columnSums(given(on, 4, 4), out),
  addScaled: (on, out) => {
    const x = given(on, 5, 4);
    x.rows = 3;
    on.addScaled(x, 0.5, out);
  },
};

const spareChecks: Check[] = Object.entries(ON_PARAMETERS).map(([name, operation]) => ({
  name: `${name} with rows to spare`,
  run(program) {
    const kernels = new program.ReferenceKernels();
    const out = kernels.matrix(5, 4);
    out.values.fill(7);
    out.rows = name === 'columnSums' ? 1 : 3;
    operation(kernels, out);
    return [equal('other rows', out.values.slice(out.rows * 4), Array((5 - out.rows) * 4).fill(7))];
  },
}));

/** Rows that are not in use. */
export const KERNEL_CHECKS: readonly Check[] = [...rowChecks, ...spareChecks];
