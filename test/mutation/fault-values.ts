/** The wrong values that the semantic mutants are made of. */

import type { Matrix } from '../../src/kernels/matrix.ts';
import type { Apply, Call } from './fault-call.ts';
import type { Role } from './sites.ts';

/** What the operation has read, by its letter. */
export const of = ({ inputs }: Call, role: Role) => inputs[role] as Matrix;

/** The same of the batch before. */
export const staleOf = ({ stale }: Call, role: Role) => stale[role] as Matrix;

/** The right values times a factor. */
export const times =
  (factor: (call: Call) => number): Apply =>
  (call) =>
    call.values.map((v) => v * factor(call));

/** The right values, and 0 where the condition holds. */
export const without =
  (gone: (call: Call, row: number, col: number) => boolean): Apply =>
  (call) =>
    call.values.map((v, k) => (gone(call, Math.floor(k / call.cols), k % call.cols) ? 0 : v));

/** Right, but doubles what it should only read. */
export const writesTo =
  (...roles: Role[]): Apply =>
  (call) => {
    for (const role of roles) {
      const matrix = call.inputs[role];
      if (matrix !== undefined) call.kernels.addScaled(matrix, 1, matrix);
    }
    return call.values;
  };

/** A matrix of the same size, entry by entry. */
export function like({ kernels }: Call, matrix: Matrix, entry: (i: number, j: number) => number): Matrix {
  const other = kernels.matrix(matrix.rows, matrix.cols);
  for (let k = 0; k < matrix.rows * matrix.cols; k++) {
    other.values[k] = entry(Math.floor(k / matrix.cols), k % matrix.cols);
  }
  return other;
}

/** φ of a matrix, φ the activation of the site. */
export function phi({ kernels, site }: Call, z: Matrix): Matrix {
  const x = kernels.matrix(z.rows, z.cols);
  kernels.activation(site.activation, z, x);
  return x;
}

/** φ(z): an input where the derivative is taken from it. */
export const phiOfZ = (call: Call) => call.inputs.x ?? phi(call, of(call, 'z'));

/** The input that the derivative of φ or of a loss is taken at, or x of a product. */
export function activations({ inputs }: Call): Role {
  const role = (['p', 's', 'z', 'x'] as const).find((candidate) => candidate in inputs);
  if (role === undefined)
    throw new RangeError('activations: expected an operation that reads some, got none');
  return role;
}

/** The values of W read as those of its transpose, and the same for X. */
export function untransposed(call: Call): readonly number[] {
  const role = call.site.name === 'Dense ∂L/∂X' ? 'w' : 'x';
  const { values, rows } = of(call, role);
  return call.again({ [role]: like(call, of(call, role), (i, j) => values[j * rows + i]) });
}

/** The two operands in each other's place; of ∂L/∂W += λW that is W += λ ∂L/∂W, a step on the weights. */
export function swapped(call: Call): readonly number[] {
  const { site, inputs } = call;
  if (site.kind === 'penalty') {
    const w = of(call, 'w');
    call.before.forEach((gradient, k) => {
      w.values[k] += call.scale * gradient;
    });
    return call.values.map(() => 0);
  }
  const [a, b] = Object.keys(inputs) as [Role, Role];
  return call.again({ [a]: of(call, b), [b]: of(call, a) });
}

/** λb added to the gradient of b, which comes after that of W. */
export function decaysBiases(call: Call): readonly number[] {
  const next = call.parameters[call.parameters.findIndex(({ gradient }) => gradient === call.output) + 1];
  call.kernels.addScaled(next.value, call.scale, next.gradient);
  return call.values;
}

/** A matrix of which only some rows are not 0. */
export function onlyRows(call: Call, matrix: Matrix, kept: (i: number) => boolean): Matrix {
  return like(call, matrix, (i, j) => (kept(i) ? matrix.values[i * matrix.cols + j] : 0));
}
