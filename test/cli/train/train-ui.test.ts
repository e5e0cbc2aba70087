/** `mlp train --ui`: the run on a page, steered from there, and the command that stays until it is told to end. */

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { PageInfo, RunMessage, SamplesAnswer } from '../../../src/web/protocol.ts';
import { serving } from '../page.ts';
import { expectError, freshFolder, jsonLines, longTraining, mlp, shortTraining } from '../run.ts';

// Windows knows no signals between processes: there, kill ends a process at once.
const signals = test.skipIf(process.platform === 'win32');

let cwd: string;
let remove: () => Promise<void>;
beforeEach(async () => {
  ({ cwd, remove } = await freshFolder());
});
afterEach(() => remove());

const ofType = <T extends RunMessage['type']>(messages: readonly RunMessage[], type: T) =>
  messages.filter((message): message is Extract<RunMessage, { type: T }> => message.type === type);
const isState = (state: string) => (message: RunMessage) =>
  message.type === 'state' && message.state === state;

signals(
  'a page that opens after the run has its whole history and its model; Ctrl-C then ends with 0',
  async () => {
    const { child, result, told, get, messages } = await serving(
      shortTraining('--ui', '--json', '--validation', '20', '--epochs', '3', '--batch-size', '16'),
      { cwd },
    );
    await told('the run is over');
    const all = await messages(({ type }) => type === 'end');
    expect(all[0]).toMatchObject({
      type: 'start',
      imageShape: [28, 28],
      start: { epochs: 3, trainSamples: 80 },
    });
    const [steps, ...more] = ofType(all, 'steps');
    expect(more).toEqual([]);
    expect(steps).toMatchObject({ firstStep: 1, stride: 1 });
    expect([steps.losses, steps.accuracies, steps.learningRates].map((list) => list.length)).toEqual([
      15, 15, 15,
    ]);
    expect(steps.losses.every((loss) => loss > 0 && loss < 5)).toBe(true);
    expect(ofType(all, 'epoch').map(({ epoch }) => epoch.epoch)).toEqual([1, 2, 3]);
    const last = ofType(all, 'snapshot').at(-1);
    expect(last?.set).toBe('test');
    expect(last?.confusion.flat().reduce((a, b) => a + b, 0)).toBe(40);
    expect(last?.receptiveFields?.units).toHaveLength(8);
    expect(last?.layers.map(({ name }) => name)).toEqual(['relu 1']);
    expect(ofType(all, 'state')).toMatchObject([{ state: 'ended' }]);
    expect(ofType(all, 'end')[0].end).toMatchObject({ epochs: 3, interrupted: false });
    const mistake = last?.mistakes[0];
    const { samples } = (await (await get(`api/run/sample?index=${mistake?.index}`)).json()) as SamplesAnswer;
    expect(samples[0]).toMatchObject({ index: mistake?.index, label: mistake?.label });

    expect(await (await get('api/model')).text()).toBe(await readFile(join(cwd, 'model.json'), 'utf8'));
    const info = (await (await get('api/info')).json()) as PageInfo;
    expect(info).toMatchObject({
      run: true,
      model: { name: 'model.json', shape: [28, 28] },
      samples: { count: 40, rows: 28 },
    });

    child.kill('SIGINT');
    const { code, stdout, stderr } = await result;
    expect(code).toBe(0);
    const events = jsonLines(stdout);
    expect(events.map(({ event }) => event)).toEqual(['start', 'epoch', 'epoch', 'epoch', 'end']);
    expect(events.at(-1).sha256).toBe(info.model?.sha256);
    expect(events[0].config).not.toHaveProperty('ui');
    expect(stderr).toMatch(/^the page is at http:\/\/127\.0\.0\.1:\d+\/\nthe run is over; [^\n]+\n$/);
  },
);

signals('the model is byte for byte that of the run without a page, watched or not', async () => {
  const same = shortTraining('--epochs', '40', '--batch-size', '8', '--seed', '7');
  await mlp([...same, '--out', 'plain.json'], { cwd });
  const { child, result, messages, told } = await serving([...same, '--ui', '--out', 'shown.json'], { cwd });
  await messages(({ type }) => type === 'end');
  await told('the run is over');
  child.kill('SIGTERM');
  expect((await result).code).toBe(0);
  expect(await readFile(join(cwd, 'shown.json'), 'utf8')).toBe(
    await readFile(join(cwd, 'plain.json'), 'utf8'),
  );
});

signals('a signal that comes with the last line is not lost', async () => {
  for (let i = 0; i < 3; i++) {
    const { child, result } = await serving(shortTraining('--ui', '--quiet'), { cwd });
    child.stderr.on('data', (text) => text.includes('the run is over') && child.kill('SIGINT'));
    expect(await result).toMatchObject({ code: 0, signal: null });
  }
});

