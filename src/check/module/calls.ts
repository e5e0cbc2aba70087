/** Calls a user's forward and backward with fresh arrays, and reads what they return, leave behind and spoil. */

import {
  type Float64Tensor,
  kindOf,
  readArray,
  sameTensorShape,
  type TensorShape,
  tensorShapeText,
  toArray,
} from './arrays.ts';
import { guarded, ModuleError, thrownText } from './errors.ts';
import { type FoundGradient, gradientOf, undeclaredGradients } from './gradients.ts';
import { type Home, homesOf } from './homes.ts';
import { readOutput } from './output.ts';
import { type Point, parameterNames } from './point.ts';
import type { Subject } from './subject.ts';

/** Something that forward or backward was given and has written to. */
export interface Modified {
  /** `x`, `delta`, `y` or a parameter's name. */
  readonly what: string;
  readonly by: 'forward' | 'backward';
  readonly before: Float64Array;
  readonly after: Float64Array;
}

/** What one backward gave. */
export interface BackwardResult {
  /** By the tensor's name. */
  readonly gradients: ReadonlyMap<string, FoundGradient>;
  /** Gradients of tensors that `shapes` does not name. */
  readonly undeclared: readonly string[];
  /** What backward threw, in one line; there are no gradients then. */
  readonly thrown: string | undefined;
  readonly modified: readonly Modified[];
}

type Handed = Record<string, unknown>;

/** A subject's functions on tensors. */
export class ModuleCalls {
  readonly subject: Subject;
  readonly isLoss: boolean;
  readonly parameters: readonly string[];
  /** By which tensors derivatives are taken: x, unless its gradient is not asked for, and the parameters. */
  readonly checked: readonly string[];
  readonly #homes: readonly Home[];
  #outputShape: TensorShape | undefined;
  #flatOutput = false;

