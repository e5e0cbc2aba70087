/** Where a layer that keeps its parameters itself has them. */

import { type ArrayLayout, isTypedArray } from './arrays.ts';

/** A property of the receiver that holds a parameter. */
export interface Home {
  readonly place: Record<string, unknown>;
  readonly name: string;
  readonly original: unknown;
  readonly layout: ArrayLayout | undefined;
}

/** Where a receiver itself has a parameter: in a property of its name, or of its `params` or `parameters`. */
export function homesOf(receiver: Record<string, unknown>, name: string): Home[] {
  const places = [receiver, receiver.params, receiver.parameters].filter(
    (place) => typeof place === 'object' && place !== null && name in place,
  ) as Record<string, unknown>[];
  return places.flatMap((place) => {
    const original = place[name];
    if (typeof original === 'function') return [];
    try {
      place[name] = original;
    } catch {
      // An export or a getter: such a module has its parameters as arguments.
      return [];
    }
    const layout = isTypedArray(original) ? 'float64' : Array.isArray(original) ? 'nested' : undefined;
    return [{ place, name, original, layout }];
  });
}
