/** An explanation as one of the notes would write it: in its letters, its orientation and its order. */

import type { FormulaId } from '../formulas/formula.ts';
import type { NetDefinition, TensorDefinition } from '../formulas/nets/definitions.ts';
import { NET_DEFINITIONS } from '../formulas/nets/definitions.ts';
import { LOSSES } from '../network/losses.ts';
import type { NamedTensor, NetworkSpec } from '../network/network.ts';
import { citedLines } from './citation.ts';
import type { Explanation } from './explain.ts';
import { type Letter, LOSS, TOTAL_LOSS } from './letter.ts';
import { networkLetters } from './network-letters.ts';
import type { Orientation } from './orientations.ts';
import { isNet, type Reading, readings } from './readings.ts';
import type { Quantity } from './registry-equations.ts';

/** A matrix as the note has it, row-major. */
export interface NoteMatrix {
  readonly rows: number;
  readonly cols: number;
  readonly values: Float64Array;
}

/** A letter of the note: which matrix of the code it is, and the other way round or not. */
export interface NoteLetter extends NoteMatrix {
  /** As the note writes it: `HW`, `x¹`. */
  readonly symbol: string;
  /** `W1ᵀ`. */
  readonly code: string;
  readonly meaning: string;
}

/** A formula of the note with what it computes. */
export interface NoteLine extends NoteMatrix {
  readonly id: FormulaId;
  /** The note's line, with the numbers of this network's layers. */
  readonly text: readonly string[];
  /** `−α (∂L/∂W1)ᵀ`: the same in the code's letters. */
  readonly code: string;
  /** Whether each value belongs to a class. */
  readonly perClass: boolean;
  readonly reading: Reading;
}

/** A part of the explanation in which each letter is one matrix: all of it, or of note E one affine layer. */
export interface NoteBlock {
  readonly title: string;
  readonly letters: readonly NoteLetter[];
  readonly lines: readonly NoteLine[];
}

/** An explanation in a note's letters. */
export interface NoteView {
  readonly note: Exclude<Orientation, 'rows'>;
  readonly blocks: readonly NoteBlock[];
  /** The matrix that an equation of the note means by one of its letters, or by the gradient of the loss by it. */
  matrix(reading: Reading, quantity: Quantity): NoteMatrix;
}

/** Whether a network is one that the note derives: note D's of any depth, of note E each affine layer of a network. */
export function fitsNote(spec: NetworkSpec, note: Orientation): boolean {
  const { layers, loss } = spec;
  const { net } = LOSSES[loss.name];
  switch (note) {
    case 'rows':
      return true;
    case 'A':
      return isNet(spec, NET_DEFINITIONS.A) || isNet(spec, NET_DEFINITIONS.A2);
    case 'B':
    case 'C':
      return isNet(spec, NET_DEFINITIONS[note]);
    case 'D':
      return (
        net === 'D' &&
        layers.length % 2 === 0 &&
        layers.every(({ type }, l) => type === (l % 2 === 0 ? 'dense' : 'activation'))
      );
    case 'E':
      return (net === 'E-svm' || net === 'C') && layers.at(-1)?.type === 'dense';
  }
}

/** The orientation of a text where none is asked for: D for squared error, E for the SVM, C otherwise, where it fits. */
export function defaultOrientation(spec: NetworkSpec): Orientation {
  const { net } = LOSSES[spec.loss.name];
  const note = net === 'D' ? 'D' : net === 'E-svm' ? 'E' : 'C';
  return fitsNote(spec, note) ? note : 'rows';
}

/**
 * The explanation in a note's letters.
 *
 * @param tensors the parameters before the step
 * @throws RangeError if the network is none of the note's
 */
