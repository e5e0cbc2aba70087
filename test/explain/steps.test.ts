/** The steps of an explanation: all of them, in order, with what the layers held. */

import { describe, expect, test } from 'vitest';
import { explain } from '../../src/explain/explain.ts';
import type { Step } from '../../src/explain/walk.ts';
import { Random } from '../../src/kernels/random.ts';
import { ReferenceKernels } from '../../src/kernels/reference.ts';
import { Network, perceptron } from '../../src/network/network.ts';
import type { NetworkEvent } from '../../src/network/observer.ts';
import { Sgd } from '../../src/train/optimizers/optimizers.ts';
import { bytes } from '../support/matrices.ts';
import {
  CLASSES,
  COMBINATIONS,
  explained,
  INPUTS,
  kernels,
  oneHot,
  randomNetwork,
  rowMatrix,
  SAMPLE,
} from './nets.ts';

const LABEL = 1;
const RATE = 0.01;

/** Symbol and values of every step, by the layers one at a time: no observer, no `Network.backward`. */
function byHand(network: Network): [symbol: string, values: number[]][] {
  const { spec, layers, lossLayer } = network;
  const steps: [string, number[]][] = [];
  const depth = spec.layers.filter(({ type }) => type === 'dense').length;
  const squared = spec.loss.name === 'squared-error';
  const keep = (symbol: string, values: ArrayLike<number>) => steps.push([symbol, Array.from(values)]);
  const zOf = (d: number) => (d === depth && !squared ? 's' : `z${d}`);
  const dzOf = (d: number) => (squared ? `δ${d}` : `∂L/∂${zOf(d)}`);

  let out = rowMatrix(SAMPLE[0]);
  keep('x0', out.values);
  let d = 0;
  layers.forEach((layer, l) => {
    out = layer.forward(out);
    if (spec.layers[l].type === 'dense') keep(zOf(++d), out.values);
    else keep(`x${d}`, out.values);
  });
  const y = oneHot(LABEL);
  const loss = lossLayer.forward(out, y).values[0];
  if (lossLayer.probabilities !== undefined) keep('p', lossLayer.probabilities.values);
  keep('L', [loss]);
  if (spec.l2 > 0) keep('L2', network.penalty().values);
  let delta = lossLayer.backward();
  keep(squared ? `∂L/∂x${d}` : '∂L/∂s', delta.values);
  for (let l = layers.length - 1; l >= 0; l--) {
    const below = layers[l].backward(delta);
    if (spec.layers[l].type === 'activation') {
      keep(dzOf(d), below?.values ?? []);
    } else {
      for (const { name, gradient } of layers[l].parameters) keep(`∂L/∂${name}`, gradient.values);
      d--;
      if (below !== undefined) keep(`∂L/∂x${d}`, below.values);
    }
    if (below !== undefined) delta = below;
  }
  for (const { name, value, gradient, isWeight } of network.parameters) {
    if (spec.l2 === 0 || !isWeight) continue;
    kernels.addScaled(value, spec.l2, gradient);
    keep(`∂L/∂${name}`, gradient.values);
  }
  for (const { name, value, gradient } of network.parameters) {
    kernels.addScaled(gradient, -RATE, value);
    keep(name, value.values);
  }
  keep('L′', lossLayer.forward(network.forward(rowMatrix(SAMPLE[0])), y).values);
  return steps;
}

describe.each(COMBINATIONS)('$title', ({ options }) => {
  const { steps, gradients, loss, lossAfter } = explained(randomNetwork(options), LABEL, RATE);

  test('has every step in order, with the bits that the layers hold', () => {
    const expected = byHand(randomNetwork(options));
    expect(steps.map(({ symbol }) => symbol)).toEqual(expected.map(([symbol]) => symbol));
    steps.forEach(({ symbol, values }, n) => {
      const held = expected[n][1];
      expect(bytes(rowMatrix([...values])), symbol).toEqual(bytes(rowMatrix(held)));
    });
  });

  test('has directions in order, texts that begin with the symbol, and shapes that hold the values', () => {
    const directions = steps.map(({ direction }) => direction);
    expect(directions).toEqual(
      ['forward', 'backward', 'step'].flatMap((d) => directions.filter((each) => each === d)),
    );
    for (const { symbol, text, shape, values, operands } of steps) {
      expect(text).toMatch(new RegExp(`^${symbol} [=←] `));
      expect(values, symbol).toHaveLength(shape.reduce((a, b) => a * b, 1));
      if (symbol === 'L2') continue;
      for (const operand of operands.filter((each) => each.symbol !== 'y'))
        expect(text).toContain(operand.symbol);
    }
    expect(new Set(steps.flatMap(({ text, direction }) => `${direction} ${text}`)).size).toBe(steps.length);
  });

  test('has operands with the shapes of the steps that made them', () => {
    const made = new Map<string, readonly number[]>([
      ['y', [1, CLASSES]],
      ...Object.entries(gradients).map(([name, { shape }]): [string, readonly number[]] => [name, shape]),
      ['λ', []],
      ['α', []],
    ]);
    for (const { symbol, shape, operands } of steps) {
      for (const operand of operands) {
        expect(operand.shape, `${operand.symbol} of ${symbol}`).toEqual(made.get(operand.symbol));
      }
      made.set(symbol, shape);
    }
  });

  test('ends with the gradients, the losses and the steps that it tells', () => {
    const last = (symbol: string) => steps.findLast((step) => step.symbol === symbol) as Step;
    expect(last('L').values[0]).toBe(loss);
    expect(last('L′').values[0]).toBe(lossAfter);
    for (const [name, { shape, values }] of Object.entries(gradients)) {
      expect(last(`∂L/∂${name}`)).toMatchObject({ shape });
      expect([...last(`∂L/∂${name}`).values]).toEqual([...values]);
    }
  });
});

