/** Where the equations of the registry hold in a network: which letter of a note is which of the network's. */

import type { NetDefinition } from '../formulas/nets/definitions.ts';
import { layersOf } from '../formulas/nets/spec.ts';
import type { NetworkSpec } from '../network/network.ts';
import { type Letter, LOSS, TOTAL_LOSS } from './letter.ts';
import type { NetworkLetters } from './network-letters.ts';
import type { Quantity, RegistryEquation } from './registry-equations.ts';
import { registryEquations } from './registry-equations.ts';

/** An equation that holds in a network. */
export interface Reading {
  readonly equation: RegistryEquation;
  readonly result: Letter;
  /** The network's letter for each letter of the equation's net that it mentions. */
  readonly letters: Readonly<Record<string, Letter>>;
  /** The layer of the network that the first layer of the note's net is laid over. */
  readonly shift: number;
  /** Whether the whole network is the note's. */
  readonly whole: boolean;
}

/** Whether a spec is a note's net, sizes aside. */
export function isNet(spec: NetworkSpec, net: NetDefinition): boolean {
  const layers = layersOf(net);
  return (
    spec.loss.name === net.loss &&
    spec.layers.length === layers.length &&
    spec.layers.every(
      (layer, l) =>
        layer.type === layers[l] &&
        (layer.type === 'dense' || net.activationIsOpen || layer.name === net.activation),
    )
  );
}

/**
 * Every equation of the registry that holds in a network, at every place where it does. A note's net may be laid over
 * the network at any layer: E1 holds of each dense layer, D5 of each layer below the last.
 */
export function readings(spec: NetworkSpec, letters: NetworkLetters): readonly Reading[] {
  return registryEquations().flatMap((equation) => {
    const height = layersOf(equation.net).length;
    const shifts = Array.from({ length: height + spec.layers.length + 1 }, (_, n) => n - height);
    return shifts.flatMap((shift) => readingAt(equation, spec, letters, shift) ?? []);
  });
}

/** The equation with the note's first layer at layer `shift` of the spec; undefined where it does not hold so. */
function readingAt(
  equation: RegistryEquation,
  spec: NetworkSpec,
  letters: NetworkLetters,
  shift: number,
): Reading | undefined {
  const { net, result, operands, usesLoss, usesLambda, formula } = equation;
  const own = layersOf(net);
  const atTop = own.length + shift === spec.layers.length;
  if (usesLoss && !(atTop && spec.loss.name === net.loss)) return undefined;
  const whole = shift === 0 && isNet(spec, net);
  const hasTerm = result === 'loss' && usesLambda && spec.l2 > 0;
  // The term over all weights is the note's only where the note has as many layers; without L2 it is 0.
  if (hasTerm && !whole) return undefined;
  const quantities = result === 'loss' ? operands : [result, ...operands];
  const reach = quantities.flatMap(({ tensor }) => span(tensor.source));
  const [lowest, highest] = [Math.min(...reach), Math.max(...reach)];
  for (let l = lowest + 1; l <= highest; l++) {
    const layer = spec.layers[l + shift];
    if (layer === undefined || layer.type !== own[l]) return undefined;
    if (layer.type === 'dense') continue;
    if (!net.activationIsOpen && layer.name !== net.activation) return undefined;
    if (formula.activation !== undefined && layer.name !== formula.activation) return undefined;
  }
  const bound: Record<string, Letter> = {};
  const bind = ({ tensor, gradient }: Quantity): Letter | undefined => {
    const letter = letterOf(tensor.source, letters, shift);
    if (letter !== undefined) bound[tensor.name] = letter.value;
    return gradient ? letter?.gradient : letter?.value;
  };
  const computed = result === 'loss' ? (hasTerm ? TOTAL_LOSS : LOSS) : bind(result);
  if (computed === undefined || operands.some((operand) => bind(operand) === undefined)) return undefined;
  return { equation, result: computed, letters: bound, shift, whole };
}

type Source = NetDefinition['tensors'][number]['source'];

/** The layers that a tensor lies between: its own, and the one before where it takes part in computing that. */
function span(source: Source): number[] {
  switch (source.kind) {
    case 'input':
      return [-1];
    case 'layer':
      return [source.index];
    case 'parameter': {
      // W1 and b1 are of layer 0, W2 and b2 of layer 2: dense and activation layers take turns.
      const layer = 2 * Math.floor(source.index / 2);
      return [layer - 1, layer];
    }
    default:
      return [];
  }
}

function letterOf(
  source: Source,
  { between, dense, p, y }: NetworkLetters,
  shift: number,
): { value: Letter; gradient?: Letter } | undefined {
  switch (source.kind) {
    case 'input':
      return between[shift];
    case 'layer':
      return between[source.index + 1 + shift];
    case 'parameter': {
      const own = dense[2 * Math.floor(source.index / 2) + shift];
      if (own === undefined) return undefined;
      return source.index % 2 === 0 ? { value: own.w, gradient: own.dw } : { value: own.b, gradient: own.db };
    }
    case 'probabilities':
      return { value: p };
    case 'targets':
      return { value: y };
  }
}