export function noteView(
  spec: NetworkSpec,
  tensors: readonly NamedTensor[],
  explanation: Explanation,
  note: NoteView['note'],
): NoteView {
  if (!fitsNote(spec, note)) throw new RangeError(`noteView: expected a network of note ${note}`);
  const letters = networkLetters(spec);
  const values = new Values(tensors, explanation);
  const found = withoutRepeats(
    readings(spec, letters).filter(
      // Of the input no gradient is computed.
      ({ equation: { net, part }, result }) =>
        part === undefined && noteOf(net) === note && values.has(result),
    ),
  );
  const matrix: NoteView['matrix'] = ({ letters: bound, equation }, { tensor, gradient }) => {
    const letter = bound[tensor.name];
    const shown = gradient ? gradientOf(letter, letters) : letter;
    return oriented(equation.net, tensor, values.of(shown, false));
  };
  const blocks = blocksOf(spec, note, found).map(({ title, own }) => ({
    title,
    letters: lettersOf(own, values),
    lines: own.map((reading) => lineOf(reading, values, explanation.learningRate)),
  }));
  return { note, blocks, matrix };
}

const noteOf = ({ name }: NetDefinition) => (name === 'C-sigmoid' ? 'X' : name[0]);

/** Without the project's own formulas of what the note itself states. */
function withoutRepeats(found: readonly Reading[]): readonly Reading[] {
  const stated = new Set(
    found.filter(({ equation }) => equation.formula.note !== 'X').map(({ result }) => result),
  );
  return found.filter(({ equation: { formula, isStep }, result }) => {
    return formula.note !== 'X' || isStep || !stated.has(result);
  });
}

/** The readings in which each letter is one matrix. */
function blocksOf(
  spec: NetworkSpec,
  note: NoteView['note'],
  found: readonly Reading[],
): { title: string; own: readonly Reading[] }[] {
  if (note === 'E') {
    // Each affine layer in the letters X, W and Y.
    const layers = spec.layers.flatMap(({ type }, l) => (type === 'dense' ? [l] : []));
    return layers.map((layer, n) => ({
      title: layers.length === 1 ? '' : `layer ${n + 1}`,
      own: found.filter(({ shift }) => shift === layer),
    }));
  }
  if (note === 'D') return [{ title: '', own: found.filter((reading) => isAtItsLayer(spec, reading)) }];
  const whole = found.filter((reading) => reading.whole);
  const bound = new Map(whole.flatMap(({ letters }) => Object.entries(letters)));
  const stated = new Set(whole.map(({ result }) => result));
  // Of the other net of note A what speaks of the same matrices: softmax and loss.
  const agrees = ({ letters, result }: Reading) =>
    !stated.has(result) && Object.entries(letters).every(([name, letter]) => bound.get(name) === letter);
  return [{ title: '', own: found.filter((reading) => reading.whole || agrees(reading)) }];
}

/** Note D has one hidden layer: what it states of it holds of every hidden layer, and of the output only at the output. */
function isAtItsLayer({ layers }: NetworkSpec, { equation: { result }, shift }: Reading): boolean {
  const atTop = shift === layers.length - 4;
  if (result === 'loss') return atTop;
  const { source } = result.tensor;
  const isHidden = (source.kind === 'layer' || source.kind === 'parameter') && source.index < 2;
  return isHidden ? shift >= 0 && shift < layers.length - 2 : atTop;
}

/** The values of the code's letters, in rows. */
class Values {
  readonly #values = new Map<string, NoteMatrix>();
  readonly #decayed = new Map<string, NoteMatrix>();

  constructor(tensors: readonly NamedTensor[], { steps, label, outputs, loss, penalty }: Explanation) {
    for (const { name, shape, values } of tensors) this.#values.set(name, asMatrix(shape, values));
    const y = Float64Array.from(outputs, (_, j) => (j === label ? 1 : 0));
    this.#values.set('y', { rows: 1, cols: y.length, values: y });
    for (const { symbol, shape, values, direction, role } of steps) {
      const target = role === 'decay' ? this.#decayed : this.#values;
      if (direction !== 'step' && role !== 'l1Decay') target.set(symbol, asMatrix(shape, values));
    }
    this.#values.set(LOSS.symbol, asMatrix([], [loss]));
    this.#values.set(TOTAL_LOSS.symbol, asMatrix([], [loss + penalty]));
  }