describe('the network that is explained', () => {
  const options = { inputs: INPUTS, hidden: [5], classes: CLASSES, l2: 0.1 };

  test('keeps its weights and its observer', () => {
    const network = randomNetwork(options);
    const before = network.tensors();
    const observer = () => {};
    network.observer = observer;
    const first = explained(network, LABEL);
    expect(network.tensors()).toEqual(before);
    expect(network.observer).toBe(observer);
    expect(explained(network, LABEL)).toEqual(first);
  });

  test('keeps them where the optimizer fails', () => {
    const network = randomNetwork(options);
    const before = network.tensors();
    const failing = {
      learningRate: 1,
      step: () => {
        network.parameters[0].value.values.fill(0);
        throw new Error('no step');
      },
    };
    const run = () => explain(kernels, network, rowMatrix(SAMPLE[0]), oneHot(LABEL), failing);
    expect(run).toThrow('no step');
    expect(network.tensors()).toEqual(before);
    expect(network.observer).toBeUndefined();
  });

  test.each([
    ['an input of another width', [1, 2], 4, 'explain: expected 1 × 6 as input, got 1 × 2'],
    ['a target of another width', SAMPLE[0], 3, 'explain: expected 1 × 4 as target, got 1 × 3'],
  ])('refuses %s', (_, x, classes, message) => {
    const network = randomNetwork(options);
    const sgd = { learningRate: 1, step: () => new Sgd(kernels, network.parameters).step(1) };
    const y = kernels.matrix(1, classes);
    expect(() => explain(kernels, network, rowMatrix(x), y, sgd)).toThrow(new RangeError(message));
  });

  test('refuses two samples at once', () => {
    const network = randomNetwork(options);
    const sgd = { learningRate: 1, step: () => new Sgd(kernels, network.parameters).step(1) };
    const x = kernels.matrix(2, INPUTS);
    expect(() => explain(kernels, network, x, oneHot(0), sgd)).toThrow('expected 1 × 6 as input, got 2 × 6');
  });
});

describe('an observer', () => {
  test.each(['float64', 'float32'] as const)('changes no bit of a step on %s', (precision) => {
    const k = new ReferenceKernels(precision);
    const run = (observer: ((event: NetworkEvent) => void) | undefined) => {
      const network = new Network(
        k,
        perceptron({ inputs: INPUTS, hidden: [5, 3], classes: CLASSES, l2: 0.1 }),
        2,
      );
      network.initialize(new Random(1, 'weights'));
      network.observer = observer;
      const x = k.matrix(2, INPUTS);
      k.write(x, [...SAMPLE[0], ...SAMPLE[0].toReversed()]);
      const y = k.matrix(2, CLASSES);
      k.write(y, [0, 1, 0, 0, 1, 0, 0, 0]);
      network.forward(x);
      network.loss(y);
      network.backward();
      return [network.lossLayer.losses, ...network.parameters.map(({ gradient }) => gradient)].map(bytes);
    };
    const events: string[] = [];
    const watched = run((event) =>
      events.push('layer' in event ? `${event.type} ${event.layer}` : event.type),
    );
    expect(watched).toEqual(run(undefined));
    const layers = [0, 1, 2, 3, 4];
    expect(events).toEqual([
      ...layers.map((l) => `forward ${l}`),
      'loss',
      'delta',
      ...layers.toReversed().map((l) => `backward ${l}`),
      'decay',
    ]);
  });

  test('hears only of the layers that run', () => {
    const network = randomNetwork({ inputs: INPUTS, hidden: [5], classes: CLASSES });
    const heard: number[] = [];
    network.observer = (event) => 'layer' in event && heard.push(event.layer);
    network.forward(kernels.matrix(1, 5), 1);
    expect(heard).toEqual([1, 2]);
  });
});
