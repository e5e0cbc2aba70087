/** The notes' networks with numbers in them: what an equation's letters mean, and what its sides are worth. */

import type { NoteNet } from '../../formulas/formula.ts';
import type { DiagnosisScope, Reference } from '../../formulas/language/scope.ts';
import type { Left } from '../../formulas/language/syntax.ts';
import { map, scalar, type Tensor, transpose } from '../../formulas/language/tensor.ts';
import { ACTIVATION_NAMES, type ActivationName } from '../../network/activations.ts';
import { NET_DEFINITIONS, type NetDefinition, NOTE_NETS, type TensorDefinition } from './definitions.ts';
import { type Draw, dimensionSize, draw } from './draw.ts';
import { ExactDerivatives } from './exact.ts';
import { Letters } from './letters.ts';
import { Production } from './production.ts';
import { resized } from './sizes.ts';

export type { NetSymbol } from './letters.ts';
export { NOTE_NETS };

export interface NoteNetOptions {
  /** Decides weights, samples and labels (default 1). */
  readonly seed?: number;
  /** φ of net D (default sigmoid). */
  readonly activation?: ActivationName;
  /** Which sizes the dimensions have (default 0: those of the definition), all different from each other. */
  readonly sizes?: number;
  /** The letters of dimensions that have the definition's sizes whatever `sizes` says. */
  readonly keptSizes?: ReadonlySet<string>;
}

/**
 * One of the notes' networks with numbers drawn from a seed.
 *
 * @throws RangeError if there is no such net, if the net has no such activation, or on a seed out of range
 */
export function noteNet(name: NoteNet, options: NoteNetOptions = {}): Net {
  if (!Object.hasOwn(NET_DEFINITIONS, name)) {
    throw new RangeError(`noteNet: expected one of ${NOTE_NETS.join(', ')}, got ${name}`);
  }
  const definition = resized(NET_DEFINITIONS[name], options.sizes ?? 0, options.keptSizes);
  const { seed = 1, activation = definition.activation ?? 'identity' } = options;
  if (!ACTIVATION_NAMES.includes(activation)) {
    throw new RangeError(
      `noteNet: expected an activation of ${ACTIVATION_NAMES.join(', ')}, got ${activation}`,
    );
  }
  if (
    options.activation !== undefined &&
    !definition.activationIsOpen &&
    activation !== definition.activation
  ) {
    throw new RangeError(
      `noteNet: expected no activation for net ${name}, whose note has ${definition.activation ?? 'none'}, got ${activation}`,
    );
  }
  return new Net(definition, activation, seed);
}

/** A note's network: its letters are the vocabulary of equations, its numbers their scope. */
export class Net extends Letters implements DiagnosisScope {
  readonly #activation: ActivationName;
  readonly #seed: number;
  readonly #cache = new Map<string, Tensor>();
  #drawn: { draw: Draw; production: Production; exact: ExactDerivatives } | undefined;

  constructor(definition: NetDefinition, activation: ActivationName, seed: number) {
    super(definition, activation);
    this.#activation = activation;
    this.#seed = seed;
  }

  /** The exact value of a symbol or derivative. */
  value(reference: Reference): Tensor {
    if (reference.kind === 'symbol')
      return this.#cached(`value ${reference.name}`, () => this.#value(reference.name));
    const { of, by } = reference;
    return this.#cached(`∂${of ?? ''}/∂${by}`, () =>
      of === null ? this.#gradient(by) : this.#jacobian(of, by),
    );
  }

  /** What the right side must be equal to: the forward's value, or the exact derivative. */
  leftValue(left: Left): Tensor {
    const value = this.value(this.reference(left));
    return left.kind === 'step' ? map(value, (v) => -this.#draw().draw.alpha * v) : value;
  }

  /** What the project's backward gives for the left side; undefined where it computes no such thing. */
  production(left: Left): Tensor | undefined {
    if (left.kind === 'value' || left.kind === 'jacobian') return undefined;
    const tensor = this.#defined(left.by);
    const gradient = this.#draw().production.gradient(tensor.source);
    if (gradient === undefined) return undefined;
    const oriented = this.#oriented(tensor, this.#scaled(gradient));
    return left.kind === 'step' ? map(oriented, (v) => -this.#draw().draw.alpha * v) : oriented;
  }

  #draw() {
    if (this.#drawn === undefined) {
      const drawn = draw(this.definition, this.#activation, this.#seed);
      this.#drawn = { draw: drawn, production: new Production(drawn), exact: new ExactDerivatives(drawn) };
    }
    return this.#drawn;
  }

  #cached(key: string, compute: () => Tensor): Tensor {
    let tensor = this.#cache.get(key);
    if (tensor === undefined) {
      tensor = compute();
      this.#cache.set(key, tensor);
    }
    return tensor;
  }

  #value(name: string): Tensor {
    const { draw: drawn, production } = this.#draw();
    const tensor = this.tensor(name);
    if (tensor !== undefined) return this.#oriented(tensor, production.value(tensor.source));
    if (this.isOnes(name)) {
      const n = dimensionSize(this.definition, this.sampleLetter as string);
      return { rows: n, cols: 1, values: new Float64Array(n).fill(1) };
    }
    if (name === this.definition.lossName) return this.#scaled(scalar(production.loss));
    if (name === 'lambda') return scalar(drawn.lambda);
    return scalar(name === 'alpha' ? drawn.alpha : dimensionSize(this.definition, name));
  }

  #gradient(name: string): Tensor {
    const tensor = this.#defined(name);
    return this.#oriented(tensor, this.#scaled(this.#draw().exact.gradient(tensor.source)));
  }

  #jacobian(of: string, by: string): Tensor {
    return this.#draw().exact.jacobian(this.#defined(of).source, this.#defined(by).source);
  }

  /** From the project's mean over the batch to the note's sum. */
  #scaled(tensor: Tensor): Tensor {
    const { reduction, sampleLetter } = this.definition;
    if (reduction === 'mean' || sampleLetter === null) return tensor;
    const n = dimensionSize(this.definition, sampleLetter);
    return map(tensor, (v) => n * v);
  }

  /** From the project's orientation to the note's. */
  #oriented({ transposed = this.samples === 'columns' }: TensorDefinition, tensor: Tensor): Tensor {
    return transposed ? transpose(tensor) : tensor;
  }

  #defined(name: string): TensorDefinition {
    const tensor = this.tensor(name);
    if (tensor === undefined) throw new RangeError(`net ${this.name}: expected a tensor, got ${name}`);
    return tensor;
  }
}
