/** A run's messages to pages that watch: history, then live; slow readers, and how many there may be. */

import { request } from 'node:http';
import { connect } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import type { RunMessage } from '../../../src/web/protocol.ts';
import { LiveRun } from '../../../src/web/server/live-run.ts';
import { ask, closeAll, contentWith, control, serve } from './requests.ts';

afterEach(closeAll);

const start: RunMessage = {
  type: 'start',
  start: {
    event: 'start',
    parameters: 1,
    trainSamples: 1,
    validationSamples: 0,
    testSamples: 0,
    batchesPerEpoch: 1,
    epochs: 1,
  },
  config: {},
  classes: ['0'],
};
const failed = (message: string): RunMessage => ({ type: 'failed', message });
const steps = (firstStep: number, losses: number[]): RunMessage => ({
  type: 'steps',
  firstStep,
  stride: 1,
  losses,
  accuracies: losses.map(() => 0.5),
  learningRates: losses.map(() => 0.1),
});

interface Reader {
  readonly status: number;
  readonly messages: RunMessage[];
  has(count: number): Promise<void>;
  close(): void;
  readonly closed: Promise<unknown>;
}

function read(port: number): Promise<Reader> {
  return new Promise((resolve, reject) => {
    const asking = request({ port, host: '127.0.0.1', path: '/api/run/events', agent: false }, (response) => {
      const messages: RunMessage[] = [];
      let text = '';
      let heard = () => {};
      response.setEncoding('utf8').on('data', (chunk) => {
        const parts = (text + chunk).split('\n\n');
        text = parts.pop() ?? '';
        for (const part of parts) {
          if (part.startsWith('data: ')) messages.push(JSON.parse(part.slice(6)));
        }
        heard();
      });
      response.on('error', () => {});
      resolve({
        status: response.statusCode ?? 0,
        messages,
        has: async (count) => {
          while (messages.length < count) {
            await new Promise<void>((done) => {
              heard = done;
            });
          }
        },
        close: () => asking.destroy(),
        closed: new Promise((done) => response.on('close', done)),
      });
    });
    asking.on('error', reject);
    asking.end();
  });
}

const until = async (holds: () => boolean) => {
  while (!holds()) await new Promise((resolve) => setTimeout(resolve, 5));
};

test('who comes late has the whole history, then what happens', async () => {
  const run = new LiveRun(control);
  const { port } = await serve({ content: contentWith({ run }) });
  run.publish(start);
  run.publish(steps(1, [3, 2]));
  const early = await read(port);
  await early.has(2);
  run.publish(steps(3, [1]));
  await early.has(3);
  expect(early.messages).toEqual([start, steps(1, [3, 2]), steps(3, [1])]);
  const late = await read(port);
  await late.has(2);
  expect(late.messages).toEqual([start, steps(1, [3, 2, 1])]);
  run.publish(failed('ä\nb'));
  await Promise.all([early.has(4), late.has(3)]);
  expect(late.messages[2]).toEqual(failed('ä\nb'));
});

test('a page that closes is forgotten, and one that opens again misses nothing', async () => {
  const run = new LiveRun(control);
  const { port } = await serve({ content: contentWith({ run }) });
  run.publish(start);
  const first = await read(port);
  await first.has(1);
  expect(run.watched).toBe(true);
  first.close();
  await until(() => !run.watched);
  run.publish(steps(1, [2]));
  const second = await read(port);
  await second.has(2);
  expect(second.messages).toEqual([start, steps(1, [2])]);
});

test('the head tells what it is', async () => {
  const { port } = await serve();
  const { status, headers, body } = await ask(port, '/api/run/events', { method: 'HEAD' });
  expect([status, body]).toEqual([200, '']);
  expect(headers).toMatchObject({
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
  });
});

test('the 33rd page is refused, until another closes', async () => {
  const run = new LiveRun(control);
  const { port } = await serve({ content: contentWith({ run }) });
  const readers = await Promise.all(Array.from({ length: 32 }, () => read(port)));
  expect(readers.every(({ status }) => status === 200)).toBe(true);
  const refused = await ask(port, '/api/run/events');
  expect(refused).toMatchObject({ status: 503, body: 'expected at most 32 pages that watch at once\n' });
  expect((await ask(port, '/api/info')).status).toBe(200);
  readers[0].close();
  let status = 503;
  for (let i = 0; i < 200 && status === 503; i++) {
    const again = await read(port);
    status = again.status;
    if (status === 503) await new Promise((resolve) => setTimeout(resolve, 10));
  }
  expect(status).toBe(200);
});

test('a reader that takes nothing is let go of, and the others hear everything', async () => {
  const run = new LiveRun(control);
  const { port } = await serve({ content: contentWith({ run }) });
  const stuck = connect(port, '127.0.0.1');
  stuck.on('error', () => {});
  stuck.write(`GET /api/run/events HTTP/1.1\r\nHost: localhost:${port}\r\n\r\n`);
  stuck.pause();
  await until(() => run.watched);
  const quick = await read(port);
  const long = 'x'.repeat(100_000);
  const gone = new Promise<void>((resolve) => stuck.on('close', () => resolve()));
  let sent = 0;
  for (; sent < 200; sent++) {
    run.publish(failed(long));
    await new Promise((resolve) => setImmediate(resolve));
  }
  await quick.has(sent);
  expect(quick.messages).toHaveLength(sent);
  quick.close();
  // Nobody listens any more, though the stuck reader has closed nothing.
  await until(() => !run.watched);
  expect(stuck.closed).toBe(false);
  stuck.resume();
  await gone;
});

test('a long history waits for a slow reader, and is no reason to let go of it', async () => {
  const run = new LiveRun(control);
  const { port } = await serve({ content: contentWith({ run }) });
  for (let i = 0; i < 20; i++) {
    run.publish({
      type: 'snapshot',
      step: i,
      epoch: 1,
      layers: [],
      confusion: [[i]],
      mistakes: [],
      receptiveFields: { rows: 1, cols: 1, units: ['x'.repeat(500_000)], scale: [1], total: 1 },
    });
  }
  const slow = connect(port, '127.0.0.1');
  slow.write(`GET /api/run/events HTTP/1.1\r\nHost: localhost:${port}\r\n\r\n`);
  slow.pause();
  await until(() => run.watched);
  for (let i = 0; i < 100; i++) run.publish(steps(i + 1, [i]));
  await new Promise((resolve) => setTimeout(resolve, 50));
  let bytes = 0;
  let text = '';
  slow.setEncoding('latin1').on('data', (chunk: string) => {
    bytes += chunk.length;
    text = (text + chunk).slice(-2000);
  });
  slow.resume();
  await until(() => text.includes('"firstStep":100,'));
  expect(bytes).toBeGreaterThan(10_000_000);
  slow.destroy();
});
