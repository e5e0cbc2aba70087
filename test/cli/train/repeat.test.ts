/** `mlp train --repeat`, and `--patience`: several runs and what they have in common; runs that end early. */

import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { isBetterRun, spread, summarize } from '../../../src/cli/train/repeat.ts';
import { expectPlain, freshFolder, jsonLines, lines, mlp, shortTraining, start } from '../run.ts';

let cwd: string;
let remove: () => Promise<void>;

beforeEach(async () => {
  ({ cwd, remove } = await freshFolder());
});
afterEach(() => remove());

const model = async (name = 'model.json') => JSON.parse(await readFile(join(cwd, name), 'utf8'));

describe('--repeat', () => {
  const flags = ['--validation', '20', '--epochs', '6', '--batch-size', '8'];

  test('--json prints one run after another, each as if alone, and a summary', async () => {
    const { code, stdout, stderr } = await mlp(
      shortTraining(...flags, '--repeat', '3', '--seed', '4', '--json'),
      { cwd },
    );
    expect([code, stderr]).toEqual([0, '']);
    const events = jsonLines(stdout);
    const run = ['start', ...new Array(6).fill('epoch'), 'end'];
    expect(events.map(({ event }) => event)).toEqual([...run, ...run, ...run, 'summary']);
    const summary = events.at(-1);
    expect(summary.runs.map(({ seed }: { seed: number }) => seed)).toEqual([4, 5, 6]);
    for (const [i, { seed, sha256, testAccuracy }] of summary.runs.entries()) {
      const args = shortTraining(...flags, '--seed', `${seed}`, '--json', '--out', `${seed}.json`);
      const alone = jsonLines((await mlp(args, { cwd })).stdout).at(-1);
      expect(alone).toMatchObject({ sha256, testAccuracy });
      expect(events[8 * i + 7]).toMatchObject({ event: 'end', seed, sha256, testAccuracy });
      expect(events[8 * i].config.seed).toBe(seed);
    }
    // The saved model is that of the best validation accuracy, the same bytes as of that seed alone.
    const accuracies = summary.runs.map((r: { validationAccuracy: number }) => r.validationAccuracy);
    const saved = summary.runs.find(({ seed }: { seed: number }) => seed === summary.seed);
    expect(saved.validationAccuracy).toBe(Math.max(...accuracies));
    const files = ['model.json', `${summary.seed}.json`].map((name) => readFile(join(cwd, name)));
    const [one, other] = await Promise.all(files);
    expect(one.equals(other)).toBe(true);
    expect(summary.model).toBe('model.json');
    expect(summary.sha256).toBe((await model()).sha256);
  });

  test('as text tells each run and mean ± sd; without samples held out the first is saved', async () => {
    const { stdout, stderr } = await mlp(shortTraining('--repeat', '2'), { cwd });
    expectPlain(stdout + stderr);
    const printed = lines(stdout);
    expect(printed).toHaveLength(7);
    expect(printed[2]).toMatch(/^seed 1 {2}test accuracy \d+\.\d\d %$/);
    expect(printed[5]).toMatch(/^seed 2 {2}test accuracy/);
    expect(printed[6]).toMatch(
      /^2 runs {2}test accuracy \d+\.\d\d % ± \d+\.\d\d {2}saved seed 1 as model\.json$/,
    );
    expect((await model()).training.seed).toBe(1);
    const quiet = await mlp(shortTraining('--repeat', '2', '--quiet'), { cwd });
    expect(quiet).toMatchObject({ stdout: `${printed[6]}\n`, stderr: '' });
  });

  // Windows knows no signals between processes.
  test.skipIf(process.platform === 'win32')('Ctrl-C in the middle reports what is done', async () => {
    const args = shortTraining('--repeat', '1000', '--epochs', '20');
    const { child, result, printed } = start(args, { cwd });
    await printed('seed 3');
    child.kill('SIGINT');
    const { code, stdout } = await result;
    expect(code).toBe(130);
    const runs = lines(stdout).filter((line) => line.startsWith('seed ')).length;
    expect(runs).toBeGreaterThanOrEqual(3);
    expect(lines(stdout).at(-1)).toMatch(new RegExp(`^interrupted {2}${runs} runs {2}test accuracy .* ± `));
    expect((await model()).training).toMatchObject({ seed: 1, epochs: 20 });
    expect(await readdir(cwd)).toEqual(['model.json']);
  });
});

test('mean and standard deviation', () => {
  expect(spread([])).toBeUndefined();
  expect(spread([0.5])).toEqual({ mean: 0.5 });
  expect(spread([2, 4, 4, 4, 5, 5, 7, 9])).toEqual({ mean: 5, sd: Math.sqrt(32 / 7) });
});

test('which run is saved', () => {
  const run = (validationAccuracy?: number, validationLoss?: number) => ({
    ...{ seed: 1, sha256: '' },
    ...(validationAccuracy !== undefined && { validationAccuracy }),
    ...(validationLoss !== undefined && { validationLoss }),
  });
  expect(isBetterRun(run(), undefined)).toBe(true);
  expect(isBetterRun(run(), run())).toBe(false);
  expect(isBetterRun(run(0.6, 2), run(0.5, 1))).toBe(true);
  expect(isBetterRun(run(0.5, 0.9), run(0.5, 1))).toBe(true);
  expect(isBetterRun(run(0.5, 1), run(0.5, 1))).toBe(false);
  const summary = summarize([run(0.5, 1)], run(0.5, 1), 'm.json');
  expect(summary).toEqual({
    ...{ event: 'summary', runs: [run(0.5, 1)], validationAccuracy: { mean: 0.5 } },
    ...{ seed: 1, model: 'm.json', sha256: '' },
  });
});

test('--patience ends a run early, with the best weights and what they scored', async () => {
  const flags = ['--validation', '20', '--patience', '2', '--epochs', '500', '--batch-size', '8'];
  const { stdout } = await mlp(shortTraining(...flags, '--json'), { cwd });
  const events = jsonLines(stdout);
  const end = events.at(-1);
  expect(end).toMatchObject({ stoppedEarly: true, epochs: end.bestEpoch + 2, bestEpoch: expect.any(Number) });
  const best = events[end.bestEpoch];
  const { training, sha256 } = await model();
  expect(training).toMatchObject({ epochs: end.epochs, bestEpoch: best.epoch, stoppedEarly: true });
  const { trainLoss, validationLoss, validationAccuracy } = best;
  expect(training.metrics).toMatchObject({ trainLoss, validationLoss, validationAccuracy });

  // Trained to the best epoch alone, the weights are the same.
  const shorter = shortTraining(...flags, '--json', '--epochs', `${end.bestEpoch}`, '--out', 's.json');
  expect(jsonLines((await mlp(shorter, { cwd })).stdout).at(-1).sha256).toBe(sha256);
  const { stdout: text } = await mlp(shortTraining(...flags, '--quiet'), { cwd });
  expect(text).toContain(`best epoch ${end.bestEpoch}, stopped after ${end.epochs}`);
});
