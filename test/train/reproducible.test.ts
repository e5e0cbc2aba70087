/** The weights follow from configuration, seed and training samples: from nothing else. */

import { afterEach, expect, test, vi } from 'vitest';
import { perceptron } from '../../src/network/network.ts';
import { corners, digits, eventsOf, makeTrainer, trained, weightBytes } from './runs.ts';

afterEach(() => {
  vi.restoreAllMocks();
});

test('the same seed gives the same bytes, another seed others', async () => {
  const { train } = await digits();
  const network = perceptron({ inputs: 784, hidden: [8], classes: 10 });
  const run = (seed: number) => trained({ network, seed, epochs: 2 }, train, 'float32');
  const first = await run(1);
  expect(await run(1)).toBe(first);
  expect(await run(2)).not.toBe(first);
});

test('the seed decides the first weights and the orders', async () => {
  const initial = (seed: number) => weightBytes(makeTrainer({ seed }).network);
  expect(initial(3)).toBe(initial(3));
  expect(initial(3)).not.toBe(initial(4));
});

test('a trainer does not disturb the samples', async () => {
  const samples = corners(10);
  const before = samples.values.slice();
  await trained({}, samples);
  expect(samples.values).toEqual(before);
});

test('who listens, and how slowly, changes nothing', async () => {
  const reference = await trained();
  const slow = makeTrainer();
  for await (const event of slow.run()) {
    await new Promise((resolve) => setTimeout(resolve, event.event === 'epoch' ? 15 : 3));
  }
  expect(weightBytes(slow.network)).toBe(reference);

  const several = makeTrainer();
  const run = several.run();
  while (!(await run.next()).done) {
    // Many turns of the event loop between two looks.
    for (let i = 0; i < 10; i++) await new Promise((resolve) => setImmediate(resolve));
  }
  expect(weightBytes(several.network)).toBe(reference);
});

test('the clock changes nothing', async () => {
  const reference = await trained();
  for (const leap of [0, 1000]) {
    let now = 0;
    const clock = vi.spyOn(performance, 'now').mockImplementation(() => {
      now += leap;
      return now;
    });
    expect(await trained()).toBe(reference);
    clock.mockRestore();
  }
});

test('samples held out and test samples are never trained on', async () => {
  const rows = { train: Uint32Array.of(0, 2, 3, 5, 6, 8), held: Uint32Array.of(1, 4, 7, 9) };
  const run = (poison: boolean, training = false) => {
    const samples = corners(10);
    const spoilt = training ? [2] : [...rows.held];
    if (poison) for (const row of spoilt) samples.values.fill(50, 3 * row, 3 * row + 3);
    const test = corners(4, poison ? 11 : 12);
    const train = { samples, rows: rows.train };
    return trained({}, { train, validation: { samples, rows: rows.held }, test });
  };
  const clean = await run(false);
  expect(await run(true)).toBe(clean);
  // The same poison in a row that is trained on shows.
  expect(await run(true, true)).not.toBe(clean);
});

test('evaluating along the way changes nothing', async () => {
  const samples = corners(10);
  const train = { samples, rows: Uint32Array.of(0, 1, 2, 3, 4, 5, 6) };
  const held = { samples, rows: Uint32Array.of(7, 8, 9) };
  const trainer = makeTrainer({}, { train, validation: held, test: samples });
  await eventsOf(trainer);
  expect(weightBytes(trainer.network)).toBe(await trained({}, { train }));
});
