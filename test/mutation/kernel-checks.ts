/** The battery's checks of what the interface of the kernels promises beside the values: ranges, and unused rows. */

import type { Kernels, Matrix } from '../../src/kernels/kernels.ts';
import type { ReferenceKernels } from '../../src/kernels/reference.ts';
import type { Check } from './check.ts';
import { equal, type Finding } from './finding.ts';
import { drawn, oneHot } from './samples.ts';

/** The products of a backward, which can be asked for a range of their output's columns. */
const PRODUCTS: Record<
  string,
  (on: ReferenceKernels, out: Matrix, columns?: { from: number; to: number }) => void
> = {
  weightGradient: (on, out, columns) => on.weightGradient(given(on, 3, 4), given(on, 3, 5), out, columns),
  columnSums: (on, out, columns) => on.columnSums(given(on, 3, 5), out, columns),
  inputGradient: (on, out, columns) => on.inputGradient(given(on, 3, 4), given(on, 5, 4), out, columns),
};

const ROWS_OUT: Record<string, number> = { weightGradient: 4, columnSums: 1, inputGradient: 3 };

function given(kernels: Kernels, rows: number, cols: number): Matrix {
  const matrix = kernels.matrix(rows, cols);
  for (let k = 0; k < rows * cols; k++) matrix.values[k] = ((k * 7 + 3) % 11) - 5;
  return matrix;
}

const rangeChecks: Check[] = Object.entries(PRODUCTS).map(([name, product]) => ({
  name: `${name} by ranges of columns`,
  run(program) {
    const kernels = new program.ReferenceKernels();
    const [whole, parts] = [1, 2].map(() => {
      const out = kernels.matrix(ROWS_OUT[name] + 1, 5);
      out.rows = ROWS_OUT[name];
      out.values.fill(9);
      return out;
    });
    product(kernels, whole);
    const findings: Finding[] = [];
    for (const [from, to] of [
      [2, 4],
      [4, 5],
      [0, 2],
    ]) {
      product(kernels, parts, { from, to });
      if (from === 2) {
        const expected = Array.from(whole.values, (value, k) => (k % 5 >= 2 && k % 5 < 4 ? value : 9));
        findings.push(equal('the columns outside', parts.values, expected));
      }
    }
    return [...findings, equal('the whole', parts.values, whole.values)];
  },
}));

/** The operations of a backward with an output of one row a sample. */
const BY_ROWS: Record<string, (on: Kernels, a: Matrix, b: Matrix, out: Matrix) => void> = {
  inputGradient: (on, a, _, out) => on.inputGradient(a, given(on, 4, 4), out),
  reluGradient: (on, a, b, out) => on.reluGradient(a, b, out),
  sigmoidGradient: (on, a, b, out) => on.sigmoidGradient(a, b, out),
  tanhGradient: (on, a, b, out) => on.tanhGradient(a, b, out),
  squaredErrorGradient: (on, a, b, out) => on.squaredErrorGradient(a, b, 0.5, out),
  softmaxCrossEntropyGradient: (on, a, b, out) => on.softmaxCrossEntropyGradient(a, b, 0.5, out),
  sigmoidCrossEntropyGradient: (on, a, b, out) => on.sigmoidCrossEntropyGradient(a, b, 0.5, out),
  svmGradient: (on, a, b, out) => on.svmGradient(a, b, 0.5, out),
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

/** Ranges of columns, and rows that are not in use. */
export const KERNEL_CHECKS: readonly Check[] = [...rangeChecks, ...rowChecks, ...spareChecks];
