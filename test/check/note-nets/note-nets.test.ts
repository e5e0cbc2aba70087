/** The notes' networks: their letters against the literal arithmetic of the notes, their gradients against both ways. */

import { describe, expect, test } from 'vitest';
import { compare } from '../../../src/check/gradients/derivative.ts';
import { centralDifferences } from '../../../src/check/gradients/finite-differences.ts';
import { draw, specOf } from '../../../src/check/note-nets/draw.ts';
import { type Net, NOTE_NETS, noteNet } from '../../../src/check/note-nets/note-nets.ts';
import type { NoteNet } from '../../../src/formulas/formula.ts';
import type { Reference } from '../../../src/formulas/language/scope.ts';
import type { Left } from '../../../src/formulas/language/syntax.ts';
import type { Tensor } from '../../../src/formulas/language/tensor.ts';
import { NET_DEFINITIONS } from '../../../src/formulas/nets/definitions.ts';
import { ACTIVATION_NAMES } from '../../../src/network/activations.ts';
import {
  add,
  addColumn,
  addRow,
  expectAgreement,
  expectBothSides,
  hadamard,
  map,
  multiply,
  type Rows,
  relu,
  scale,
  softmaxByRows,
  subtract,
  sum,
  transpose,
} from '../../support/notes-matrix.ts';

const span = { start: 0, end: 0 };
const symbol = (name: string): Reference => ({ kind: 'symbol', name, text: name, span });
const gradientOf = (by: string): Reference => ({ kind: 'derivative', of: null, by, text: by, span });
const left = (by: string): Left => ({ kind: 'gradient', by, text: by, indices: [], span });

const rowsOf = ({ rows, cols, values }: Tensor): Rows =>
  Array.from({ length: rows }, (_, i) => [...values.subarray(i * cols, (i + 1) * cols)]);
const letter = (net: Net) => (name: string) => rowsOf(net.value(symbol(name)));
const softmaxByColumns = (a: Rows) => transpose(softmaxByRows(transpose(a)));
const sigma = (z: number) => 1 / (1 + Math.exp(-z));
const squares = (a: Rows) => sum(hadamard(a, a));

describe.each([1, 2, 77])('with the numbers of seed %i the letters are the note’s own', (seed) => {
  test('A: columns, Z = R(HW·X + HB), Y = W·Z + B, S = softmax by columns', () => {
    const $ = letter(noteNet('A', { seed }));
    const H = addColumn(multiply($('HW'), $('X')), $('HB'));
    expectAgreement('H', $('H'), H);
    expectBothSides(H);
    expectAgreement('Z', $('Z'), map(H, relu));
    const Y = addColumn(multiply($('W'), map(H, relu)), $('B'));
    expectAgreement('Y', $('Y'), Y);
    const S = softmaxByColumns(Y);
    expectAgreement('S', $('S'), S);
    expectAgreement('loss', $('loss'), [[-sum(hadamard($('L'), map(S, Math.log))) / 6]]);
    for (const label of transpose($('L'))) expect([...label].sort()).toEqual([0, 0, 1]);
  });

  test('A2: two hidden layers', () => {
    const $ = letter(noteNet('A2', { seed }));
    const C = addColumn(multiply($('CW'), $('X')), $('CB'));
    const H = addColumn(multiply($('HW'), map(C, relu)), $('HB'));
    expectBothSides(C);
    expectBothSides(H);
    for (const [name, value] of [
      ['C', C],
      ['Z', map(C, relu)],
      ['H', H],
      ['G', map(H, relu)],
    ] as const) {
      expectAgreement(name, $(name), value);
    }
    const S = softmaxByColumns(addColumn(multiply($('W'), map(H, relu)), $('B')));
    expectAgreement('S', $('S'), S);
    expectAgreement('loss', $('loss'), [[-sum(hadamard($('L'), map(S, Math.log))) / 6]]);
  });

  test('B: one sample, p = softmax(o)', () => {
    const $ = letter(noteNet('B', { seed }));
    const q = add(multiply($('W1'), $('x')), $('b1'));
    expectBothSides(q);
    const o = add(multiply($('W2'), map(q, relu)), $('b2'));
    expectAgreement('q', $('q'), q);
    expectAgreement('o', $('o'), o);
    expectAgreement('p', $('p'), softmaxByColumns(o));
    expectAgreement('L', $('L'), [[-sum(hadamard($('y'), map(softmaxByColumns(o), Math.log)))]]);
  });

  test('C and C-sigmoid: rows, with the L2 term', () => {
    for (const name of ['C', 'C-sigmoid'] as const) {
      const $ = letter(noteNet(name, { seed }));
      const Z1 = addRow(multiply($('X'), $('W1')), $('b1'));
      const S = addRow(multiply(map(Z1, relu), $('W2')), $('b2'));
      expectBothSides(Z1);
      expectAgreement('Z1', $('Z1'), Z1);
      expectAgreement('X1', $('X1'), map(Z1, relu));
      expectAgreement('S', $('S'), S);
      const P = name === 'C' ? softmaxByRows(S) : map(S, sigma);
      expectAgreement('P', $('P'), P);
      const off = hadamard(
        map($('Y'), (y) => 1 - y),
        map(P, (p) => Math.log(1 - p)),
      );
      const data = sum(hadamard($('Y'), map(P, Math.log))) + (name === 'C' ? 0 : sum(off));
      const decay = ($('lambda')[0][0] / 2) * (squares($('W1')) + squares($('W2')));
      expectAgreement('L', $('L'), [[-data / 6 + decay]]);
    }
  });

  test('D: one sample, φ in both layers, W untransposed', () => {
    const $ = letter(noteNet('D', { seed }));
    const z1 = add(multiply(transpose($('W1')), $('x0')), $('b1'));
    const x1 = map(z1, sigma);
    const z2 = add(multiply(transpose($('W2')), x1), $('b2'));
    expectAgreement('z1', $('z1'), z1);
    expectAgreement('x1', $('x1'), x1);
    expectAgreement('z2', $('z2'), z2);
    expectAgreement('x2', $('x2'), map(z2, sigma));
    expectAgreement('L', $('L'), [[squares(subtract(map(z2, sigma), $('y'))) / 2]]);
  });

  test('E-bias: net E with a row added to each row', () => {
    const $ = letter(noteNet('E-bias', { seed }));
    expectAgreement('Y', $('Y'), addRow(multiply($('X'), $('W')), $('b')));
  });

  test('E and E-svm: rows, no biases, the losses summed', () => {
    const $ = letter(noteNet('E', { seed }));
    const Y = multiply($('X'), $('W'));
    expectAgreement('Y', $('Y'), Y);
    expectAgreement('P', $('P'), softmaxByRows(Y));
    expectAgreement('L', $('L'), [[-sum(hadamard($('T'), map(softmaxByRows(Y), Math.log)))]]);
    const svm = letter(noteNet('E-svm', { seed }));
    const scores = multiply(svm('X'), svm('W'));
    const margins = scores.map((row, i) => {
      const c = svm('T')[i].indexOf(1);
      return row.filter((_, j) => j !== c).map((s) => s - row[c] + 1);
    });
    expectBothSides(margins);
    expectAgreement('L', svm('L'), [[sum(map(margins, relu))]]);
  });
});