  /**
   * @param trial a point to find out at whether this is a loss, where the settings do not say
   * @param outputShape the shape that forward's output must have, where it is known
   * @throws ModuleError if forward throws, or returns no numbers
   */
  constructor(subject: Subject, trial: Point, outputShape: TensorShape | undefined) {
    this.#outputShape = outputShape;
    const { settings } = subject;
    this.subject = subject;
    this.parameters = parameterNames(settings);
    this.checked = [...(settings.inputGradient ? ['x'] : []), ...this.parameters];
    if (this.checked.length === 0) {
      throw new ModuleError('shapes: expected a parameter where inputGradient is false, got none');
    }
    this.#homes = guarded('expected a place for each parameter', () =>
      this.parameters.flatMap((name) => homesOf(subject.receiver, name)),
    );
    try {
      this.isLoss = settings.loss ?? this.#returnsNumber(trial);
    } catch (error) {
      this.release();
      throw error;
    }
  }

  /** Puts back what stood in the receiver's own parameters. */
  release(): void {
    for (const { place, name, original } of this.#homes) place[name] = original;
  }

  /**
   * forward's output; of a loss, a number.
   *
   * @throws ModuleError if forward throws, or returns something else than finite numbers of one shape
   */
  output(point: Point): Float64Tensor {
    return this.#read(this.#forward(this.#hand(point)), point);
  }

  /**
   * The scalar that is differentiated: the loss, or Σ δ ⊙ forward(x).
   *
   * @throws ModuleError as `output` does
   */
  scalar(point: Point): number {
    const { values } = this.output(point);
    const { delta } = point;
    return delta === undefined ? values[0] : values.reduce((sum, y, k) => sum + delta.values[k] * y, 0);
  }

  /**
   * One forward and one backward.
   *
   * @param untouched whether backward gets copies of its own, so that it does not see what forward wrote to its inputs
   * @throws ModuleError as `output` does, or if backward is asynchronous
   */
  backward(point: Point, untouched = false): BackwardResult {
    const { receiver } = this.subject;
    this.#zero();
    let handed = this.#hand(point);
    const output = this.#forward(handed);
    const modified = this.#compare(point, handed, 'forward');
    if (untouched) handed = this.#hand(point);
    const { x, y, delta } = handed;
    const before = this.#snapshot(point, handed);
    const params = this.#params(handed);
    let returned: unknown;
    try {
      returned = this.isLoss
        ? this.subject.backward(x, y, params)
        : this.subject.backward(delta, x, params, output);
    } catch (error) {
      return { gradients: new Map(), undeclared: [], thrown: thrownText(error), modified };
    }
    if (returned instanceof Promise) {
      returned.catch(() => {});
      throw new ModuleError(`backward: expected gradients, got ${kindOf(returned)}`);
    }
    modified.push(...this.#compare({ ...point, ...before }, handed, 'backward'));
    const declared = ['x', ...this.parameters];
    return guarded('backward: expected gradients', () => ({
      gradients: new Map(
        this.checked.map((name) => [name, gradientOf(name, returned, receiver, this.subject.settings)]),
      ),
      undeclared: undeclaredGradients(returned, receiver, declared),
      thrown: undefined,
      modified,
    }));
  }

  #returnsNumber(point: Point): boolean {
    const handed = this.#hand(point);
    try {
      return typeof this.subject.forward(handed.x, this.#params(handed)) === 'number';
    } catch (error) {
      // A loss that looks into its targets throws when it is called as a layer.
      const again = this.#hand(point);
      try {
        if (typeof this.subject.forward(again.x, again.y, this.#params(again)) === 'number') return true;
      } catch {}
      throw new ModuleError(`forward: expected an output, got ${thrownText(error)}`);
    }
  }

  /** Fresh arrays, those of the parameters also where the receiver itself has them. */
  #hand({ tensors, delta }: Point): Handed {
    const { arrays } = this.subject.settings;
    const handed: Handed = {};
    for (const [name, tensor] of Object.entries(tensors)) {
      const layout = this.#homes.find((home) => home.name === name)?.layout ?? arrays;
      handed[name] = toArray(tensor, layout);
    }
    if (delta !== undefined) handed.delta = toArray(delta, this.#flatOutput ? 'float64' : arrays);
    for (const { place, name } of this.#homes) place[name] = handed[name];
    return handed;
  }

  #params(handed: Handed): Handed {
    return Object.fromEntries(this.parameters.map((name) => [name, handed[name]]));
  }

  #forward(handed: Handed): unknown {
    const params = this.#params(handed);
    let output: unknown;
    try {
      output = this.isLoss
        ? this.subject.forward(handed.x, handed.y, params)
        : this.subject.forward(handed.x, params);
    } catch (error) {
      throw new ModuleError(`forward: expected an output, got ${thrownText(error)}`);
    }
    if (output instanceof Promise) output.catch(() => {});
    return output;
  }

  #read(output: unknown, { tensors }: Point): Float64Tensor {
    const { tensor, flat } = guarded('forward: expected an output', () =>
      readOutput(output, this.isLoss, tensors.x, this.subject.settings),
    );
    this.#flatOutput = flat;
    this.#outputShape ??= tensor.shape;
    if (!sameTensorShape(tensor.shape, this.#outputShape)) {
      throw new ModuleError(
        `forward: expected an output of ${tensorShapeText(this.#outputShape)} each time, got ${tensorShapeText(tensor.shape)}`,
      );
    }
    return tensor;
  }

  #zero(): void {
    const { receiver } = this.subject;
    const zero = receiver.zeroGrad ?? receiver.zeroGradients;
    if (typeof zero !== 'function') return;
    try {
      zero.call(receiver);
    } catch (error) {
      throw new ModuleError(`zeroGrad: expected the gradients to be set to 0, got ${thrownText(error)}`);
    }
  }

  /** Everything as it stands in the arrays that were handed over. */
  #snapshot(point: Point, handed: Handed): Point {
    const now = (name: string, tensor: Float64Tensor): Float64Tensor => ({
      shape: tensor.shape,
      values: this.#current(name, tensor, handed),
    });
    return {
      tensors: Object.fromEntries(Object.entries(point.tensors).map(([name, t]) => [name, now(name, t)])),
      delta: point.delta && now('delta', point.delta),
    };
  }

  #current(name: string, { values }: Float64Tensor, handed: Handed): Float64Array {
    const home = this.#homes.find((candidate) => candidate.name === name);
    const array = home !== undefined && home.place[name] !== undefined ? home.place[name] : handed[name];
    const read = readArray(array);
    if (typeof read === 'string' || read.values.length !== values.length) return values.map(() => Number.NaN);
    return read.values;
  }

  #compare(before: Point, handed: Handed, by: Modified['by']): Modified[] {
    const { y, ...others } = before.tensors;
    const all: Record<string, Float64Tensor> = { ...others };
    if (this.isLoss) all.y = y;
    else if (before.delta !== undefined) all.delta = before.delta;
    return Object.entries(all).flatMap(([what, tensor]) => {
      const after = this.#current(what, tensor, handed);
      const changed = after.some((value, k) => !Object.is(value, tensor.values[k]));
      return changed ? [{ what, by, before: tensor.values, after }] : [];
    });
  }
}
