/** `mlp explain`: text, JSON, and what it refuses. */

import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { encode } from 'fast-png';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { decodeModel } from '../../../src/formats/model.ts';
import { literal, relativeDistance } from '../../explain/literal.ts';
import type { Rows } from '../../support/notes-matrix.ts';
import {
  digits,
  expectError,
  expectPlain,
  freshFolder,
  jsonLines,
  lines,
  mlp,
  shortTraining,
  start,
} from '../run.ts';

const SEVEN = join(digits, 'png/7-0000.png');

let cwd: string;
let remove: () => Promise<void>;

beforeAll(async () => {
  ({ cwd, remove } = await freshFolder());
  const train = (...more: string[]) =>
    mlp(shortTraining('--epochs', '20', '--batch-size', '10', ...more), { cwd });
  await train('--l2', '0.01');
  await train('--hidden', 'none', '--loss', 'svm', '--out', 'svm.json');
  await train('--hidden', '9,6', '--loss', 'squared-error', '--learning-rate', '1', '--out', 'squared.json');
  await train('--hidden', '30,25,20,18,16,14', '--epochs', '1', '--l2', '0.0001', '--out', 'long.json');
}, 60_000);
afterAll(() => remove());

const json = async (...args: string[]) => {
  const { code, stdout, stderr } = await mlp(['explain', ...args, '--json'], { cwd });
  expect([code, stderr]).toEqual([0, '']);
  expect(lines(stdout)).toHaveLength(1);
  return jsonLines(stdout)[0];
};

const rowsOf = (values: number[], cols: number): Rows =>
  Array.from({ length: values.length / cols }, (_, i) => values.slice(i * cols, (i + 1) * cols));

/** No line is wider than 80 columns, but a path, which cannot be broken and is as long as the checkout's. */
function expectFits(text: string): void {
  for (const line of lines(text).filter((each) => !each.includes(digits))) {
    expect([...line].length, line).toBeLessThanOrEqual(80);
  }
}

/** Sample `index` of the small test set: its inputs as the model takes them, and its label. */
async function sample(index: number): Promise<{ x: Rows; label: number }> {
  const images = await readFile(join(digits, 't10k-images-idx3-ubyte'));
  const labels = await readFile(join(digits, 't10k-labels-idx1-ubyte'));
  const pixels = images.subarray(16 + 784 * index, 16 + 784 * (index + 1));
  return { x: [Array.from(pixels, (value) => value / 255)], label: labels[8 + index] };
}

describe('--json', () => {
  test('is one object of the contract', async () => {
    const result = await json('model.json', '--sample', '3');
    const { label } = await sample(3);
    expect(result).toMatchObject({
      model: 'model.json',
      data: digits,
      split: 'test',
      sample: 3,
      label: String(label),
      prediction: expect.stringMatching(/^\d$/),
      loss: expect.any(Number),
      learningRate: 0.1 / 10, // of the training, over the batch size: α/N
      classes: ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9'],
    });
    expect(result.probabilities.reduce((a: number, b: number) => a + b)).toBeCloseTo(1, 12);
    expect(result.lossAfter + result.penaltyAfter).toBeLessThan(result.loss + result.penalty);
    expect(result.steps[1]).toMatchObject({
      formula: 'C1',
      symbol: 'z1',
      text: 'z1 = x0 W1 + b1',
      latex: 'z_{1} = x_{0} W_{1} + b_{1}',
      role: 'affine',
      direction: 'forward',
      layer: 0,
      shape: [1, 8],
    });
    expect(result.steps[7]).toMatchObject({
      role: 'delta',
      direction: 'backward',
      layer: null,
      latex: String.raw`\frac{\partial L}{\partial s} = p - y`,
      operands: [
        { symbol: 'p', latex: 'p', shape: [1, 10] },
        { symbol: 'y', latex: 'y', shape: [1, 10] },
      ],
    });
    for (const { formula, symbol, shape, values, norm, min, max } of result.steps) {
      if (symbol === 'x0') expect(formula).toBeNull();
      else expect(formula).toMatch(/^(?:[A-E]\d|X\d+)$/);
      expect(values, symbol).toHaveLength(shape.reduce((a: number, b: number) => a * b, 1));
      expect([min, max]).toEqual([Math.min(...values), Math.max(...values)]);
      expect(norm).toBeCloseTo(Math.hypot(...values), 10);
    }
    const shapes = Object.entries<{ shape: number[]; values: number[] }>(result.gradients);
    expect(shapes.map(([name, { shape, values }]) => [name, shape, values.length])).toEqual([
      ['W1', [784, 8], 6272],
      ['b1', [8], 8],
      ['W2', [8, 10], 80],
      ['b2', [10], 10],
    ]);
  });

  test.each(['model.json', 'svm.json', 'squared.json'])(
    'has the loss and gradients of %s that float64 arithmetic gives',
    async (name) => {
      const model = await decodeModel(await readFile(join(cwd, name), 'utf8'), name);
      const tensors = Object.fromEntries(
        model.tensors.map(({ name: tensor, shape, values }) => [
          tensor,
          rowsOf([...values], shape[shape.length - 1]),
        ]),
      );
      const { x, label } = await sample(25);
      const expected = literal(model.spec, tensors, x, label);
      const result = await json(name, '--sample', '25');
      expect(result.label).toBe(String(label));
      expect(result.loss / expected.loss).toBeCloseTo(1, 9);
      expect(expected.loss).toBeGreaterThan(0);
      for (const [tensor, rows] of Object.entries(expected.gradients)) {
        const { values } = result.gradients[tensor];
        expect(relativeDistance(rowsOf(values, rows[0].length), rows), tensor).toBeLessThan(1e-9);
      }
    },
  );

  test('of a sample of the training set, and at another learning rate', async () => {
    const result = await json('model.json', '--split', 'train', '--sample', '99', '--learning-rate', '1e-3');
    expect(result).toMatchObject({ split: 'train', sample: 99, learningRate: 0.001 });
  });
});