describe.each(NOTE_NETS)('net %s', (name) => {
  const { dimensions, tensors, isFixed = false } = NET_DEFINITIONS[name];

  test.skipIf(isFixed)(
    'no two dimensions are equal, and none is 1, so that no wrong orientation fits',
    () => {
      const sizes = dimensions.map(({ size }) => size);
      expect(new Set([1, ...sizes]).size).toBe(sizes.length + 1);
    },
  );

  test.skipIf(isFixed)(
    'other sizes are all different too, and over seven of them each dimension has seven',
    () => {
      const nets = Array.from({ length: 8 }, (_, k) => noteNet(name, { sizes: k }).definition.dimensions);
      expect(nets[0]).toEqual(dimensions);
      for (const others of nets) {
        const sizes = others.map(({ size }) => size);
        expect(new Set(sizes).size).toBe(dimensions.length);
        expect(Math.min(...sizes)).toBeGreaterThanOrEqual(3);
      }
      for (const [k] of dimensions.entries()) {
        expect(new Set(nets.slice(1).map((others) => others[k].size)).size).toBe(7);
      }
      const [{ letter, size }] = dimensions;
      for (let k = 0; k < 8; k++) {
        const kept = noteNet(name, { sizes: k, keptSizes: new Set([letter]) }).definition.dimensions;
        expect(kept[0].size).toBe(size);
        expect(new Set(kept.map((dimension) => dimension.size)).size).toBe(dimensions.length);
      }
    },
  );

  test('every tensor has the shape that its letters say, and so has its gradient', () => {
    const net = noteNet(name);
    const sizeOf = (letter: string) => dimensions.find((dimension) => dimension.letter === letter)?.size ?? 1;
    for (const tensor of tensors) {
      const expected = [sizeOf(tensor.rows), sizeOf(tensor.cols)];
      const value = net.value(symbol(tensor.name));
      expect([value.rows, value.cols], tensor.name).toEqual(expected);
      if (net.whyNoGradient(tensor.name) !== undefined) continue;
      const gradient = net.value(gradientOf(tensor.name));
      expect([gradient.rows, gradient.cols], `d${tensor.name}`).toEqual(expected);
    }
  });

  test('the exact gradients agree with the production backward, and there is one of every layer and parameter', () => {
    const net = noteNet(name);
    for (const tensor of tensors) {
      const production = net.production(left(tensor.name));
      expect(production !== undefined, tensor.name).toBe(['parameter', 'layer'].includes(tensor.source.kind));
      if (production === undefined) continue;
      expectAgreement(`d${tensor.name}`, rowsOf(production), rowsOf(net.value(gradientOf(tensor.name))));
    }
  });

  test('the exact gradients of inputs and parameters agree with central differences', () => {
    const net = noteNet(name);
    const definition = NET_DEFINITIONS[name];
    const drawn = draw(definition, definition.activation ?? 'identity', 1);
    const f = () => {
      drawn.network.forward(drawn.x);
      return drawn.network.loss(drawn.y).values[0] + drawn.network.penalty().values[0];
    };
    const factor = definition.reduction === 'sum' ? drawn.x.rows : 1;
    for (const { name: tensor, source, transposed = definition.samples === 'columns' } of tensors) {
      if (source.kind !== 'input' && source.kind !== 'parameter') continue;
      const matrix = source.kind === 'input' ? drawn.x : drawn.network.parameters[source.index].value;
      const numeric = centralDifferences(matrix.values as Float64Array, f);
      const exact = rowsOf(net.value(gradientOf(tensor)));
      const analytic = scale(1 / factor, transposed ? transpose(exact) : exact).flat();
      expect(compare(analytic, numeric).error, `d${tensor}`).toBeLessThan(1e-9);
    }
  });

  test('another seed gives other numbers, the same seed the same', () => {
    const [a, b, c] = [1, 1, 2].map((seed) => noteNet(name, { seed }).value(symbol(tensors[0].name)).values);
    expect(a).toEqual(b);
    expect(a).not.toEqual(c);
  });

  test('every letter can be looked up, and every left side is told', () => {
    const net = noteNet(name);
    for (const { symbol: text, aliases, lefts } of net.symbols()) {
      for (const spelling of [text, ...aliases]) {
        const typed = spelling.replace('λ', 'lambda').replace('α', 'alpha');
        expect(net.symbol(typed), spelling).toBeDefined();
      }
      expect(net.names).toEqual(expect.arrayContaining([text, ...lefts]));
    }
  });
});

