/** The usual wrong derivations of a note's net, made in the net itself: what was typed may be spelt in any way. */

import { childrenOf, type Equation, type Expression } from '../../formulas/language/syntax.ts';
import { type Tensor, transpose } from '../../formulas/language/tensor.ts';
import type { TensorDefinition, TensorSource } from '../../formulas/nets/definitions.ts';
import type { ActivationName } from '../../network/activations.ts';
import { weightsText } from '../diagnosis/network/chain.ts';
import { PHIS } from '../diagnosis/network/functions.ts';
import { headOf } from '../diagnosis/network/heads.ts';
import { networkMistakes } from '../diagnosis/network/mistakes.ts';
import { backwardPass, type NetworkModel } from '../diagnosis/network/model.ts';
import { relativeError } from '../gradients/derivative.ts';
import type { Net } from '../note-nets/note-nets.ts';
import { sidesOf } from './sides.ts';

/**
 * The usual mistake that gives what stands on the right of a wrong equation, as a sentence.
 *
 * @param nets the same net with other numbers each; a mistake counts if it gives the right side on all of them
 * @returns null where none does
 */
export function usualMistake(equation: Equation, nets: readonly Net[], tolerance: number): string | null {
  const { left } = equation;
  if (left.kind === 'value') return null;
  if (left.kind === 'jacobian') return isDiagonal(equation, nets, tolerance) ? DIAGONAL : null;
  let named: string[] | undefined;
  for (const net of nets) {
    const found = mistakesIn(equation, left.by, net, tolerance);
    named = named === undefined ? found : named.filter((text) => found.includes(text));
    if (named.length === 0) return null;
  }
  const text = named?.[0];
  return text === undefined ? null : text.replace(/^[a-z](?=[a-z])/, (letter) => letter.toUpperCase());
}

const DIAGONAL =
  'Only the diagonal of the Jacobian is there: ∂pᵢ/∂oⱼ = pᵢ(δᵢⱼ − pⱼ) is −pᵢpⱼ for j ≠ i (B4).';

function isDiagonal(equation: Equation, nets: readonly Net[], tolerance: number): boolean {
  return nets.every((net) => {
    const { analytic, exact } = sidesOf(equation, equation.right, net);
    if (exact.rows !== exact.cols) return false;
    const diagonal = exact.values.map((v, k) => (k % (exact.cols + 1) === 0 ? v : 0));
    return relativeError(analytic.values, diagonal) <= tolerance;
  });
}

/** What is said of the mistakes that give the right side on this net, without the numbers of this draw. */
function mistakesIn(equation: Equation, by: string, net: Net, tolerance: number): string[] {
  const model = modelOf(net);
  const tensor = net.definition.tensors.find(({ name }) => name === by);
  if (model === undefined || tensor === undefined) return [];
  const texts: string[] = [];
  for (const { text, steps } of networkMistakes(model)) {
    const wrong = gradientOf(tensor.source, model, steps);
    if (wrong === undefined) return texts;
    if (!wrong.values.every(Number.isFinite)) continue;
    const turned = isTurned(tensor, net) ? transpose(wrong) : wrong;
    const { analytic, exact } = sidesOf(equation, equation.right, withGradient(net, by, turned));
    if (analytic.values.length !== exact.values.length) return texts;
    if (relativeError(analytic.values, exact.values) <= tolerance) texts.push(withoutNumbers(text));
  }
  return texts;
}