describe('--input', () => {
  test('is the same sample from a PNG file', async () => {
    const image = await json('model.json', '--input', SEVEN, '--label', '7');
    expect(image).toMatchObject({ input: SEVEN, sample: null, label: '7' });
    // The digits of the IDX file are MNIST's first four of each class, in MNIST's order: this seven is the first.
    const data = await json('model.json', '--sample', '0');
    expect(data.label).toBe('7');
    expect(image.steps).toEqual(data.steps);
  });

  test('without --label is explained as what it is taken for, and says so', async () => {
    const { prediction, label } = await json('model.json', '--input', SEVEN);
    expect(label).toBe(prediction);
    const { stdout } = await mlp(['explain', 'model.json', '--input', SEVEN], { cwd });
    expect(stdout).toMatch(new RegExp(`label +${label} +as predicted; see --label`));
    const named = await mlp(['explain', 'model.json', '--input', SEVEN, '--label', label], { cwd });
    expect(named.stdout).not.toContain('as predicted');
  });
});

describe('as text', () => {
  const FULL_COLOUR = { FORCE_COLOR: '3', COLORTERM: 'truecolor', TERM: 'xterm' };

  test.each(['model.json', 'svm.json', 'squared.json'])(
    '%s fits 80 columns and has every part',
    async (name) => {
      const { code, stdout, stderr } = await mlp(['explain', name, '--sample', '2', '--as', 'rows'], { cwd });
      expect([code, stderr]).toEqual([0, '']);
      expectPlain(stdout);
      const title = stdout.slice(0, stdout.indexOf('784 → ')).replaceAll(/\s+/g, ' ');
      expect(title).toBe(`sample 2 of ${digits}, test `);
      expectFits(stdout);
      expect(stdout).toMatch(/[█▀▄▓▒░]{3}/);
      for (const part of [
        'label',
        'prediction',
        'Forward',
        'Backward',
        'The step',
        'norm',
        'min',
        'max',
        'not 0',
      ]) {
        expect(stdout).toContain(part);
      }
      const { steps } = await json(name, '--sample', '2');
      let from = 0;
      for (const { formula, text } of steps) {
        const at = stdout.indexOf(`    ${text}`, from);
        expect(at, text).toBeGreaterThan(from);
        expect(stdout.slice(from, at)).toMatch(new RegExp(`^${formula ?? '   '} `, 'm'));
        from = at;
      }
    },
  );

  test('shows each formula as its note has it once', async () => {
    const { stdout } = await mlp(['explain', 'model.json', '--as', 'rows'], { cwd });
    expect(stdout.match(/note C: ∂L\/∂S = \(P − Y\)\/N/g)).toHaveLength(1);
  });

  test.each([
    ['a terminal of all colours shows the picture in grey', [], FULL_COLOUR, true],
    ['NO_COLOR wins', [], { ...FULL_COLOUR, NO_COLOR: '1' }, false],
    ['--no-color wins', ['--no-color'], FULL_COLOUR, false],
  ])('colour: %s', async (_, flags, env, coloured) => {
    const { stdout } = await mlp(['explain', 'model.json', ...flags], { cwd, env });
    expect(stdout.includes('\u001b[38;2;')).toBe(coloured);
    expect(stdout.includes('\u001b')).toBe(coloured);
  });

  test('a reader that has seen enough is no fault', async () => {
    for (const flags of [[], ['--json']]) {
      const { child, result } = start(['explain', 'model.json', ...flags], { cwd });
      child.stdout.destroy();
      expect(await result).toMatchObject({ code: 0, signal: null, stderr: '' });
    }
  });
});