test('net D takes each activation, the others only their own', () => {
  for (const activation of ACTIVATION_NAMES) expect(noteNet('D', { activation }).activation).toBe(activation);
  expect(noteNet('C', { activation: 'relu' }).activation).toBe('relu');
  expect(() => noteNet('C', { activation: 'tanh' })).toThrow(/expected no activation for net C/);
  expect(noteNet('E').activation).toBeNull();
});

test('a net, activation or seed that there is not', () => {
  expect(() => noteNet('F' as NoteNet)).toThrow(/expected one of A, A2, .* got F/);
  expect(() => noteNet('D', { activation: 'relo' as 'relu' })).toThrow(
    /expected an activation of .* got relo/,
  );
  expect(() => noteNet('D', { seed: -1 }).value(symbol('x0'))).toThrow(/seed/);
});

test('with ReLU as φ of net D both layers have units on both sides', () => {
  for (const seed of [1, 2, 3, 4, 5]) {
    const $ = letter(noteNet('D', { seed, activation: 'relu' }));
    expectBothSides($('z1'));
    expectBothSides($('z2'));
  }
});

test('a Jacobian has a row for each entry of what is differentiated', () => {
  const net = noteNet('B');
  const value = net.value({ kind: 'derivative', of: 'q', by: 'x', text: '∂q/∂x', span });
  expectAgreement('∂q/∂x', rowsOf(value), letter(net)('W1'));
  const ofProbabilities = net.value({ kind: 'derivative', of: 'p', by: 'h', text: '∂p/∂h', span });
  expect([ofProbabilities.rows, ofProbabilities.cols]).toEqual([3, 5]);
  expect(net.whyNoJacobian('x', 'q', false)).toMatch(/x is not computed from q/);
  expect(net.whyNoJacobian('p', 'W1', false)).toMatch(/W1 is a matrix/);
  expect(net.whyNoJacobian('y', 'o', false)).toMatch(/y is not computed from o/);
  expect(noteNet('C').whyNoJacobian('P', 'S', false)).toMatch(/one sample/);
  expect(noteNet('C').whyNoJacobian('P', 'S', true)).toBeUndefined();
});

test('the spec of a net is the project’s own, λ where the note has it', () => {
  expect(specOf(NET_DEFINITIONS.C, 'relu', 0.25)).toMatchObject({
    inputs: 5,
    loss: { name: 'softmax-cross-entropy' },
    l2: 0.25,
  });
  expect(specOf(NET_DEFINITIONS.A2, 'relu', 0.25)).toMatchObject({ l2: 0 });
});
