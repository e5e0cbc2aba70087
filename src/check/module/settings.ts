/** What a module says about itself beside `forward` and `backward`, and what holds where it says nothing. */

import {
  type ArrayLayout,
  type Float64Tensor,
  readArray,
  type TensorShape,
  tensorShapeText,
  tensorSize,
} from './arrays.ts';
import { ModuleError } from './errors.ts';

/**
 * What the targets of a loss are: rows with a single 1; uniform real numbers; a whole number for each row, the class;
 * or 0 and 1 in each entry.
 */
export const TARGETS = ['one-hot', 'real', 'labels', 'binary'] as const;
export type Targets = (typeof TARGETS)[number];

/** The lowest and the highest number that is drawn. */
export type ValueRange = readonly [low: number, high: number];

/** How a module is to be checked: its own exports or properties, or options, which win over them. */
export interface ModuleSettings {
  /** The shapes of x, of the targets y of a loss, and of every parameter (default `{ x: [4, 3] }`). */
  readonly shapes?: Readonly<Record<string, TensorShape>>;
  /** Tensors that are not to be drawn, by name: nested or flat. */
  readonly values?: Readonly<Record<string, unknown>>;
  /** What numbers are drawn from, for all or by name (default −1 to 1). */
  readonly range?: ValueRange | Readonly<Record<string, ValueRange>>;
  /** How the arrays are handed over (default `nested`). */
  readonly arrays?: ArrayLayout;
  /** Whether it is a loss (default: whether it has targets, or its forward returns a number). */
  readonly loss?: boolean;
  /** What the targets of a loss are (default `one-hot`). */
  readonly targets?: Targets;
  /** How many classes labels are drawn from (default: the columns of x). */
  readonly classes?: number;
  /** Whether backward gives ∂L/∂x (default true). */
  readonly inputGradient?: boolean;
  /** The factor λ of the module's own L2 term λ/2 Σ w², for the diagnosis. */
  readonly lambda?: number;
}

/** The settings with their defaults, checked. */
export interface Settings {
  readonly shapes: Readonly<Record<string, TensorShape>>;
  readonly fixed: Readonly<Record<string, Float64Tensor>>;
  range(tensor: string): ValueRange;
  readonly arrays: ArrayLayout;
  /** Undefined if only a call of forward can decide. */
  readonly loss: boolean | undefined;
  readonly targets: Targets;
  readonly classes: number;
  /** Whether the module says how many classes there are. */
  readonly saysClasses: boolean;
  readonly inputGradient: boolean;
  readonly lambda: number | undefined;
}

const DEFAULT_RANGE: ValueRange = [-1, 1];
const DEFAULT_X: TensorShape = [4, 3];

/** How many numbers a module's tensors may have in all: more than these take minutes and show nothing else. */
const MAX_NUMBERS = 10_000_000;

/**
 * Checks settings and fills in what is missing.
 *
 * @param setting looks a setting up, wherever it stands
 * @throws ModuleError if one does not fit
 */
export function readSettings(setting: (key: keyof ModuleSettings) => unknown): Settings {
  const shapes = readShapes(setting('shapes'));
  const targets = oneOf('targets', setting('targets') ?? 'one-hot', TARGETS);
  const declaredLoss = setting('loss');
  expect(
    'loss',
    declaredLoss,
    'true or false',
    declaredLoss === undefined || typeof declaredLoss === 'boolean',
  );
  const isLoss = setting('targets') !== undefined || 'y' in shapes;
  expect('loss', declaredLoss, 'true, as there are targets y', !(declaredLoss === false && isLoss));
  if (!('y' in shapes)) shapes.y = targets === 'labels' ? shapes.x.slice(0, -1) : shapes.x;
  // Without labels nothing asks for classes, and a module may have its own of that name.
  const classes = (targets === 'labels' ? setting('classes') : undefined) ?? shapes.x.at(-1) ?? 1;
  expect('classes', classes, 'a whole number above 0', Number.isInteger(classes) && Number(classes) > 0);
  const inputGradient = setting('inputGradient') ?? true;
  expect('inputGradient', inputGradient, 'true or false', typeof inputGradient === 'boolean');
  const lambda = setting('lambda');
  expect('lambda', lambda, 'a number', lambda === undefined || Number.isFinite(lambda));
  return {
    shapes,
    fixed: readFixed(setting('values'), shapes),
    range: readRange(setting('range'), shapes),
    arrays: oneOf('arrays', setting('arrays') ?? 'nested', ['nested', 'float64']),
    loss: (declaredLoss as boolean | undefined) ?? (isLoss ? true : undefined),
    targets,
    classes: classes as number,
    saysClasses: setting('classes') !== undefined,
    inputGradient: inputGradient as boolean,
    lambda: lambda as number | undefined,
  };
}