/** The net with another gradient of a tensor, so that a left side of any form is read from that. */
const withGradient = (net: Net, by: string, gradient: Tensor): Net =>
  new Proxy(net, {
    get(target, key) {
      const value = Reflect.get(target, key, target);
      if (key === 'leftValue') {
        return (left: Parameters<Net['leftValue']>[0]) => {
          const factor = target.leftFactor(left);
          return { ...gradient, values: gradient.values.map((v) => factor * v) };
        };
      }
      if (key === 'value') {
        return (reference: Parameters<Net['value']>[0]) =>
          reference.kind === 'derivative' && reference.of === null && reference.by === by
            ? gradient
            : target.value(reference);
      }
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });

/** The gradient that wrong steps give, in the project's orientation. */
function gradientOf(
  source: TensorSource,
  model: NetworkModel,
  steps: Parameters<typeof backwardPass>[1],
): Tensor | undefined {
  const { layers, chain } = model;
  const { gradients, deltas, pulled } = backwardPass(model, steps);
  const as = (values: Float64Array | undefined, rows: number): Tensor | undefined =>
    values && { rows, cols: values.length / rows, values };
  if (source.kind === 'input') return as(gradients.get('x'), chain.rows);
  if (source.kind === 'layer') {
    const l = Math.floor(source.index / 2);
    return as(source.index % 2 === 0 ? deltas[l] : pulled[l], chain.rows);
  }
  if (source.kind !== 'parameter') return undefined;
  const layer = layers.find(({ w, b }) => [w, b].includes(parameterName(model, source.index)));
  if (layer === undefined) return undefined;
  const name = parameterName(model, source.index);
  return as(gradients.get(name), name === layer.w ? layer.inputs : 1);
}

const parameterName = ({ layers }: NetworkModel, index: number): string => {
  const { w, b } = layers[Math.floor(index / 2)];
  return index % 2 === 0 ? w : (b ?? '');
};

const isTurned = ({ transposed }: TensorDefinition, { samples }: Net): boolean =>
  transposed ?? samples === 'columns';

const models = new WeakMap<Net, { readonly model: NetworkModel | undefined }>();

function modelOf(net: Net): NetworkModel | undefined {
  const known = models.get(net) ?? { model: build(net) };
  models.set(net, known);
  return known.model;
}

/** The net as the model that mistakes are made in. */
function build(net: Net): NetworkModel | undefined {
  const { definition } = net;
  const named = (kind: TensorSource['kind'], index?: number) =>
    definition.tensors.find(
      ({ source }) => source.kind === kind && (!('index' in source) || source.index === index),
    );
  const read = (tensor: TensorDefinition): Tensor => {
    const value = net.value({
      kind: 'symbol',
      name: tensor.name,
      text: tensor.name,
      span: { start: 0, end: 0 },
    });
    return isTurned(tensor, net) ? transpose(value) : value;
  };
  const [input, targets] = [named('input'), named('targets')];
  const phi = PHIS.find(({ name }) => name === ((net.activation ?? 'identity') satisfies ActivationName));
  const head = headOf(definition.loss, net.activation ?? 'identity');
  if (input === undefined || targets === undefined || phi === undefined || head === undefined)
    return undefined;
  const count = definition.hidden.length + 1;
  const parts = Array.from({ length: count }, (_, l) => {
    const [w, b, z] = [named('parameter', 2 * l), named('parameter', 2 * l + 1), named('layer', 2 * l)];
    const a = l === 0 ? input : named('layer', 2 * l - 1);
    return w && z && a && { w, b, z, a };
  });
  const layers = parts.flatMap((part) => part ?? []);
  if (layers.length < count) return undefined;
  const w = layers.map((layer) => read(layer.w));
  const y = read(targets);
  const z = layers.map((layer) => read(layer.z).values);
  const headInput = { z: z[count - 1], y: y.values, classes: y.cols };
  const scale = definition.reduction === 'mean' ? 1 / y.rows : 1;
  const lambda = definition.l2
    ? net.value({ kind: 'symbol', name: 'lambda', text: 'λ', span: { start: 0, end: 0 } }).values[0]
    : 0;
  const columns = definition.samples === 'columns';
  return {
    chain: {
      layers: layers.map((layer, l) => ({
        w: layer.w.name,
        b: layer.b?.name,
        inputs: w[l].rows,
        outputs: w[l].cols,
      })),
      rows: y.rows,
      columns,
      flipped: layers.every((layer) => isTurned(layer.w, net)),
      letters: {
        delta: (l) => net.gradientText(layers[l].z.name),
        z: (l) => layers[l].z.name,
        input: (l) => layers[l].a.name,
      },
      read: (_, values) => values,
      store: (_, values) => values,
    },
    layers: layers.map((layer, l) => ({
      w: layer.w.name,
      b: layer.b?.name,
      inputs: w[l].rows,
      outputs: w[l].cols,
    })),
    inputs: layers.map((layer) => read(layer.a).values),
    z,
    phi,
    head,
    headInput,
    scale,
    lambda,
    hasLoss: true,
    w: w.map(({ values }) => values),
    b: layers.map((layer) => layer.b && read(layer.b).values),
    delta: head.delta(headInput).map((d) => scale * d),
  };
}

/** What a single change of the right side that makes it right is called; null where it has no name. */
export function nameOfChange({ left, right }: Equation, changed: Expression, net: Net): string | null {
  if (left.kind !== 'gradient' && left.kind !== 'step') return null;
  const [before, after] = [countsOf(right), countsOf(changed)];
  const changes = [...new Set([...before.keys(), ...after.keys()])].filter(
    (name) => before.get(name) !== after.get(name),
  );
  const model = modelOf(net);
  const l = model?.layers.findIndex(({ w }) => w === left.by) ?? -1;
  const isTransposed = changes.every((name) => name === TRANSPOSE);
  if (isTransposed && model !== undefined && l !== -1 && net.sampleLetter === null) {
    return `The outer product is turned: it is ${weightsText(model.chain, l)}.`;
  }
  if (changes.length === 1 && isTransposed) {
    return (after.get(TRANSPOSE) ?? 0) > (before.get(TRANSPOSE) ?? 0)
      ? 'A transpose is missing.'
      : 'There is a transpose too many.';
  }
  const input = l === -1 ? undefined : model?.chain.letters.input(l);
  const others = changes.filter((name) => name !== input);
  if (input === undefined || others.length !== 1 || changes.length !== 2) return null;
  return `${others[0]} stands where the layer's input ${input} belongs.`;
}

const TRANSPOSE = '·ᵀ';

/** How often each letter and the transpose stand in an expression. */
function countsOf(expression: Expression, counts = new Map<string, number>()): Map<string, number> {
  const { kind } = expression;
  const letter = kind === 'symbol' ? expression.name : kind === 'derivative' ? expression.text : undefined;
  const name = kind === 'transpose' ? TRANSPOSE : letter;
  if (name !== undefined) counts.set(name, (counts.get(name) ?? 0) + 1);
  for (const child of childrenOf(expression)) countsOf(child, counts);
  return counts;
}

/** What is said of a mistake, without what N and λ are on this draw. */
const withoutNumbers = (text: string): string =>
  text
    .replace(/(?:,| with|:) λ = \d+(?:\.\d+)?(?:e-\d+)?(?: once is right)?/g, '')
    .replace(/\bN = \d+\b/g, 'N');
