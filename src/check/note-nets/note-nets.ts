/** The notes' networks with numbers in them: what an equation's letters mean, and what its sides are worth. */

import type { NoteNet } from '../../formulas/formula.ts';
import { SAMPLE_LOSSES } from '../../formulas/language/names.ts';
import type { DiagnosisScope, Reference } from '../../formulas/language/scope.ts';
import type { Left } from '../../formulas/language/syntax.ts';
import { fill, map, scalar, type Tensor, transpose } from '../../formulas/language/tensor.ts';
import {
  NET_DEFINITIONS,
  type NetDefinition,
  NOTE_NETS,
  type TensorDefinition,
} from '../../formulas/nets/definitions.ts';
import { Letters } from '../../formulas/nets/letters.ts';
import { dimensionSize } from '../../formulas/nets/spec.ts';
import { lossFunctions } from '../../kernels/losses.ts';
import { ACTIVATION_NAMES, type ActivationName } from '../../network/activations.ts';
import { type Draw, draw } from './draw.ts';
import { ExactDerivatives } from './exact.ts';
import { Production } from './production.ts';
import { resized } from './sizes.ts';

export type { NetSymbol } from '../../formulas/nets/letters.ts';
export { NOTE_NETS };

export interface NoteNetOptions {
  /** Decides weights, samples and labels (default 1). */
  readonly seed?: number;
  /** φ of net D (default sigmoid). */
  readonly activation?: ActivationName;
  /** Which sizes the dimensions have (default 0: those of the definition), all different from each other. */
  readonly sizes?: number;
  /** Whether some pre-activations and margins are exactly 0, where > and ≥ differ. */
  readonly atKink?: boolean;
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
  return new Net(definition, activation, seed, options.atKink);
}

/** A note's network: its letters are the vocabulary of equations, its numbers their scope. */
export class Net extends Letters implements DiagnosisScope {
  readonly #activation: ActivationName;
  readonly #seed: number;
  readonly #atKink: boolean;
  readonly #cache = new Map<string, Tensor>();
  #drawn: { draw: Draw; production: Production; exact: ExactDerivatives } | undefined;

  constructor(definition: NetDefinition, activation: ActivationName, seed: number, atKink = false) {
    super(definition, activation);
    this.#activation = activation;
    this.#seed = seed;
    this.#atKink = atKink;
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
    const factor = this.leftFactor(left);
    const value = this.value(this.leftReference(left));
    return factor === 1 ? value : map(value, (v) => factor * v);
  }

  leftFactor({ kind }: Left): number {
    return kind === 'step' ? -this.#draw().draw.alpha : 1;
  }

  classOf(sample: number): number {
    const { y } = this.#draw().draw;
    return y.values.subarray((sample - 1) * y.cols, sample * y.cols).indexOf(1) + 1;
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
      const drawn = draw(this.definition, this.#activation, this.#seed, this.#atKink);
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
    if (name === SAMPLE_LOSSES) return production.value({ kind: 'losses' });
    if (this.isPart(name))
      return scalar(name === 'L2' ? production.penalty : production.loss - production.penalty);
    if (this.isWeights(name)) {
      const values = this.decaying.flatMap((weights) => [...this.#value(weights).values]);
      return { rows: values.length, cols: 1, values: Float64Array.from(values) };
    }
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
    const { exact, draw: drawn } = this.#draw();
    if (tensor.source.kind !== 'probabilities')
      return this.#oriented(tensor, this.#scaled(exact.gradient(tensor.source)));
    const each = this.#byProbabilities();
    const mean = map(each, (v) => v / drawn.x.rows);
    return this.#oriented(tensor, this.#scaled(mean));
  }

  #jacobian(of: string, by: string): Tensor {
    const below = this.#defined(by);
    if (of === SAMPLE_LOSSES) {
      const isLast = below.source.kind === 'probabilities';
      const rows = isLast ? this.#ownRows() : this.#draw().exact.jacobian({ kind: 'losses' }, below.source);
      return this.#turned(rows, undefined, below);
    }
    if (this.isPart(of)) {
      return this.#turned(this.#draw().exact.jacobian({ kind: 'penalty' }, below.source), undefined, below);
    }
    const above = this.#defined(of);
    return this.#turned(this.#draw().exact.jacobian(above.source, below.source), above, below);
  }

  /** A Jacobian from the project's order of entries to the note's. */
  #turned(jacobian: Tensor, above: TensorDefinition | undefined, below: TensorDefinition): Tensor {
    const [down, across] = [above, below].map((tensor) =>
      tensor === undefined ? undefined : this.#order(tensor),
    );
    const { rows, cols, values } = jacobian;
    return fill(rows, cols, (i, j) => values[(down?.[i] ?? i) * cols + (across?.[j] ?? j)]);
  }

  /** For each entry of a tensor in the note's order its place in the project's. */
  #order(tensor: TensorDefinition): Float64Array {
    const { rows, cols } = this.shape({
      kind: 'symbol',
      name: tensor.name,
      text: '',
      span: { start: 0, end: 0 },
    });
    const isTurned = tensor.transposed ?? this.samples === 'columns';
    const [r, c] = isTurned ? [cols.size, rows.size] : [rows.size, cols.size];
    return this.#oriented(
      tensor,
      fill(r, c, (i, j) => i * c + j),
    ).values;
  }

  /** ∂Lₙ/∂P of each sample's own cross-entropy: −Y/P, with (1 − Y)/(1 − P) added where each class is by itself. */
  #byProbabilities(): Tensor {
    const { production } = this.#draw();
    const [p, y] = [production.value({ kind: 'probabilities' }), production.value({ kind: 'targets' })];
    const isBinary = lossFunctions(this.definition.loss).separable;
    return fill(p.rows, p.cols, (i, j) => {
      const [pij, yij] = [p.values[i * p.cols + j], y.values[i * p.cols + j]];
      return -yij / pij + (isBinary ? (1 - yij) / (1 - pij) : 0);
    });
  }

  /** The same as a Jacobian: the loss of a sample depends on its own probabilities alone. */
  #ownRows(): Tensor {
    const each = this.#byProbabilities();
    const { rows, cols } = each;
    return fill(rows, rows * cols, (n, k) => (Math.floor(k / cols) === n ? each.values[k] : 0));
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
