/** A training run that is told to stop saves what it has, and says so by its exit code. */

import { readdir } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { freshFolder, jsonLines, lines, longTraining, mlp, start } from '../run.ts';

// Windows knows no signals between processes: there, kill ends a process at once.
const signals = test.skipIf(process.platform === 'win32');

signals.each([
  ['SIGINT', 130],
  ['SIGTERM', 143],
] as const)('%s ends --json training with %i and a model', async (signal, code) => {
  const { cwd, remove } = await freshFolder();
  const { child, result, printed } = start(longTraining('--json'), { cwd });
  await printed('"epoch":3,');
  child.kill(signal);
  const { stdout, stderr, ...how } = await result;
  expect(how).toEqual({ code, signal: null });
  expect(stderr).toBe('');

  const events = jsonLines(stdout);
  const end = events.at(-1);
  expect(end).toMatchObject({ event: 'end', interrupted: true, model: 'model.json' });
  const epochs = events.filter(({ event }) => event === 'epoch').length;
  expect(end.epochs).toBeGreaterThanOrEqual(3);
  // Stopped right after an epoch's last step, an epoch counts that was not told of.
  expect([epochs, epochs + 1]).toContain(end.epochs);

  expect(await readdir(cwd)).toEqual(['model.json']);
  const evaluated = await mlp(['eval', 'model.json', '--json'], { cwd });
  expect(evaluated.code).toBe(0);
  expect(jsonLines(evaluated.stdout)[0].samples).toBe(40);
  const [inspected] = jsonLines((await mlp(['inspect', 'model.json', '--json'], { cwd })).stdout);
  expect(inspected).toMatchObject({
    sha256: end.sha256,
    training: { epochs: end.epochs, interrupted: true },
  });
  await remove();
});

signals('as text, the last line says what was done and where it went', async () => {
  const { cwd, remove } = await freshFolder();
  const { child, result, printed } = start(longTraining('--out', 'half.json'), { cwd });
  await printed('epoch      1/100000');
  child.kill('SIGINT');
  const { code, stdout } = await result;
  expect(code).toBe(130);
  expect(lines(stdout).at(-1)).toMatch(/interrupted.* of 100000 epochs.*half\.json$/);
  await remove();
});