  /** @param decayed whether a gradient has λW in it */
  of({ symbol }: Letter, decayed: boolean): NoteMatrix {
    const found = (decayed ? this.#decayed.get(symbol) : undefined) ?? this.#values.get(symbol);
    if (found === undefined) throw new RangeError(`noteView: expected values of ${symbol}, found none`);
    return found;
  }

  has({ symbol }: Letter): boolean {
    return this.#values.has(symbol);
  }
}

function asMatrix(shape: readonly number[], values: ArrayLike<number>): NoteMatrix {
  const [rows, cols] = shape.length === 2 ? shape : [1, shape[0] ?? 1];
  return { rows, cols, values: Float64Array.from(values) };
}

const isTurned = ({ samples }: NetDefinition, { transposed }: TensorDefinition) =>
  transposed ?? samples === 'columns';

function oriented(net: NetDefinition, tensor: TensorDefinition, matrix: NoteMatrix): NoteMatrix {
  if (!isTurned(net, tensor)) return matrix;
  const { rows, cols, values } = matrix;
  const turned = Float64Array.from(values, (_, k) => values[(k % rows) * cols + Math.floor(k / rows)]);
  return { rows: cols, cols: rows, values: turned };
}

function gradientOf(letter: Letter, { between, dense }: ReturnType<typeof networkLetters>): Letter {
  for (const { value, gradient } of between) if (value === letter) return gradient;
  for (const own of dense) {
    if (own?.w === letter) return own.dw;
    if (own?.b === letter) return own.db;
  }
  throw new RangeError(`noteView: expected a letter with a gradient, got ${letter.symbol}`);
}

function lettersOf(own: readonly Reading[], values: Values): NoteLetter[] {
  const rows = new Map<string, NoteLetter>();
  for (const reading of own) {
    const { equation, letters } = reading;
    for (const tensor of equation.net.tensors) {
      const letter = letters[tensor.name];
      if (letter === undefined || !values.has(letter)) continue;
      const symbol = relettered(tensor.name, reading);
      const code = `${letter.symbol}${isTurned(equation.net, tensor) ? 'ᵀ' : ''}`;
      const matrix = oriented(equation.net, tensor, values.of(letter, false));
      if (!rows.has(symbol)) rows.set(symbol, { symbol, code, meaning: letter.meaning, ...matrix });
    }
  }
  return [...rows.values()];
}

function lineOf(reading: Reading, values: Values, learningRate: number): NoteLine {
  const { equation, result } = reading;
  const { formula, indices, net, isStep, usesLambda } = equation;
  const shown = values.of(result, usesLambda);
  const matrix = equation.result === 'loss' ? shown : oriented(net, equation.result.tensor, shown);
  const turned = equation.result !== 'loss' && isTurned(net, equation.result.tensor);
  const name = equation.result === 'loss' ? net.lossName : result.symbol;
  const code = turned ? (result.kind === 'gradient' ? `(${name})ᵀ` : `${name}ᵀ`) : name;
  const lines = citedLines({ id: formula.id, lines: indices }, 'unicode');
  return {
    id: formula.id,
    text: lines.map((line) => relettered(line, reading)),
    code: isStep ? `−α ${code}` : code,
    perClass: result.perClass,
    reading,
    ...matrix,
    ...(isStep && { values: matrix.values.map((v) => -learningRate * v) }),
  };
}

const SUPERSCRIPTS = '⁰¹²³⁴⁵⁶⁷⁸⁹';
const raised = (number: number) => [...String(number)].map((digit) => SUPERSCRIPTS[Number(digit)]).join('');

/** A line or name of a note's with the layers of this network: note D's W² is W³ where the output layer is the third. */
function relettered(text: string, { equation: { net }, shift }: Reading): string {
  if (net.name === 'D') {
    const above = shift / 2;
    return text
      .replace(/^(\p{L}+)(\d)$/u, (_, name, digit) => `${name}${SUPERSCRIPTS[digit]}`)
      .replaceAll(/(?<=\p{L})[⁰¹²]/gu, (digit) => raised(SUPERSCRIPTS.indexOf(digit) + above));
  }
  if (net.name === 'B')
    return text.replace(/^(\p{L}+)(\d)$/u, (_, name, digit) => `${name}${SUPERSCRIPTS[digit]}`);
  return text.replace(/^(\p{L}+)(\d)$/u, (_, name, digit) => `${name}${'₀₁₂'[digit]}`);
}
