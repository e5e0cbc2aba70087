/** Which axis of x the samples of a batch lie along, and a gradient seen with samples as rows either way. */

import type { Derivative } from '../gradients/derivative.ts';
import type { Float64Tensor, TensorShape } from '../module/arrays.ts';
import { type Point, samplesAreColumns } from '../module/point.ts';
import { type Evidence, type SuspectSearch, transposeValues } from './evidence.ts';

/** Whether the samples are the columns of x, as in note A: the axis that x shares with the output or the targets. */
export function hasColumns({ point, output, loss }: Evidence): boolean {
  const x = point?.tensors.x;
  if (point === undefined || x === undefined || x.shape.length !== 2) return false;
  const { y } = point.tensors;
  const other = loss === true ? y : output;
  if (other === undefined) return false;
  if (other.shape.length === 1)
    return loss === true && other.shape[0] === x.shape[1] && x.shape[0] !== x.shape[1];
  if (other.shape.length !== 2) return false;
  if (samplesAreColumns(x.shape, other.shape)) return true;
  // Both axes are shared: W, as [inputs, outputs] or its transpose, shows which of them the inputs are.
  if (other.shape[0] !== x.shape[0] || other.shape[1] !== x.shape[1] || x.shape[0] === x.shape[1])
    return false;
  const matrices = Object.entries(point.tensors).filter(
    ([name, { shape }]) => name !== 'x' && name !== 'y' && shape.length === 2 && !shape.includes(1),
  );
  return (
    matrices.length > 0 &&
    matrices.some(([, { shape }]) => shape.includes(x.shape[0])) &&
    !matrices.some(([, { shape }]) => shape.includes(x.shape[1]))
  );
}

/** How many samples the batch has; 1 where that is not known. */
export function batchOf(evidence: Evidence): number {
  const shape = evidence.point?.tensors.x?.shape;
  if (shape === undefined || shape.length < 2) return 1;
  return hasColumns(evidence) ? shape[1] : shape[0];
}

const turnedBefore = new WeakMap<Evidence, Evidence>();

/** The same with every matrix transposed, so that columns are rows. */
export function turnedEvidence(evidence: Evidence): Evidence {
  const known = turnedBefore.get(evidence);
  if (known !== undefined) return known;
  const { shape, analytic, analyticShape, numeric, point, output, derivative, scalar } = evidence;
  const found: Evidence = {
    ...evidence,
    columns: true,
    shape: reversed(shape),
    analytic: turn({ shape: analyticShape ?? shape, values: analytic }).values,
    analyticShape: analyticShape && reversed(analyticShape),
    numeric: turnedDerivative(numeric, shape),
    ...(point && { point: turnedPoint(point) }),
    ...(output && { output: turn(output) }),
    ...(scalar && { scalar: (at: Point) => scalar(turnedPoint(at)) }),
    ...(derivative && {
      derivative: (tensor: string, at: Point) =>
        turn({ shape: reversed(at.tensors[tensor].shape), values: derivative(tensor, turnedPoint(at)) })
          .values,
    }),
  };
  turnedBefore.set(evidence, found);
  return found;
}

/** A search that takes samples for rows, for either layout. */
export const asRows = (
  search: SuspectSearch,
  isColumns: (evidence: Evidence) => boolean = hasColumns,
): SuspectSearch =>
  function* (evidence) {
    if (!isColumns(evidence)) {
      yield* search(evidence);
      return;
    }
    const given = evidence.analyticShape ?? evidence.shape;
    for (const { text, right, wrong } of search(turnedEvidence(evidence))) {
      const back = (values: ArrayLike<number>, shape: TensorShape) =>
        turn({ shape: reversed(shape), values: Float64Array.from(values) }).values;
      const suspect = { text, right: back(right, evidence.shape) };
      yield wrong === undefined ? suspect : { ...suspect, wrong: back(wrong, given) };
    }
  };

const reversed = (shape: TensorShape): TensorShape => (shape.length === 2 ? [shape[1], shape[0]] : shape);

const turn = ({ shape, values }: Float64Tensor): Float64Tensor =>
  shape.length === 2
    ? { shape: reversed(shape), values: transposeValues(values, shape[0], shape[1]) }
    : { shape, values };

const turnedPoint = ({ tensors, delta }: Point): Point => ({
  tensors: Object.fromEntries(Object.entries(tensors).map(([name, tensor]) => [name, turn(tensor)])),
  delta: delta && turn(delta),
});

function turnedDerivative({ values, kinks }: Derivative, shape: TensorShape): Derivative {
  if (shape.length !== 2) return { values, kinks };
  const [rows, cols] = shape;
  return {
    values: transposeValues(values, rows, cols),
    kinks: new Map([...kinks].map(([k, slopes]) => [(k % cols) * rows + Math.floor(k / cols), slopes])),
  };
}
