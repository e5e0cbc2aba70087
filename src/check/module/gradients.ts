/** Where a user's backward leaves the gradient of a tensor, and whether it fits. */

import {
  entryText,
  isTypedArray,
  kindOf,
  type ReadArray,
  readArray,
  sameTensorShape,
  type TensorShape,
  tensorShapeText,
  tensorSize,
} from './arrays.ts';
import type { Settings } from './settings.ts';

/** A gradient as it was found. */
export interface FoundGradient {
  /** Its entries in its own shape; undefined where there is none. */
  readonly gradient: ReadArray | undefined;
  /** Why it cannot be compared with the tensor, in words; null where it can. */
  readonly problem: string | null;
}

/** A gradient's name: `dW`. */
export const gradientName = (tensor: string): string => `d${tensor}`;

/**
 * The gradient of a tensor: what backward returned, if it is an array and the tensor is x; its entry `W` or `dW`, if it
 * is an object; or else `dW`, `grads.W` or `gradients.W` of the receiver.
 */
export function gradientOf(
  tensor: string,
  returned: unknown,
  receiver: Record<string, unknown>,
  settings: Settings,
): FoundGradient {
  const value = locate(tensor, returned, receiver);
  const name = gradientName(tensor);
  if (value === undefined) return { gradient: undefined, problem: missing(tensor, returned, settings) };
  const read = readArray(value);
  const shape = settings.shapes[tensor];
  if (typeof read === 'string') {
    return {
      gradient: undefined,
      problem: `${name}: expected ${tensorShapeText(shape)} numbers, got ${read}`,
    };
  }
  if (!fits(read, shape, settings)) {
    return {
      gradient: read,
      problem: `${name} is ${tensorShapeText(read.shape)}, ${tensor} is ${tensorShapeText(shape)}`,
    };
  }
  const gradient = { ...read, shape };
  const odd = read.values.findIndex((entry) => !Number.isFinite(entry));
  const problem = odd === -1 ? null : `${name} is ${read.values[odd]} at ${entryText(shape, odd)}`;
  return { gradient, problem };
}

/** Gradients of tensors that `shapes` does not name, of which nothing would be checked. */
export function undeclaredGradients(
  returned: unknown,
  receiver: Record<string, unknown>,
  declared: readonly string[],
): string[] {
  const isKnown = (key: string) => declared.some((name) => key === name || key === gradientName(name));
  const returnedKeys = isRecord(returned)
    ? Object.entries(returned).filter(([key, value]) => !CONTAINERS.includes(key) && isArray(value))
    : [];
  const own = Object.entries(receiver).filter(
    ([key, value]) => /^d./.test(key) && isArray(value) && isArray(receiver[key.slice(1)]),
  );
  const contained = CONTAINERS.flatMap((key) => [
    ...Object.entries(record(receiver[key])),
    ...(isRecord(returned) ? Object.entries(record(returned[key])) : []),
  ]).filter(([, value]) => isArray(value));
  const keys = [...returnedKeys, ...own, ...contained].map(([key]) => key).filter((key) => !isKnown(key));
  return [...new Set(keys.filter((key) => key !== 'y' && key !== 'dy'))];
}

const CONTAINERS = ['grads', 'gradients'];

const isArray = (value: unknown): boolean => Array.isArray(value) || isTypedArray(value);

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !isArray(value);

const record = (value: unknown): Record<string, unknown> => (isRecord(value) ? value : {});

function locate(tensor: string, returned: unknown, receiver: Record<string, unknown>): unknown {
  if (tensor === 'x' && (isArray(returned) || typeof returned === 'number')) return returned;
  const name = gradientName(tensor);
  const from = record(returned);
  const places = [
    from[name],
    from[tensor],
    ...CONTAINERS.flatMap((key) => [record(from[key])[tensor], record(from[key])[name]]),
    receiver[name],
    ...CONTAINERS.flatMap((key) => [record(receiver[key])[tensor], record(receiver[key])[name]]),
  ];
  return places.find((value) => value !== undefined && value !== null);
}

function missing(tensor: string, returned: unknown, settings: Settings): string {
  const names = Object.keys(settings.shapes).filter((name) => name !== 'y');
  if (tensor === 'x' && names.length === 1) {
    return `expected the gradient of x from backward, got ${kindOf(returned)}`;
  }
  const object = `{ ${names.map((name) => `${name}: ${gradientName(name)}`).join(', ')} }`;
  const leave =
    tensor === 'x'
      ? 'set inputGradient = false if nothing needs it'
      : `leave it in this.${gradientName(tensor)}`;
  return `expected a gradient of ${tensor}, got ${kindOf(returned)} from backward: return ${object}, or ${leave}`;
}

/** A flat gradient fits where the tensor is flat too or the array has no rows to see; leading sizes of 1 do not count. */
function fits(read: ReadArray, shape: TensorShape, { arrays }: Settings): boolean {
  if (read.values.length !== tensorSize(shape)) return false;
  if (read.flat || (arrays === 'float64' && read.shape.length === 1)) return true;
  return sameTensorShape(trimmed(read.shape), trimmed(shape));
}

function trimmed(shape: TensorShape): TensorShape {
  const first = shape.findIndex((n) => n !== 1);
  return first === -1 ? [] : shape.slice(first);
}
