/** The registry's equations as they are read: what each computes, from which letters of its net. */

import type { Formula, FormulaId } from '../formulas/formula.ts';
import { notationOf } from '../formulas/language/latex.ts';
import { SAMPLE_LOSSES } from '../formulas/language/names.ts';
import { parseEquation, parseExpression } from '../formulas/language/parser.ts';
import { childrenOf, type Equation, type Expression, type Left } from '../formulas/language/syntax.ts';
import { NET_DEFINITIONS, type NetDefinition, type TensorDefinition } from '../formulas/nets/definitions.ts';
import { Letters } from '../formulas/nets/letters.ts';
import { tex } from '../formulas/notes/notation.ts';
import { formula, NOTES } from '../formulas/registry.ts';

/** The letters of the two parts of a loss with an L2 term. */
const LOSS_PARTS: readonly string[] = ['L1', 'L2'];

/** A letter of a net, or the gradient of the loss by it. */
export interface Quantity {
  readonly tensor: TensorDefinition;
  readonly gradient: boolean;
}

/** A result of a formula with the lines that compute it, or an expression in one that is worth a letter too. */
export interface RegistryEquation {
  readonly formula: Formula;
  /** The places of its lines among the formula's. Where a line holds on a condition, the next has the other entries. */
  readonly indices: readonly number[];
  readonly net: NetDefinition;
  /** What it computes; of `loss`, the loss without the L2 term where it is a part, else with it. */
  readonly result: Quantity | 'loss';
  /** Whether it computes the step −α∂L/∂W instead of the gradient. */
  readonly isStep: boolean;
  /** Its lines as they are read; of a part, none has a left side. */
  readonly lines: readonly Line[];
  /** As it is written, where it is only a part of the equation. */
  readonly part?: string;
  readonly operands: readonly Quantity[];
  readonly usesLambda: boolean;
  /** Whether it holds for the net's loss only: it has the loss, the probabilities or the targets in it. */
  readonly usesLoss: boolean;
}

/** A line of a formula; of a part, only its right side. */
export interface Line extends Pick<Equation, 'right' | 'condition'> {
  readonly left?: Left;
}

/** Expressions within equations that compute a letter of their own, which no equation has on its left. */
interface Part {
  readonly id: FormulaId;
  readonly equation: number;
  /** In LaTeX, as the line has it. */
  readonly part: string;
  /** `Z1`, `dZ1`, or the loss without its L2 term. */
  readonly computes: string | 'loss';
}

const PARTS: readonly Part[] = [
  { id: 'C1', equation: 0, part: tex`X W_1 + b_1`, computes: 'Z1' },
  { id: 'C2', equation: 0, part: tex`-\frac{1}{N} \sum_n \sum_j y_{nj} \log P_{nj}`, computes: 'loss' },
  {
    id: 'C6',
    equation: 0,
    part: tex`\frac{\partial L}{\partial X_1} \odot \mathbb{1}[X W_1 + b_1 \gt 0]`,
    computes: 'dZ1',
  },
  {
    id: 'X15',
    equation: 1,
    part: tex`-\frac{1}{N} \sum_n \sum_j \left( y_{nj} \log P_{nj} + (1 - y_{nj}) \log (1 - P_{nj}) \right)`,
    computes: 'loss',
  },
];

let read: readonly RegistryEquation[] | undefined;

/** All equations that compute a letter of a net, then the parts. They are read once. */
export function registryEquations(): readonly RegistryEquation[] {
  read ??= [...NOTES.flatMap(({ formulas }) => equationsOf(formulas)), ...PARTS.map(partEquation)];
  return read;
}

/** The equations of a note. What it repeats index by index is not another. */
function equationsOf(formulas: readonly Formula[]): RegistryEquation[] {
  const found: RegistryEquation[] = [];
  for (const of of formulas) {
    if (of.net === undefined) continue;
    for (const [index, text] of of.latex.entries()) {
      const next = whole(of, index, text);
      if (next === undefined) continue;
      const before = found.at(-1);
      if (before?.lines.at(-1)?.condition && isSameResult(before, next)) {
        found[found.length - 1] = joined(before, next);
      } else if (!isByEntry(next) || !found.some((other) => isSameResult(other, next))) {
        found.push(next);
      }
    }
  }
  return found;
}

const isByEntry = ({ lines }: RegistryEquation) => lines.some(({ left }) => (left?.indices.length ?? 0) > 0);

