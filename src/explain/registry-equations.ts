/** The registry's equations as they are read: what each computes, from which letters of its net. */

import type { Formula, FormulaId } from '../formulas/formula.ts';
import { parseEquation, parseExpression } from '../formulas/language/parser.ts';
import { childrenOf, type Expression } from '../formulas/language/syntax.ts';
import { NET_DEFINITIONS, type NetDefinition, type TensorDefinition } from '../formulas/nets/definitions.ts';
import { Letters } from '../formulas/nets/letters.ts';
import { FORMULAS, formula } from '../formulas/registry.ts';

/** A letter of a net, or the gradient of the loss by it. */
export interface Quantity {
  readonly tensor: TensorDefinition;
  readonly gradient: boolean;
}

/** An equation of a formula, or an expression in one that is worth a letter too. */
export interface RegistryEquation {
  readonly formula: Formula;
  /** Its place among the formula's equations. */
  readonly index: number;
  readonly net: NetDefinition;
  /** What it computes; of `loss`, the loss without the L2 term where it is a part, else with it. */
  readonly result: Quantity | 'loss';
  /** Whether it computes the step −α∂L/∂W instead of the gradient. */
  readonly isStep: boolean;
  readonly right: Expression;
  /** As it is written, where it is only a part of the equation. */
  readonly part?: string;
  readonly operands: readonly Quantity[];
  readonly usesLambda: boolean;
  /** Whether it holds for the net's loss only: it has the loss, the probabilities or the targets in it. */
  readonly usesLoss: boolean;
}

/** Expressions within equations that compute a letter of their own, which no equation has on its left. */
interface Part {
  readonly id: FormulaId;
  readonly equation: number;
  readonly part: string;
  /** `Z1`, `dZ1`, or the loss without its L2 term. */
  readonly computes: string | 'loss';
}

const PARTS: readonly Part[] = [
  { id: 'C1', equation: 0, part: 'X W₁ + b₁', computes: 'Z1' },
  { id: 'C2', equation: 0, part: '−(1/N) sum(Y ⊙ log(P))', computes: 'loss' },
  { id: 'C6', equation: 0, part: '∂L/∂X₁ ⊙ 𝟙[X W₁ + b₁ > 0]', computes: 'dZ1' },
  {
    id: 'X15',
    equation: 1,
    part: '−(1/N) sum(Y ⊙ log(P) + (1 − Y) ⊙ log(1 − P))',
    computes: 'loss',
  },
  { id: 'D4', equation: 0, part: '(x² − y)', computes: 'dx2' },
];

let read: readonly RegistryEquation[] | undefined;

/** All equations of formulas that have a net, then the parts. They are read once. */
export function registryEquations(): readonly RegistryEquation[] {
  read ??= [
    ...FORMULAS.flatMap((of) =>
      of.equations.flatMap((text, index) => (of.net === undefined ? [] : (whole(of, index, text) ?? []))),
    ),
    ...PARTS.map(partEquation),
  ];
  return read;
}

function whole(of: Formula, index: number, text: string): RegistryEquation | undefined {
  const net = definitionOf(of);
  const { left, right } = parseEquation(text, lettersOf(net));
  // A Jacobian is none of the values of a step.
  if (left.kind === 'jacobian') return undefined;
  const name = left.kind === 'value' ? left.name : left.by;
  const tensor = tensorOf(net, name);
  const result = tensor === undefined ? 'loss' : { tensor, gradient: left.kind !== 'value' };
  return {
    formula: of,
    index,
    net,
    result,
    isStep: left.kind === 'step',
    right,
    ...uses(net, result, right),
  };
}

function partEquation({ id, equation, part, computes }: Part): RegistryEquation {
  const of = formula(id);
  if (!of.equations[equation].includes(part)) {
    throw new RangeError(`registryEquations: expected ${id} to have ${part}, got ${of.equations[equation]}`);
  }
  const net = definitionOf(of);
  const right = parseExpression(part, lettersOf(net));
  const tensor = tensorOf(net, computes.replace(/^d/, ''));
  const result = tensor === undefined ? 'loss' : { tensor, gradient: computes.startsWith('d') };
  return {
    formula: of,
    index: equation,
    net,
    result,
    isStep: false,
    right,
    part,
    ...uses(net, result, right),
  };
}

function uses(net: NetDefinition, result: RegistryEquation['result'], right: Expression) {
  const operands: Quantity[] = [];
  let [usesLambda, usesLoss] = [false, result === 'loss'];
  const visit = (node: Expression) => {
    if (node.kind === 'symbol' || node.kind === 'derivative') {
      const name = node.kind === 'symbol' ? node.name : node.by;
      const tensor = tensorOf(net, name);
      if (tensor !== undefined) operands.push({ tensor, gradient: node.kind === 'derivative' });
      usesLambda ||= name === 'lambda';
      usesLoss ||= name === net.lossName;
    }
    childrenOf(node).forEach(visit);
  };
  visit(right);
  const tensors = [...operands, ...(result === 'loss' ? [] : [result])].map(({ tensor }) => tensor);
  usesLoss ||= tensors.some(({ source }) => source.kind === 'probabilities' || source.kind === 'targets');
  return { operands, usesLambda, usesLoss };
}

const definitionOf = ({ net }: Formula): NetDefinition =>
  NET_DEFINITIONS[net as keyof typeof NET_DEFINITIONS];

const lettersOf = (net: NetDefinition) => new Letters(net, net.activation ?? 'identity');

const tensorOf = (net: NetDefinition, name: string) => net.tensors.find((tensor) => tensor.name === name);
