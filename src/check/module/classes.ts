/** How many classes a loss has, seen by the labels that it tells apart. */

import type { ModuleCalls } from './calls.ts';
import { ModuleError } from './errors.ts';
import type { Point } from './point.ts';

/** The most classes that are counted. */
const MAX_CLASSES = 1000;

/** A label that no loss has. */
const NO_CLASS = 2 ** 30;

/**
 * How many labels, from 0, make a difference to a loss: of another the loss has no value, or the one of a label that no
 * loss has.
 *
 * @returns undefined if it has none of them, or tells all apart
 */
export function classesOf(calls: ModuleCalls, { tensors, delta }: Point): number | undefined {
  const lossOf = (label: number): number | undefined => {
    const y = { ...tensors.y, values: tensors.y.values.map(() => label) };
    try {
      return calls.scalar({ tensors: { ...tensors, y }, delta });
    } catch (error) {
      if (error instanceof ModuleError) return undefined;
      throw error;
    }
  };
  const none = lossOf(NO_CLASS);
  for (let label = 0; label < MAX_CLASSES; label++) {
    const loss = lossOf(label);
    if (loss === undefined || loss === none) return label === 0 ? undefined : label;
  }
  return undefined;
}
