/** What the view «Draw» says of a prediction, and how it lays out the hidden units. */

import { describe, expect, test } from 'vitest';
import { perceptron } from '../../src/network/network.ts';
import { percentText } from '../../src/web/page/number-text.ts';
import { ranked } from '../../src/web/page/views/draw/ranking.ts';
import { fired, gridOf, hiddenLayers, strongest } from '../../src/web/page/views/draw/units.ts';

const prediction = (outputs: number[], probabilities?: number[]) => ({
  class: outputs.indexOf(Math.max(...outputs)),
  outputs: Float32Array.from(outputs),
  ...(probabilities && { probabilities: Float32Array.from(probabilities) }),
  hidden: [],
});

describe('a prediction', () => {
  test('has its classes in their order, the largest marked', () => {
    expect(ranked(prediction([1, 3], [0.25, 0.75]), ['no', 'yes'])).toEqual([
      { name: 'no', text: '25.00 %', share: 0.25, isBest: false },
      { name: 'yes', text: '75.00 %', share: 0.75, isBest: true },
    ]);
    expect(percentText(0.98765)).toBe('98.77 %');
  });

  test('of many classes the ten most likely, of equals the first', () => {
    const outputs = Array.from({ length: 47 }, (_, i) => (i === 40 ? 9 : i === 3 ? 1 : 0));
    const names = outputs.map((_, i) => `c${i}`);
    const rows = ranked(
      prediction(
        outputs,
        outputs.map((v) => v / 10),
      ),
      names,
    );
    expect(rows.map(({ name }) => name).slice(0, 4)).toEqual(['c40', 'c3', 'c0', 'c1']);
    expect(rows).toHaveLength(10);
    expect(rows[0].isBest).toBe(true);
    expect(ranked(undefined, names)).toHaveLength(10);
  });

  test('scores begin at 0 or at the least of them', () => {
    const rows = ranked(prediction([-1, 3, 1]), ['a', 'b', 'c']);
    expect(rows.map(({ share }) => share)).toEqual([0, 1, 0.5]);
    expect(rows[0].text).toBe('−1.0000');
    expect(ranked(prediction([0, 0]), ['a', 'b']).map(({ share }) => share)).toEqual([0, 0]);
  });
});

describe('hidden units', () => {
  test('are those of the activations before the last layer', () => {
    const of = (hidden: number[], loss: 'softmax-cross-entropy' | 'squared-error') =>
      hiddenLayers(perceptron({ inputs: 9, hidden, classes: 3, loss }));
    expect(of([200, 30], 'softmax-cross-entropy')).toEqual([
      { name: 'relu 1', activation: 'relu', units: 200, isFirst: true },
      { name: 'relu 2', activation: 'relu', units: 30, isFirst: false },
    ]);
    expect(of([], 'squared-error')).toEqual([]);
    expect(of([5], 'squared-error')).toHaveLength(1);
  });

  test('fire above 0, those of a sigmoid above ½', () => {
    const values = Float32Array.of(0, 0.4, 0.7, -1);
    const layer = { name: 'a 1', units: 4, isFirst: true };
    expect(fired({ ...layer, activation: 'relu' }, values)).toBe('2 of 4 above 0');
    expect(fired({ ...layer, activation: 'sigmoid' }, values)).toBe('1 of 4 above ½');
    expect(strongest(values)).toBe(2);
  });

  test('stand in a grid that has room for them, and few empty cells', () => {
    for (let units = 1; units <= 2000; units++) {
      const { rows, cols } = gridOf(units);
      expect(rows * cols).toBeGreaterThanOrEqual(units);
      expect(rows * cols - units).toBeLessThan(cols);
    }
    expect(gridOf(200)).toEqual({ rows: 10, cols: 20 });
    expect(gridOf(1)).toEqual({ rows: 1, cols: 1 });
  });
});
