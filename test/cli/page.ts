/** Commands that serve the page: their address, and what the page would ask and hear. */

import { expect } from 'vitest';
import type { RunMessage } from '../../src/web/protocol.ts';
import { type Running, start } from './run.ts';

export interface Serving extends Running {
  readonly url: URL;
  /** Settles when stdout or stderr holds the text. */
  told(text: string | RegExp): Promise<void>;
  get(path: string): Promise<Response>;
  /** Asks as the page does; gives the status. */
  post(path: string): Promise<number>;
  /** The messages of the run until one fits. */
  messages(until: (message: RunMessage) => boolean): Promise<RunMessage[]>;
}

/** Starts the command on any free port and waits until it serves. */
export async function serving(
  args: readonly string[],
  options: Parameters<typeof start>[1],
): Promise<Serving> {
  const running = start([...args, '--port', '0'], { timeout: 60_000, ...options });
  let output = '';
  for (const stream of [running.child.stdout, running.child.stderr]) {
    stream.on('data', (text) => {
      output += text;
    });
  }
  const told = (text: string | RegExp) =>
    new Promise<void>((resolve, reject) => {
      const look = () => (typeof text === 'string' ? output.includes(text) : text.test(output)) && resolve();
      running.child.stdout.on('data', look);
      running.child.stderr.on('data', look);
      running.child.on('close', () => reject(new Error(`ended without telling ${text}: ${output}`)));
      look();
    });
  await told(/http:\/\/\S+/);
  const url = new URL(/http:\/\/[^\s"]+/.exec(output)?.[0] ?? '');
  const at = (path: string) => {
    const target = new URL(path, url);
    for (const [name, value] of url.searchParams) target.searchParams.set(name, value);
    return target;
  };
  const get = (path: string) => fetch(at(path));
  const post = async (path: string) =>
    (await fetch(at(path), { method: 'POST', headers: { Origin: url.origin } })).status;
  const messages = async (until: (message: RunMessage) => boolean) => {
    const leave = new AbortController();
    const response = await fetch(at('api/run/events'), { signal: leave.signal });
    expect(response.status).toBe(200);
    const found: RunMessage[] = [];
    let text = '';
    for await (const chunk of (response.body as ReadableStream<Uint8Array<ArrayBuffer>>).pipeThrough(
      new TextDecoderStream(),
    )) {
      const parts = (text + chunk).split('\n\n');
      text = parts.pop() ?? '';
      for (const part of parts.filter((one) => one.startsWith('data: '))) {
        const message = JSON.parse(part.slice(6)) as RunMessage;
        found.push(message);
        if (!until(message)) continue;
        leave.abort();
        return found;
      }
    }
    throw new Error(`the stream ended after ${found.map(({ type }) => type)}`);
  };
  return { ...running, url, told, get, post, messages };
}
