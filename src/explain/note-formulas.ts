/** Which formulas of the registry a step of a network is: those whose equations hold there, the most fitting first. */

import type { FormulaId, NoteName } from '../formulas/formula.ts';
import { NET_DEFINITIONS } from '../formulas/nets/definitions.ts';
import { LOSSES } from '../network/losses.ts';
import type { NetworkSpec } from '../network/network.ts';
import type { Citation } from './citation.ts';
import { ALPHA, LAMBDA, LAMBDA_1, type Letter, LOSS } from './letter.ts';
import type { NetworkLetters } from './network-letters.ts';
import { isNet, type Reading, readings } from './readings.ts';
import type { Role } from './step-formula.ts';

/** What the citations of a network depend on besides its spec. */
export interface CitationOptions {
  /** Whether training adds an L1 term, which no note has, to the gradients. */
  readonly hasL1: boolean;
}

/** The formulas of one step. */
export type Cite = (role: Role, result: Letter) => readonly Citation[];

/**
 * The note in whose letters a network is explained: that of its loss, and of softmax C with one hidden layer of ReLU and E
 * with none; null where no note has the network.
 */
export function homeNote(spec: NetworkSpec): NoteName | null {
  const { net } = LOSSES[spec.loss.name];
  switch (net) {
    case 'C':
      return isNet(spec, NET_DEFINITIONS.C) ? 'C' : isNet(spec, NET_DEFINITIONS.E) ? 'E' : null;
    case 'C-sigmoid':
      return null;
    default:
      return net === 'D' ? 'D' : 'E';
  }
}

/** The citations of a network's steps. None is typed: each is an equation of the registry laid over the network. */
export function citing(spec: NetworkSpec, letters: NetworkLetters, { hasL1 }: CitationOptions): Cite {
  const all = readings(spec, letters);
  const byResult = new Map<Letter, Reading[]>();
  for (const reading of all) {
    const those = byResult.get(reading.result);
    if (those === undefined) byResult.set(reading.result, [reading]);
    else those.push(reading);
  }
  const rank = ranking(spec, letters);
  return (role, result) => {
    const gradient =
      role === 'weightStep' || role === 'biasStep' ? gradientOfParameter(result, letters) : result;
    const found = (byResult.get(role === 'lossAfter' ? LOSS : gradient) ?? []).filter(({ equation }) =>
      fitsRole(role, equation.usesLambda, equation.isStep, spec.l2 > 0, hasL1),
    );
    const ranked = found.map((reading) => ({ rank: rank(reading), citation: citationOf(reading) }));
    return best([...ranked, ...own(role, result, gradient)]);
  };
}

/** Whether an equation is of the moment of a role: the gradient of weights is shown before and after λW is added. */
function fitsRole(role: Role, usesLambda: boolean, isStep: boolean, hasL2: boolean, hasL1: boolean): boolean {
  switch (role) {
    case 'weightStep':
    case 'biasStep':
      return isStep && !hasL2 && !hasL1;
    case 'decay':
      return usesLambda && !isStep;
    case 'penalty':
    case 'l1Penalty':
    case 'l1Decay':
      return false;
    default:
      return !isStep && !(usesLambda && hasL2);
  }
}

/** Lower is better. */
function ranking(spec: NetworkSpec, letters: NetworkLetters): (reading: Reading) => number {
  const home = homeNote(spec);
  const depth = letters.dense.filter((own) => own !== undefined).length;
  return ({ equation, result, whole }) => {
    const { formula, net } = equation;
    // Where L is the labels, it would be the loss in one line and the labels in the next.
    if (net.lossName === 'loss') return 9;
    if (formula.activation !== undefined) return 0;
    // A note's formula of its output layer is best at the output layer, that of its hidden layer below.
    const astray =
      net.hidden.length > 0 && isOfTop(equation) !== (blockOf(result, letters) === depth) ? 0.5 : 0;
    if (formula.note === home) return (whole ? 1 : 2) + astray;
    if (formula.note === 'X' || formula.note === 'E') return 3;
    return (whole ? 4 : 5) + astray;
  };
}

/** Whether an equation is of its net's last dense layer, or above. */
function isOfTop({ net, result }: Reading['equation']): boolean {
  if (result === 'loss') return true;
  const { source } = result.tensor;
  const last = 2 * net.hidden.length;
  if (source.kind === 'layer') return source.index >= last;
  return source.kind === 'parameter' ? 2 * Math.floor(source.index / 2) >= last : source.kind !== 'input';
}

/** The number of the dense layer that a letter belongs to; of the input 0, of the loss and the probabilities the last. */
function blockOf(letter: Letter, { between, dense }: NetworkLetters): number {
  let number = 0;
  for (const [l, { value, gradient }] of between.entries()) {
    const own = l === 0 ? undefined : dense[l - 1];
    number = own?.number ?? number;
    if ([value, gradient, own?.w, own?.b, own?.dw, own?.db].includes(letter)) return number;
  }
  return number;
}

function gradientOfParameter(parameter: Letter, { dense }: NetworkLetters): Letter {
  const own = dense.find((each) => each?.w === parameter || each?.b === parameter);
  if (own === undefined) throw new RangeError(`citing: expected a parameter, got ${parameter.symbol}`);
  return own.w === parameter ? own.dw : own.db;
}

interface Ranked {
  readonly rank: number;
  readonly citation: Citation;
}

function citationOf({ equation: { formula, indices, part }, letters }: Reading): Citation {
  const symbols = Object.entries(letters).map(([name, { symbol }]) => [name, symbol] as const);
  return {
    id: formula.id,
    lines: indices,
    ...(part !== undefined && { part }),
    letters: Object.fromEntries(symbols),
  };
}

/** The formulas whose letters are those of any weight: the step and the two terms. They are checked without a net. */
function own(role: Role, result: Letter, gradient: Letter): readonly Ranked[] {
  const cite = (id: FormulaId, line: number, letters: Citation['letters']): readonly Ranked[] => [
    { rank: 3, citation: { id, lines: [line], letters } },
  ];
  switch (role) {
    case 'weightStep':
    case 'biasStep':
      return cite('X1', 0, { w: result.symbol, η: ALPHA.symbol, g: gradient.symbol });
    case 'penalty':
      return cite('X17', 0, { R: result.symbol, λ: LAMBDA.symbol });
    case 'decay':
      return cite('X17', 1, { λ: LAMBDA.symbol });
    case 'l1Penalty':
      return cite('X25', 0, { R: result.symbol, λ: LAMBDA_1.symbol });
    case 'l1Decay':
      return cite('X25', 1, { λ: LAMBDA_1.symbol });
    default:
      return [];
  }
}

/** The best of each note, each formula once. */
function best(ranked: readonly Ranked[]): readonly Citation[] {
  const sorted = [...ranked].sort((a, b) => a.rank - b.rank);
  const least = new Map<string, number>();
  const seen = new Set<FormulaId>();
  return sorted.flatMap(({ rank, citation }) => {
    const [note] = citation.id;
    if (rank > (least.get(note) ?? rank) || seen.has(citation.id)) return [];
    least.set(note, rank);
    seen.add(citation.id);
    return [citation];
  });
}