describe('a model trained otherwise than by plain SGD', () => {
  beforeAll(async () => {
    const flags = ['--optimizer', 'adamw', '--learning-rate', '0.01', '--l2', '0.1', '--l1', '0.002'];
    const more = ['--dropout', '0.2', '--label-smoothing', '0.1', '--activation', 'gelu'];
    const { code, stderr } = await mlp(shortTraining(...flags, ...more, '--out', 'other.json'), { cwd });
    expect(code, stderr).toBe(0);
  });

  test('says so in a line, and what training had besides', async () => {
    const { stdout } = await mlp(['explain', 'other.json'], { cwd });
    expect(stdout.replaceAll(/\s+/g, ' ')).toContain(
      'The step shown is plain SGD; the model was trained with adamw, decoupled decay 0.1, dropout 0.2, label smoothing 0.1.',
    );
    expect((await mlp(['explain', 'model.json'], { cwd })).stdout).not.toContain('The step shown');
    expectFits(stdout);
  });

  test('cites the own formulas of its activation, and adds the L1 term of its training', async () => {
    const { stdout } = await mlp(['explain', 'other.json'], { cwd });
    expect(stdout).toMatch(/^X22 activation of layer 1\n {4}not in the notes: x¹ = ½ z¹ ⊙/m);
    expect(stdout).toMatch(/^X22 back through the activation of layer 1$/m);
    expect(stdout).toContain('∂L/∂W1 ← ∂L/∂W1 + λ₁ sign(W1)   ∂L/∂W1 784×8, λ₁ = 0.002, W1 784×8');
    expect(stdout).toMatch(/L1 term {5}0\.\d+/);
    const result = await json('other.json');
    expect(result).toMatchObject({ optimizer: 'sgd', trainedWith: 'adamw', penalty: 0 });
    expect(result.l1Penalty).toBeGreaterThan(0);
    const [plain, added] = result.steps.filter(({ symbol }: { symbol: string }) => symbol === '∂L/∂W2');
    const { tensors } = await decodeModel(await readFile(join(cwd, 'other.json'), 'utf8'), 'other.json');
    const weights = tensors.find(({ name }) => name === 'W2')?.values ?? [];
    expect(added.formula).toBe('X25');
    added.values.forEach((value: number, i: number) => {
      expect(value - plain.values[i]).toBeCloseTo(0.002 * Math.sign(weights[i]), 12);
    });
    expect(result.gradients.W2.values).toEqual(added.values);
  });

  test('a configuration that does not fit is refused', async () => {
    const model = JSON.parse(await readFile(join(cwd, 'other.json'), 'utf8'));
    model.training.config = { l1: 'much' };
    await writeFile(join(cwd, 'odd.json'), JSON.stringify(model));
    const { code, stderr } = await mlp(['explain', 'odd.json', '--data', digits], { cwd });
    expect(code).toBe(3);
    expect(stderr).toBe('error: odd.json: training.config.l1: expected a number, 0 or more, got "much"\n');
  });
});

describe('refuses', () => {
  test.each<[string, number, string[], (string | RegExp)[]]>([
    ['a sample that is not there', 2, ['--sample', '40'], ['--sample', '0 to 39', 'got 40']],
    [
      'a sample of the training set that is not there',
      2,
      ['--sample', '100', '--split', 'train'],
      ['0 to 99'],
    ],
    ['a sample that is no number', 2, ['--sample', '3.5'], ['--sample', 'whole number', '3.5']],
    ['a negative sample', 2, ['--sample', '-1'], ['--sample', '-1']],
    ['a learning rate of 0', 2, ['--learning-rate', '0'], ['--learning-rate', 'above 0']],
    ['a learning rate that is no number', 2, ['--learning-rate', 'fast'], ['--learning-rate', 'fast']],
    ['--input with --sample', 2, ['--input', SEVEN, '--sample', '1'], ['--input', '--sample']],
    ['--input with --data', 2, ['--input', SEVEN, '--data', 'mnist'], ['--input', '--data']],
    ['--input with --split', 2, ['--input', SEVEN, '--split', 'test'], ['--input', '--split']],
    ['--label without --input', 2, ['--label', '3'], ['--label', '--input']],
    [
      'a class that is not there',
      2,
      ['--input', SEVEN, '--label', '77'],
      ['--label', 'expected 0, 1, 2', 'got "77"'],
    ],
    ['an image that is not there', 3, ['--input', 'no.png'], ['cannot read no.png']],
    ['an image that is no PNG', 3, ['--input', 'model.json'], ['model.json: expected a PNG image']],
    ['an image of another size', 3, ['--input', 'wide.png'], ['28 × 28', '28 × 30']],
    ['data that is not there', 3, ['--data', 'nowhere'], ['nowhere']],
  ])('%s', async (_, code, flags, words) => {
    const wide = encode({ width: 30, height: 28, channels: 1, data: new Uint8Array(840) });
    await writeFile(join(cwd, 'wide.png'), wide);
    expectError(await mlp(['explain', 'model.json', ...flags], { cwd }), code, ...words);
  });

  test('a model that does not say its data', async () => {
    const model = JSON.parse(await readFile(join(cwd, 'model.json'), 'utf8'));
    await writeFile(join(cwd, 'bare.json'), JSON.stringify({ ...model, training: {} }));
    expectError(await mlp(['explain', 'bare.json'], { cwd }), 2, '--data', 'bare.json');
    // Without a configuration, α is 0.01.
    expect(await json('bare.json', '--data', digits)).toMatchObject({ learningRate: 0.01 });
  });

  test('a missing model', async () => {
    expectError(await mlp(['explain'], { cwd }), 2, 'MODEL');
    expectError(await mlp(['explain', 'no.json'], { cwd }), 3, 'no.json');
  });
});

