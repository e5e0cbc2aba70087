/** The training record of a model file: what it may hold, and what is refused. */

import { expect, test } from 'vitest';
import { DataError } from '../../src/data/errors.ts';
import { decodeTraining } from '../../src/formats/training-record.ts';

const decode = (json: object) => decodeTraining(json, (message) => new DataError(`m.json: ${message}`));

test('a record is given back as it is, what is unknown and the order of its keys included', () => {
  const record = {
    author: { name: 'someone' },
    metrics: { testLoss: null, testAccuracy: 0.97, f1: 0.9 },
    config: { epochs: 5, colour: 'blue', hidden: [], recipe: 'of-another-version', threads: 'many' },
    epochs: 5,
    data: { test: { held: 0.2, seed: 1 }, source: 'iris.csv', rows: 150 },
  };
  expect(JSON.stringify(decode(record))).toBe(JSON.stringify(record));
  expect(decode({})).toEqual({});
});

test.each<[record: object, message: string]>([
  [{ epochs: 'five' }, 'm.json: training.epochs: expected number, got "five"'],
  [{ config: 3 }, 'm.json: training.config: expected Object, got 3'],
  [
    { config: { learningRate: 'high' } },
    'm.json: training.config.learningRate: expected a number above 0, got "high"',
  ],
  [{ config: { optimizer: 7 } }, 'm.json: training.config.optimizer: expected a name, got 7'],
  [
    { config: { dropout: -1 } },
    'm.json: training.config.dropout: expected a number from 0 up to, not including, 1, got -1',
  ],
  [{ data: { source: 7 } }, 'm.json: training.data.source: expected string, got 7'],
  [{ data: { test: { held: 'some' } } }, 'm.json: training.data.test'],
  [{ metrics: { testAccuracy: 'good' } }, 'm.json: training.metrics.testAccuracy'],
])('%j is refused', (record, message) => {
  expect(() => decode(record)).toThrow(DataError);
  expect(() => decode(record)).toThrow(message);
});
