/** Hidden layers as what is shown of them. */

import type { Model } from '../../../../formats/model.ts';
import { ACTIVATIONS, type ActivationName } from '../../../../network/activations.ts';
import type { NetworkSpec } from '../../../../network/network.ts';

/** An activation layer before the last layer. */
export interface HiddenLayer {
  /** `relu 1`. */
  readonly name: string;
  readonly activation: ActivationName;
  readonly units: number;
  /** Whether its inputs are the pixels times W1. */
  readonly isFirst: boolean;
}

/** The layers whose values a prediction has, in its order. */
export function hiddenLayers({ layers }: NetworkSpec): HiddenLayer[] {
  const found: HiddenLayer[] = [];
  let units = 0;
  for (const [i, layer] of layers.entries()) {
    if (layer.type === 'dense') units = layer.outputs;
    else if (i < layers.length - 1) {
      const name = `${layer.name} ${found.length + 1}`;
      found.push({ name, activation: layer.name, units, isFirst: i === 1 });
    }
  }
  return found;
}

/** How many units are on: above 0, above ½ where the values lie between 0 and 1. In words. */
export function fired({ activation, units }: HiddenLayer, values: Float32Array): string {
  const [threshold, text] = ACTIVATIONS[activation].unitRange ? [0.5, '½'] : [0, '0'];
  const count = values.reduce((sum, value) => sum + (value > threshold ? 1 : 0), 0);
  return `${count} of ${units} above ${text}`;
}

/** The unit with the largest value; of equals the first. */
export function strongest(values: Float32Array): number {
  return values.reduce((best, value, i) => (value > values[best] ? i : best), 0);
}

/** A grid about twice as wide as high, without empty cells where that can be had. */
export function gridOf(units: number): { rows: number; cols: number } {
  const wide = Math.ceil(Math.sqrt(2 * units));
  const fits = Array.from({ length: 7 }, (_, i) => wide + i).find((cols) => units % cols === 0);
  const cols = Math.min(units, fits ?? wide);
  return { rows: Math.ceil(units / cols), cols };
}

/** The column of W1 of a unit, [inputs]; zeros of none. */
export function incoming({ spec, tensors }: Model, unit: number | undefined): Float32Array {
  const column = new Float32Array(spec.inputs);
  const [w] = tensors;
  if (unit === undefined) return column;
  const units = w.shape[1];
  for (let i = 0; i < spec.inputs; i++) column[i] = w.values[i * units + unit];
  return column;
}