describe('--as', () => {
  const text = async (...args: string[]) => {
    const { code, stdout, stderr } = await mlp(['explain', ...args, '--sample', '2'], { cwd });
    expect([code, stderr]).toEqual([0, '']);
    expectFits(stdout);
    return stdout;
  };

  test('A has columns, with a table of which letter is which matrix', async () => {
    const stdout = await text('model.json', '--as', 'A');
    expect(stdout).toMatch(/^HW +W1ᵀ +8 × 784 +the weights of layer 1$/m);
    expect(stdout).toMatch(/^A1 {2}Z = R\(HW·X \+ HB\)\n {4}= x1ᵀ\n {4}8 × 1 /m);
    expect(stdout).toContain('= −α (∂L/∂W1)ᵀ\n    8 × 784 ');
    expect(stdout).toContain('Note A does not have the L2 term of this model');
    expect(stdout).toMatch(/^ {4}loss = \d/m);
  });

  test.each([
    ['model.json', 'C'],
    ['svm.json', 'E'],
    ['squared.json', 'D'],
  ])('the text of %s is as %s by default', async (name, note) => {
    expect(await text(name)).toBe(await text(name, '--as', note));
    expect(await text(name)).toMatch(new RegExp(`^Note ${note}$`, 'm'));
  });

  test('a network that no note has is in rows by default', async () => {
    expect(await text('long.json')).toBe(await text('long.json', '--as', 'rows'));
  });

  test('JSON is in rows, and in a note’s letters where that is asked for', async () => {
    const rows = await json('model.json', '--sample', '2');
    expect(rows).toEqual(await json('model.json', '--sample', '2', '--as', 'rows'));
    const { as, letters, steps, gradients } = await json('model.json', '--sample', '2', '--as', 'B');
    expect(as).toBe('B');
    expect(letters[1]).toMatchObject({ symbol: 'W¹', matrix: 'W1ᵀ', shape: [8, 784] });
    expect(steps[0]).toMatchObject({ formula: 'B1', text: 'q = W¹ x + b¹', symbol: 'z1ᵀ', shape: [8, 1] });
    expect(steps[0].values).toEqual(rows.steps[1].values);
    expect(gradients).toEqual(rows.gradients);
  });

  test.each([
    ['model.json', 'D', 'expected A or B or C or E or rows for 784 → 8 relu → 10'],
    ['squared.json', 'A', 'expected D or rows for'],
    ['model.json', 'F', 'expected one of A, B, C, D, E, rows, got "F"'],
  ])('%s as %s is refused', async (name, as, words) => {
    expectError(await mlp(['explain', name, '--as', as], { cwd }), 2, '--as', words);
  });
});

test('the text of a network of many layers fits 80 columns', async () => {
  const { code, stdout } = await mlp(['explain', 'long.json', '--sample', '3'], { cwd });
  expect(code).toBe(0);
  expectFits(stdout);
  const text = stdout.replaceAll(/\s+/g, ' ');
  expect(text).toContain(
    '784 → 30 relu → 25 relu → 20 relu → 18 relu → 16 relu → 14 relu → 10, softmax-cross-entropy',
  );
  expect(text).toContain('W1 784×30, W2 30×25, W3 25×20, W4 20×18, W5 18×16, W6 16×14, W7 14×10');
});