function isSameResult(a: RegistryEquation, b: RegistryEquation): boolean {
  if (a.net !== b.net || a.isStep !== b.isStep) return false;
  if (a.result === 'loss' || b.result === 'loss') return a.result === b.result;
  return a.result.tensor === b.result.tensor && a.result.gradient === b.result.gradient;
}

const joined = (a: RegistryEquation, b: RegistryEquation): RegistryEquation => ({
  ...a,
  indices: [...a.indices, ...b.indices],
  lines: [...a.lines, ...b.lines],
  operands: [...a.operands, ...b.operands],
  usesLambda: a.usesLambda || b.usesLambda,
  usesLoss: a.usesLoss || b.usesLoss,
});

/** A line as an equation; undefined where it is one of a Jacobian, of a single entry or of a part of the loss. */
function whole(of: Formula, index: number, text: string): RegistryEquation | undefined {
  const net = definitionOf(of);
  const { left, right, condition } = parseEquation(text, lettersOf(net));
  const isOfSample = left.kind === 'jacobian' && left.of === SAMPLE_LOSSES;
  if (left.kind === 'jacobian' && !isOfSample) return undefined;
  if (left.indices.some(({ kind }) => kind === 'number')) return undefined;
  if (left.kind === 'step' && left.indices.length > 0) return undefined;
  const used = uses(net, right);
  if (used === undefined) return undefined;
  const tensor = tensorOf(net, left.kind === 'value' ? left.name : left.by);
  return {
    formula: of,
    indices: [index],
    net,
    result: tensor === undefined ? 'loss' : { tensor, gradient: left.kind !== 'value' },
    isStep: left.kind === 'step',
    lines: [{ left, right, condition }],
    ...used,
    usesLoss: used.usesLoss || tensor === undefined || isOfLoss(tensor) || isOfSample,
  };
}

function partEquation({ id, equation, part, computes }: Part): RegistryEquation {
  const of = formula(id);
  if (!of.latex[equation].includes(part)) {
    throw new RangeError(`registryEquations: expected ${id} to have ${part}, got ${of.latex[equation]}`);
  }
  const net = definitionOf(of);
  const right = parseExpression(part, lettersOf(net));
  const tensor = tensorOf(net, computes.replace(/^d/, ''));
  const used = uses(net, right);
  if (used === undefined) throw new RangeError(`registryEquations: expected ${part} without a Jacobian`);
  return {
    formula: of,
    indices: [equation],
    net,
    result: tensor === undefined ? 'loss' : { tensor, gradient: computes.startsWith('d') },
    isStep: false,
    lines: [{ right, condition: null }],
    part: notationOf(part),
    ...used,
    usesLoss: used.usesLoss || tensor === undefined,
  };
}

/** What an expression has in it; undefined where an explanation has no numbers of it. */
function uses(
  net: NetDefinition,
  right: Expression,
): Pick<RegistryEquation, 'operands' | 'usesLambda' | 'usesLoss'> | undefined {
  const operands: Quantity[] = [];
  let [usesLambda, usesLoss, isKnown] = [false, false, true];
  const visit = (node: Expression) => {
    if (node.kind === 'symbol' || node.kind === 'derivative') {
      const name = node.kind === 'symbol' ? node.name : node.by;
      const isJacobian = node.kind === 'derivative' && node.of !== null && node.of !== SAMPLE_LOSSES;
      isKnown &&= !isJacobian && !LOSS_PARTS.includes(name);
      const tensor = tensorOf(net, name);
      if (tensor !== undefined) operands.push({ tensor, gradient: node.kind === 'derivative' });
      usesLambda ||= name === 'lambda';
      usesLoss ||=
        name === net.lossName || name === SAMPLE_LOSSES || (tensor !== undefined && isOfLoss(tensor));
    }
    const indices =
      node.kind === 'entry' ? node.indices : node.kind === 'kronecker' ? [node.left, node.right] : [];
    usesLoss ||= indices.some(({ kind }) => kind === 'class');
    childrenOf(node).forEach(visit);
  };
  visit(right);
  return isKnown ? { operands, usesLambda, usesLoss } : undefined;
}

const isOfLoss = ({ source }: TensorDefinition) =>
  source.kind === 'probabilities' || source.kind === 'targets';

const definitionOf = ({ net }: Formula): NetDefinition =>
  NET_DEFINITIONS[net as keyof typeof NET_DEFINITIONS];

const lettersOf = (net: NetDefinition) => new Letters(net, net.activation ?? 'identity');

const tensorOf = (net: NetDefinition, name: string) => net.tensors.find((tensor) => tensor.name === name);
