/** The letters of a note's network: what each means, its shape, and where in an equation it may stand. */

import type { ActivationName } from '../../kernels/activations.ts';
import type { NoteNet } from '../formula.ts';
import { nameText } from '../language/format.ts';
import { SAMPLE_LOSSES } from '../language/names.ts';
import type { Reference, ShapeScope, Vocabulary } from '../language/scope.ts';
import { ONE, SCALAR, type Shape, type Size } from '../language/shape.ts';
import type { Left } from '../language/syntax.ts';
import type { NetDefinition, TensorDefinition } from './definitions.ts';
import { dimensionSize, layersOf } from './spec.ts';

/** A letter of a net, as a table of letters shows it. */
export interface NetSymbol {
  /** As it is typed: `W2`, `λ`. */
  readonly symbol: string;
  readonly shape: Shape;
  readonly meaning: string;
  /** Other spellings. */
  readonly aliases: readonly string[];
  /** What can stand on the left of it: `dW2`, `X1`; empty where nothing can. */
  readonly lefts: readonly string[];
}

/** The vocabulary of equations about a net, and their shapes; it has no numbers. */
export class Letters implements Vocabulary, ShapeScope {
  readonly name: NoteNet;
  readonly title: string;
  readonly definition: NetDefinition;
  readonly activation: ActivationName | null;
  readonly samples: 'rows' | 'columns';
  readonly sampleLetter: string | null;
  readonly #tensors: ReadonlyMap<string, TensorDefinition>;
  readonly #aliases = new Map<string, string>();
  readonly #gradientAliases = new Map<string, string>();

  /** @param activation φ, of no meaning for a net that has none */
  constructor(definition: NetDefinition, activation: ActivationName) {
    this.definition = definition;
    this.name = definition.name;
    this.title = definition.title;
    this.activation = definition.activation === null ? null : activation;
    this.samples = definition.samples;
    this.sampleLetter = definition.sampleLetter;
    this.#tensors = new Map(definition.tensors.map((tensor) => [tensor.name, tensor]));
    for (const { name, aliases = [], gradientAliases = [] } of definition.tensors) {
      for (const alias of aliases) this.#aliases.set(alias, name);
      for (const alias of gradientAliases) this.#gradientAliases.set(alias, name);
    }
  }