function readShapes(given: unknown): Record<string, TensorShape> {
  if (given === undefined) return { x: DEFAULT_X };
  expect('shapes', given, 'an object like { x: [4, 3], W: [3, 2] }', isObject(given));
  const shapes: Record<string, TensorShape> = {};
  for (const [name, shape] of Object.entries(given as object)) {
    const sizes = Array.isArray(shape) && shape.every((n) => Number.isInteger(n) && n > 0);
    expect(`shapes.${name}`, shape, 'an array of whole numbers above 0 like [4, 3]', sizes);
    shapes[name] = shape as TensorShape;
  }
  const numbers = Object.values(shapes).reduce((sum, shape) => sum + tensorSize(shape), 0);
  expect('shapes', given, `at most ${MAX_NUMBERS} numbers in all`, numbers <= MAX_NUMBERS);
  expect('shapes.delta', shapes.delta, 'another name, as delta is ∂L/∂y', !('delta' in shapes));
  if (!('x' in shapes)) return { x: DEFAULT_X, ...shapes };
  return shapes;
}

function readFixed(given: unknown, shapes: Record<string, TensorShape>): Record<string, Float64Tensor> {
  if (given === undefined) return {};
  expect('values', given, 'an object like { x: [[1, 2], [3, 4]] }', isObject(given));
  const fixed: Record<string, Float64Tensor> = {};
  for (const [name, value] of Object.entries(given as object)) {
    const shape = shapes[name];
    expect(`values.${name}`, name, `one of ${Object.keys(shapes).join(', ')}`, shape !== undefined);
    const read = readArray(value);
    const fits =
      typeof read !== 'string' &&
      read.values.length === tensorSize(shape) &&
      read.values.every(Number.isFinite);
    expect(`values.${name}`, value, `numbers of shape ${tensorShapeText(shape)}`, fits);
    fixed[name] = { shape, values: (read as Float64Tensor).values };
  }
  return fixed;
}

function readRange(given: unknown, shapes: Record<string, TensorShape>): (tensor: string) => ValueRange {
  if (given === undefined) return () => DEFAULT_RANGE;
  if (isRange(given)) return () => given;
  expect('range', given, 'an object or two numbers like [-1, 1], the lower first', isObject(given));
  for (const [name, range] of Object.entries(given as object)) {
    expect(`range.${name}`, name, `one of ${Object.keys(shapes).join(', ')}`, name in shapes);
    expect(`range.${name}`, range, 'two numbers like [-1, 1], the lower first', isRange(range));
  }
  return (tensor) => (given as Record<string, ValueRange>)[tensor] ?? DEFAULT_RANGE;
}

const isObject = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const isRange = (value: unknown): value is ValueRange =>
  Array.isArray(value) && value.length === 2 && value.every(Number.isFinite) && value[0] < value[1];

function oneOf<T extends string>(key: string, value: unknown, words: readonly T[]): T {
  expect(key, value, words.join(', '), words.includes(value as T));
  return value as T;
}

function expect(key: string, value: unknown, expected: string, fits: boolean): void {
  if (!fits)
    throw new ModuleError(`${key}: expected ${expected}, got ${JSON.stringify(value) ?? String(value)}`);
}
