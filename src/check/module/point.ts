/** Where a module is evaluated: its inputs, parameters and targets, and the upstream δ. */

import type { Random } from '../../kernels/random.ts';
import { type Float64Tensor, type TensorShape, tensorSize } from './arrays.ts';
import type { Settings } from './settings.ts';

/** Values for everything that forward and backward read. */
export interface Point {
  /** x, the targets y of a loss, and every parameter. */
  readonly tensors: Readonly<Record<string, Float64Tensor>>;
  /** ∂L/∂output; undefined for a loss. */
  readonly delta: Float64Tensor | undefined;
}

/** The parameters that settings declare, in their order. */
export const parameterNames = ({ shapes }: Settings): string[] =>
  Object.keys(shapes).filter((name) => name !== 'x' && name !== 'y');

/** Draws x, every parameter, and the targets. */
export function drawTensors(settings: Settings, random: Random): Record<string, Float64Tensor> {
  const tensors: Record<string, Float64Tensor> = {};
  for (const name of ['x', ...parameterNames(settings)]) {
    tensors[name] = settings.fixed[name] ?? drawUniform(settings.shapes[name], settings.range(name), random);
  }
  tensors.y = settings.fixed.y ?? drawTargets(settings, random);
  return tensors;
}

/** A tensor of numbers uniform in a range. */
export function drawUniform(
  shape: TensorShape,
  [low, high]: readonly [number, number],
  random: Random,
): Float64Tensor {
  return { shape, values: Float64Array.from({ length: tensorSize(shape) }, () => random.uniform(low, high)) };
}

function drawTargets(settings: Settings, random: Random): Float64Tensor {
  const shape = settings.shapes.y;
  if (settings.targets === 'real') return drawUniform(shape, settings.range('y'), random);
  const values = new Float64Array(tensorSize(shape));
  if (settings.targets === 'binary') return { shape, values: values.map(() => random.below(2)) };
  if (settings.targets === 'labels') {
    return { shape, values: values.map(() => random.below(settings.classes)) };
  }
  if (samplesAreColumns(settings.shapes.x, shape)) {
    const [classes, samples] = shape;
    for (let n = 0; n < samples; n++) values[random.below(classes) * samples + n] = 1;
    return { shape, values };
  }
  const classes = shape.at(-1) ?? 1;
  for (let row = 0; row < values.length; row += classes) values[row + random.below(classes)] = 1;
  return { shape, values };
}

/** Whether x and what belongs to the same samples share their columns and not their rows, as in note A. */
export const samplesAreColumns = (x: TensorShape, other: TensorShape): boolean =>
  x.length === 2 && other.length === 2 && x[1] === other[1] && x[0] !== other[0];
