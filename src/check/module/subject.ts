/** Finds, in what a user hands over, the `forward` and `backward` that are to be checked. */

import { kindOf } from './arrays.ts';
import { guarded, ModuleError, thrownText } from './errors.ts';
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
  return guarded('expected functions forward and backward', () => open(source, options));
}

function open(source: unknown, options: ModuleSettings): Subject {
  const around: unknown[] = [options];
  const found = find(source, around, 0);
  if (found === undefined) throw new ModuleError(missingText(source));
  const receiver = found as Record<string, unknown>;
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
  // Before `new`: a class whose forward and backward are static is itself the layer.
  if (hasBoth(source)) return source;
  if (isLayerClass(source)) return make(source);
  const object = source as Record<string, unknown>;
  if ('default' in object) {
    const found = find(object.default, around, depth + 1);
    if (found !== undefined) return found;
    around.length = around.indexOf(source) + 1;
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

function make(layer: new () => object): object {
  let made: object;
  try {
    made = new layer();
  } catch (error) {
    throw new ModuleError(`expected a class made without arguments, got ${thrownText(error)}`);
  }
  if (!hasBoth(made)) throw new ModuleError(missingText(made));
  return made;
}

const FUNCTIONS = ['forward', 'backward'] as const;

/** One of the two alone is what a CommonJS module may look like from outside; its default export then has both. */
const hasBoth = (source: object): boolean =>
  FUNCTIONS.every((key) => typeof (source as Record<string, unknown>)[key] === 'function');

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
  ((typeof value === 'object' || typeof value === 'function') && value !== null && hasBoth(value));

/** What is missing: the other of the two functions, where one of them is there. */
function missingText(source: unknown): string {
  const places = [source, (source as { default?: unknown } | null | undefined)?.default];
  for (const place of places) {
    if (place === null || (typeof place !== 'object' && typeof place !== 'function')) continue;
    const record = place as Record<string, unknown>;
    const there = FUNCTIONS.find((key) => typeof record[key] === 'function');
    if (there === undefined) continue;
    const other = there === 'forward' ? 'backward' : 'forward';
    return `expected a function ${other} beside ${there}, got ${kindOf(record[other])}`;
  }
  return `expected functions forward and backward, got ${exportsText(source)}`;
}

function exportsText(source: unknown): string {
  if (source === null || typeof source !== 'object') return kindOf(source);
  const keys = Object.keys(source);
  return keys.length === 0 ? 'nothing exported' : keys.slice(0, 8).join(', ');
}