signals('pausing, resuming and stopping from the page; stop again ends the command', async () => {
  const { result, post, messages, get, told } = await serving(longTraining('--ui', '--json'), { cwd });
  await messages(({ type }) => type === 'epoch');
  const asked = performance.now();
  expect(await post('api/run/pause')).toBe(204);
  const paused = (await messages(isState('paused'))).at(-1);
  const stopped = performance.now();
  const count = async () =>
    ofType(await messages(({ type }) => type === 'state'), 'epoch').at(-1)?.epoch.epoch;
  const stoodAt = await count();
  await new Promise((resolve) => setTimeout(resolve, 400));
  expect(await count()).toBe(stoodAt);
  expect(paused).toMatchObject({ secondsLeft: expect.any(Number) });
  // Listening before it is asked: later states tell of later times.
  let hears = () => {};
  const listening = new Promise<void>((resolve) => {
    hears = resolve;
  });
  const resuming = messages((message) => {
    if (isState('paused')(message)) hears();
    return isState('running')(message);
  });
  await listening;
  const pause = performance.now() - stopped;
  expect(await post('api/run/resume')).toBe(204);
  const resumed = (await resuming).at(-1);
  // The pause does not count: on a slow machine the steps on both sides of it may.
  const counted = (resumed as { seconds: number }).seconds - (paused as { seconds: number }).seconds;
  expect(1000 * counted).toBeLessThan(performance.now() - asked - pause);
  await messages(
    ({ type, ...rest }) =>
      type === 'epoch' && (rest as { epoch: { epoch: number } }).epoch.epoch > (stoodAt ?? 0),
  );

  expect(await post('api/run/pause')).toBe(204);
  await messages(isState('paused'));
  expect(await post('api/run/stop')).toBe(204);
  const ended = await messages(({ type }) => type === 'end');
  expect(ofType(ended, 'end')[0].end.interrupted).toBe(true);
  await told('the run is over');
  expect((await get('api/model')).status).toBe(200);
  expect(await post('api/run/stop')).toBe(204);
  const { code, stdout } = await result;
  expect(code).toBe(0);
  expect(jsonLines(stdout).at(-1)).toMatchObject({ event: 'end', interrupted: true, model: 'model.json' });
});

signals.each([
  ['SIGINT', 130],
  ['SIGTERM', 143],
] as const)(
  '%s during the run saves the model and ends with %i, with the page open',
  async (signal, code) => {
    const { child, result, messages } = await serving(longTraining('--ui', '--json'), { cwd });
    await messages(({ type }) => type === 'epoch');
    const listening = messages(() => false).catch((error) => error);
    child.kill(signal);
    const ended = await result;
    expect(ended.code).toBe(code);
    expect(jsonLines(ended.stdout).at(-1)).toMatchObject({ event: 'end', interrupted: true });
    expect(await listening).toBeInstanceOf(Error);
  },
);

signals('a page that closes, and one that comes and goes, disturb nothing', async () => {
  const { child, result, messages } = await serving(longTraining('--ui', '--quiet'), { cwd });
  for (let i = 0; i < 5; i++) await messages(({ type }) => type === 'steps' || type === 'epoch');
  const all = await messages(({ type }) => type === 'state');
  expect(all[0].type).toBe('start');
  const [steps] = ofType(all, 'steps');
  expect(steps.firstStep).toBe(1);
  child.kill('SIGINT');
  expect((await result).code).toBe(130);
});

signals('a run that diverges is still shown, and its exit code is 5', async () => {
  const { child, result, messages, told } = await serving(
    shortTraining('--ui', '--json', '--learning-rate', '1e30'),
    { cwd },
  );
  await told('the run is over');
  const all = await messages(({ type }) => type === 'failed');
  expect(ofType(all, 'state')).toMatchObject([{ state: 'diverged' }]);
  child.kill('SIGINT');
  const { code, stderr } = await result;
  expect(code).toBe(5);
  expect(stderr).toContain(`error: ${ofType(all, 'failed')[0].message}\n`);
});

describe('what does not fit', () => {
  test.each([
    [['--host', '127.0.0.1'], '--host', '--ui'],
    [['--port', '6570'], '--port', '--ui'],
    [['--no-open'], '--no-open', '--ui'],
    [['--ui', '--port', 'x'], '--port', 'x'],
    [['--ui', '--port', '65536'], '--port', '65536'],
    [['--ui', '--host', 'a b'], '--host', 'a b'],
    [['--ui', '--host', '192.0.2.1'], '--host', '192.0.2.1'],
    [['--ui', '--repeat', '2'], '--repeat', '--ui'],
    [['--ui', '--find-learning-rate'], '--ui', '--find-learning-rate'],
  ])('%j', async (args, ...words) => {
    expectError(await mlp(shortTraining(...args), { cwd }), 2, ...words);
  });

  test('data that are missing end it at once, without a page', async () => {
    expectError(await mlp(['train', '--ui', '--data', 'nowhere'], { cwd }), 3, 'nowhere');
  });
});
