/** A faulty operation: what a fault is given at each call, and how it gets into a program. */

import type { Matrix } from '../../src/kernels/matrix.ts';
import type { ReferenceKernels } from '../../src/kernels/reference.ts';
import type { Parameter } from '../../src/network/layer.ts';
import type { Role, Site, Subject } from './sites.ts';

type Inputs = Partial<Record<Role, Matrix>>;

/** A call of the operation at a site, after it has computed the right values. */
export interface Call {
  readonly site: Site;
  /** The right kernels. */
  readonly kernels: ReferenceKernels;
  /** What the operation has read. */
  readonly inputs: Readonly<Inputs>;
  /** The same of the call before that had the same output, as copies; of the first call its own. */
  readonly stale: Readonly<Inputs>;
  /** 1/B of a loss, λ of the L2 term; 1 elsewhere. */
  readonly scale: number;
  /** The size of the output. */
  readonly rows: number;
  readonly cols: number;
  /** The rows that the output has room for. */
  readonly capacity: number;
  /** The right values, row-major; of the L2 term what it adds. */
  readonly values: readonly number[];
  /** What stood in the output before. */
  readonly before: readonly number[];
  /** The parameters of the layer or the network. */
  readonly parameters: readonly Parameter[];
  readonly output: Matrix;
  /** What the right operation gives for other inputs, the rest as they were. */
  again(inputs: Inputs): readonly number[];
}

/** The wrong values, in place of the right ones. */
export type Apply = (call: Call) => readonly number[];

type Operation = (...args: (Matrix | number)[]) => void;

/** Puts a fault into the program of a subject: into the operation of every layer, loss or term that uses it. */
export function install(subject: Subject, site: Site, apply: Apply): void {
  const kernels = new subject.right.ReferenceKernels();
  const previous = new Map<Matrix, Inputs>();
  const faulty = (operation: Operation, args: (Matrix | number)[]) => {
    const output = args[site.roles.indexOf('out')] as Matrix;
    const given = site.roles.map((role, k) => [role, args[k]] as const);
    const inputs: Inputs = Object.fromEntries(given.filter(([role]) => role !== 'out' && role !== 'scale'));
    const before = entries(output);
    operation(...args);
    const adds = site.kind === 'penalty';
    const values = entries(output).map((value, k) => (adds ? value - before[k] : value));
    const copies = Object.fromEntries(Object.entries(inputs).map(([role, matrix]) => [role, copy(matrix)]));
    const call: Call = {
      site,
      kernels,
      inputs,
      stale: previous.get(output) ?? inputs,
      scale: (args[site.roles.indexOf('scale')] ?? 1) as number,
      rows: output.rows,
      cols: output.cols,
      capacity: output.capacity,
      values,
      before,
      parameters: subject.parameters,
      output,
      again: (others) => {
        const all = { ...inputs, ...others };
        const out = kernels.matrix(...shapeOf(site, all));
        operation(
          ...given.map(([role, arg]) =>
            role === 'out' ? out : role === 'scale' ? arg : (all[role] as Matrix),
          ),
        );
        return entries(out);
      },
    };
    apply(call).forEach((value, k) => {
      output.values[k] = adds ? before[k] + value : value;
    });
    previous.set(output, copies);
  };

  const { prototype } = subject.program.ReferenceKernels;
  const right = kernels[site.operation].bind(kernels) as (...args: unknown[]) => void;
  const named = site.kind === 'activation' ? site.activation : site.kind === 'loss' ? site.loss : undefined;
  Object.defineProperty(prototype, site.operation, {
    value: (...args: (Matrix | number)[]) => {
      if (named === undefined) faulty(right, args);
      else if ((args[0] as unknown) !== named) right(...args);
      else faulty((...rest) => right(named, ...rest), args.slice(1));
    },
  });
}

const entries = ({ values, rows, cols }: Matrix): number[] => Array.from(values.subarray(0, rows * cols));

const copy = (matrix: Matrix): Matrix => ({ ...matrix, values: matrix.values.slice() });

function shapeOf(site: Site, inputs: Inputs): [rows: number, cols: number] {
  const { x, delta, w, p, s } = inputs as Record<Role, Matrix>;
  if (site.operation === 'weightGradient') return [x.cols, delta.cols];
  if (site.operation === 'columnSums') return [1, delta.cols];
  if (site.operation === 'inputGradient') return [delta.rows, w.rows];
  const like = delta ?? w ?? p ?? s ?? x;
  return [like.rows, like.cols];
}