  symbol(name: string): string | undefined {
    const own = name === 'loss' ? this.definition.lossName : (this.#aliases.get(name) ?? name);
    const known =
      this.#tensors.has(own) ||
      own === this.definition.lossName ||
      this.isOnes(own) ||
      this.isWeights(own) ||
      this.isPart(own) ||
      this.#numbers().some((number) => number.symbol === own);
    return known ? own : this.#inOtherCase(own);
  }

  /** The one tensor that a name is with other capitals: the notes write an entry of HW as hw. */
  #inOtherCase(name: string): string | undefined {
    const alike = [...this.tensorNames, ...this.#aliases.keys()].filter(
      (other) => other.toLowerCase() === name.toLowerCase(),
    );
    return alike.length === 1 ? (this.#aliases.get(alike[0]) ?? alike[0]) : undefined;
  }

  indexCount(symbol: string): number {
    if (symbol === SAMPLE_LOSSES || this.isOnes(symbol)) return 1;
    const tensor = this.#tensors.get(symbol);
    if (tensor === undefined) return 0;
    return [tensor.rows, tensor.cols].filter((letter) => letter !== '1').length;
  }

  isOfSamples(symbol: string): boolean {
    const kind = this.#tensors.get(symbol)?.source.kind;
    return this.sampleLetter !== null && kind !== undefined && kind !== 'parameter';
  }

  lettersOfShape(symbol: string): readonly [string, string] | undefined {
    const tensor = this.#tensors.get(symbol);
    return tensor === undefined ? undefined : [tensor.rows, tensor.cols];
  }

  get sigma(): 'sigmoid' | 'softmax' {
    return this.definition.sigma ?? 'sigmoid';
  }

  limit(text: string): string | undefined {
    const { dimensions } = this.definition;
    return dimensions.find(({ letter, inNote }) => letter === text || String(inNote) === text)?.letter;
  }

  gradient(name: string): string | undefined {
    return this.#gradientAliases.get(name);
  }

  isLoss(name: string): boolean {
    return name === 'L' || name === 'loss';
  }

  whyNoGradient(symbol: string): string | undefined {
    const tensor = this.#tensors.get(symbol);
    if (tensor === undefined) return `expected the name of a tensor, by which the loss has a gradient`;
    if (tensor.source.kind === 'targets')
      return `expected a tensor that the loss is differentiated by: ${symbol} is given`;
    return undefined;
  }

  whyNoJacobian(of: string, by: string, isEntry: boolean): string | undefined {
    const [numerator, denominator] = [this.#tensors.get(of), this.#tensors.get(by)];
    if (of === SAMPLE_LOSSES) return this.whyNoGradient(by);
    if (of === 'L2' && this.isPart(of) && isEntry) return this.whyNoGradient(by);
    if (isEntry && numerator !== undefined && denominator !== undefined) {
      return this.#whyNotAlong(numerator, denominator);
    }
    if (this.sampleLetter !== null) {
      return `expected a Jacobian on a net of one sample (B or D) only: on net ${this.name} it would have four indices`;
    }
    if (numerator === undefined || denominator === undefined) return 'expected a Jacobian of two vectors';
    if (numerator.cols !== '1' || denominator.cols !== '1') {
      return `expected a Jacobian of two vectors: ${numerator.cols === '1' ? by : of} is a matrix`;
    }
    return this.#whyNotAlong(numerator, denominator);
  }

  #whyNotAlong(of: TensorDefinition, by: TensorDefinition): string | undefined {
    const [place, start] = [of, by].map((tensor) => this.#place(tensor));
    if (![of, by].some(({ source }) => source.kind === 'targets') && place > start) return undefined;
    return `expected a Jacobian of a value by one that it is computed from: ${of.name} is not computed from ${by.name}`;
  }

  whyNotComputed(symbol: string): string | undefined {
    if (symbol === this.definition.lossName || symbol === SAMPLE_LOSSES) return undefined;
    const tensor = this.#tensors.get(symbol);
    if (tensor !== undefined && ['layer', 'probabilities'].includes(tensor.source.kind)) return undefined;
    const some = this.definition.tensors
      .filter(({ source }) => source.kind === 'layer')
      .map(({ name }) => name);
    return `expected on the left something that the net computes (${some.join(', ')}) or a gradient, got ${nameText(symbol)}, which is given`;
  }

  get names(): readonly string[] {
    return this.symbols().flatMap(({ symbol, aliases, lefts }) => [symbol, ...aliases, ...lefts]);
  }

  get tensorNames(): readonly string[] {
    return [...this.#tensors.keys()];
  }

  get numberNames(): readonly string[] {
    return this.#numbers().map(({ symbol }) => symbol);
  }

  get differentiable(): readonly string[] {
    return this.tensorNames.filter((name) => this.whyNoGradient(name) === undefined);
  }

  get preActivations(): readonly string[] {
    return this.#layers().filter((_, l) => this.activation !== null && this.#isActivation(l + 1));
  }

  get biases(): readonly string[] {
    return this.#parameters(1);
  }

  get decaying(): readonly string[] {
    return this.definition.l2 ? this.#parameters(0) : [];
  }

  /** The letters of its dimensions. */
  get dimensionLetters(): readonly string[] {
    return this.definition.dimensions.map(({ letter }) => letter);
  }

  /** The sizes of its dimensions: `N = 6, D = 5, H = 4, C = 3`. */
  get sizesText(): string {
    return this.definition.dimensions.map(({ letter, size }) => `${letter} = ${size}`).join(', ');
  }

  get reduction(): 'mean' | 'sum' {
    return this.definition.reduction;
  }

  gradientText(by: string): string {
    const [alias] = this.#tensors.get(by)?.gradientAliases ?? [];
    return alias === undefined ? `d${by}` : nameText(alias);
  }

  dimension(letter: string): number | undefined {
    return this.definition.dimensions.find((dimension) => dimension.letter === letter)?.size;
  }

  shape(reference: Reference): Shape {
    if (reference.kind === 'derivative' && reference.of !== null) {
      const { of, by } = reference;
      return { rows: this.#flat(of), cols: this.#flat(by) };
    }
    const name = reference.kind === 'symbol' ? reference.name : reference.by;
    if (this.isWeights(name)) return { rows: { size: this.#weightCount(), letter: null }, cols: ONE };
    if (this.isOnes(name) || name === SAMPLE_LOSSES)
      return { rows: this.#size(this.sampleLetter ?? '1'), cols: ONE };
    const tensor = this.#tensors.get(name);
    return tensor === undefined ? SCALAR : { rows: this.#size(tensor.rows), cols: this.#size(tensor.cols) };
  }

  /** The shape of what stands on the left. */
  leftShape(left: Left): Shape {
    return this.shape(this.leftReference(left));
  }

  /** The letters of the net: tensors, the loss, and numbers. */
  symbols(): NetSymbol[] {
    const { tensors, lossName, lossMeaning } = this.definition;
    const of = (tensor: TensorDefinition): NetSymbol => {
      const { name, meaning, aliases = [] } = tensor;
      const lefts = (tensor.gradientAliases ?? []).map(nameText);
      if (this.whyNoGradient(name) === undefined) lefts.unshift(`d${name}`);
      if (this.whyNotComputed(name) === undefined) lefts.unshift(name);
      if (this.definition.step && tensor.source.kind === 'parameter') lefts.push(`-α∇${name}`);
      return { symbol: name, shape: this.shape(symbolNode(name)), meaning, aliases, lefts };
    };
    const loss = { symbol: lossName, shape: SCALAR, meaning: lossMeaning, aliases: [], lefts: [lossName] };
    const numbers = this.#numbers().map((number) => {
      const text = nameText(number.symbol);
      return text === number.symbol ? number : { ...number, symbol: text, aliases: [number.symbol] };
    });
    const weights: NetSymbol[] = this.definition.l2
      ? [
          {
            symbol: 'w',
            shape: this.shape(symbolNode('w')),
            meaning: `all weights below each other: the w of Σ w²`,
            aliases: [],
            lefts: [],
          },
        ]
      : [];
    return [...tensors.map(of), loss, ...weights, ...numbers];
  }

  #numbers(): NetSymbol[] {
    const { l2, step, dimensions } = this.definition;
    const number = (symbol: string, meaning: string, aliases: readonly string[] = []) => {
      return { symbol, shape: SCALAR, meaning, aliases, lefts: [] };
    };
    return [
      ...(l2 ? [number('lambda', 'the weight of the L2 term')] : []),
      ...(step ? [number('alpha', 'the learning rate')] : []),
      ...dimensions.map(({ letter, size, meaning }) => number(letter, `${size} ${meaning}`)),
    ];
  }

  /** Whether the name is the column of ones, which nets of one sample do not have. */
  protected isOnes(name: string): boolean {
    return name === '𝟏' && this.sampleLetter !== null;
  }

  /** Whether the name is all the weights below each other, whose squares the L2 term adds up. */
  protected isWeights(name: string): boolean {
    return name === 'w' && this.definition.l2;
  }

  /** Whether the name is a part of a loss with an L2 term: L1, the mean of the samples' losses, or L2, that term. */
  protected isPart(name: string): boolean {
    return this.definition.l2 && (name === 'L1' || name === 'L2');
  }

  #weightCount(): number {
    return this.decaying.reduce((count, name) => {
      const { rows, cols } = this.shape(symbolNode(name));
      return count + rows.size * cols.size;
    }, 0);
  }

  /** How many entries a tensor has; with its letter where it is a vector. */
  #flat(name: string): Size {
    const { rows, cols } = this.shape(symbolNode(name));
    if (rows.size === 1 && cols.size === 1) return ONE;
    if (cols.size === 1) return rows;
    return rows.size === 1 ? cols : { size: rows.size * cols.size, letter: null };
  }

  /** The outputs of the layers, in their order. */
  #layers(): string[] {
    return this.definition.tensors.filter(({ source }) => source.kind === 'layer').map(({ name }) => name);
  }

  #isActivation(layer: number): boolean {
    return layersOf(this.definition)[layer] === 'activation';
  }

  /** The weights (0) or the biases (1). */
  #parameters(which: 0 | 1): string[] {
    return this.definition.tensors
      .filter(({ source }) => source.kind === 'parameter' && source.index % 2 === which)
      .map(({ name }) => name);
  }

  /** How far along the forward a tensor stands. */
  #place({ source }: TensorDefinition): number {
    switch (source.kind) {
      case 'input':
        return -1;
      case 'layer':
        return source.index;
      case 'parameter':
        // W1 and b1 enter layer 0, W2 and b2 the dense layer after its activation.
        return 2 * Math.floor(source.index / 2) - 0.5;
      default:
        return 100;
    }
  }

  #size(letter: string): Size {
    return letter === '1' ? ONE : { size: dimensionSize(this.definition, letter), letter };
  }

  /** The definition of a tensor, or undefined where the name is that of a number. */
  protected tensor(name: string): TensorDefinition | undefined {
    return this.#tensors.get(name);
  }

  /** The symbol or derivative that stands on the left. */
  leftReference(left: Left): Reference {
    const { text, span } = left;
    if (left.kind === 'value') return { kind: 'symbol', name: left.name, text, span };
    return { kind: 'derivative', of: left.kind === 'jacobian' ? left.of : null, by: left.by, text, span };
  }
}

const symbolNode = (name: string): Reference => ({
  kind: 'symbol',
  name,
  text: name,
  span: { start: 0, end: 0 },
});
