/** Finds, in what a user hands over, the `forward` and `backward` that are to be checked. */

import { kindOf } from './arrays.ts';
import { ModuleError, thrownText } from './errors.ts';
import { type ModuleSettings, readSettings, type Settings } from './settings.ts';

/** A user's layer or loss, found. */
export interface Subject {
  /** `this` of forward and backward; parameters and gradients may be properties of it. */
  readonly receiver: Record<string, unknown>;
  forward(...args: unknown[]): unknown;
  backward(...args: unknown[]): unknown;
  readonly settings: Settings;
}

/**
 * Finds forward and backward in a module's exports, its default export, its only export that has them, an object, or a
 * class, which is made without arguments. Settings are looked for there too, and in what lies around it.
 *
 * @throws ModuleError if there is no forward or backward, a class cannot be made, or a setting does not fit
 */
export function openModule(source: unknown, options: ModuleSettings): Subject {
  const around: unknown[] = [options];
  const found = find(source, around, 0);
  if (found === undefined) {
    throw new ModuleError(`expected functions forward and backward, got ${exportsText(source)}`);
  }
  const receiver = found as Record<string, unknown>;
  for (const [key, other] of [
    ['forward', 'backward'],
    ['backward', 'forward'],
  ]) {
    if (typeof receiver[key] !== 'function') {
      throw new ModuleError(`expected a function ${key} beside ${other}, got ${kindOf(receiver[key])}`);
    }
  }
  const places = [options, receiver, ...around.slice(1).reverse()] as Record<string, unknown>[];
  // A function of such a name, as a method `values()`, is the module's own business.
  const isSetting = (value: unknown) => value !== undefined && typeof value !== 'function';
  const settings = readSettings((key) => places.find((place) => isSetting(place[key]))?.[key]);
  return {
    receiver,
    forward: (...args) => (receiver.forward as (...args: unknown[]) => unknown).apply(receiver, args),
    backward: (...args) => (receiver.backward as (...args: unknown[]) => unknown).apply(receiver, args),
    settings,
  };
}

/** @param around what was passed through on the way, the outermost first */
function find(source: unknown, around: unknown[], depth: number): unknown {
  if (source === null || (typeof source !== 'object' && typeof source !== 'function') || depth > 3)
    return undefined;
  around.push(source);
  if (isLayerClass(source)) {
    try {
      return new source();
    } catch (error) {
      throw new ModuleError(`expected a class made without arguments, got ${thrownText(error)}`);
    }
  }
  const object = source as Record<string, unknown>;
  if ('forward' in object || 'backward' in object) return object;
  if ('default' in object) {
    const found = find(object.default, around, depth + 1);
    if (found !== undefined) return found;
  }
  if (typeof source === 'function') return undefined;
  const candidates = Object.keys(object).filter((key) => key !== 'default' && isLayer(object[key]));
  if (candidates.length > 1) {
    throw new ModuleError(
      `expected one layer or loss, got ${candidates.join(', ')}: export one of them as the default`,
    );
  }
  return candidates.length === 1 ? find(object[candidates[0]], around, depth + 1) : undefined;
}

/** Methods stand on the prototype; of functions that are fields of a class only the word `class` can be seen. */
const isLayerClass = (value: unknown): value is new () => object =>
  typeof value === 'function' &&
  typeof value.prototype === 'object' &&
  value.prototype !== null &&
  ('forward' in value.prototype ||
    'backward' in value.prototype ||
    /^class\b[^{]*\{[\s\S]*\bforward\b/.test(Function.prototype.toString.call(value)));

const isLayer = (value: unknown): boolean =>
  isLayerClass(value) ||
  (typeof value === 'object' && value !== null && 'forward' in value && 'backward' in value);

function exportsText(source: unknown): string {
  if (source === null || typeof source !== 'object') return kindOf(source);
  const keys = Object.keys(source);
  return keys.length === 0 ? 'nothing exported' : keys.slice(0, 8).join(', ');
}
