/** A server with a page of three files and a few samples, and requests to it as browsers and others make them. */

import { request as httpRequest, type IncomingHttpHeaders } from 'node:http';
import { connect } from 'node:net';
import type { Samples } from '../../../src/kernels/matrix.ts';
import type { PageContent } from '../../../src/web/server/content.ts';
import { ImageSamples } from '../../../src/web/server/image-samples.ts';
import { LiveRun, type RunActions } from '../../../src/web/server/live-run.ts';
import type { PageFile } from '../../../src/web/server/page-files.ts';
import { PageServer, type ServerOptions } from '../../../src/web/server/server.ts';

const file = (type: string, text: string): PageFile => ({
  type,
  bytes: Buffer.from(text),
  etag: `"${type}"`,
});
export const files = new Map<string, PageFile>([
  ['index.html', file('text/html; charset=utf-8', '<!doctype html><title>mlp</title>')],
  ['app.js', file('text/javascript; charset=utf-8', 'const ä = 1;')],
  ['fonts/main.woff2', file('font/woff2', 'font')],
]);

/** Three images of 2 × 2 pixels, and their classes. */
export const samples: Samples = {
  count: 3,
  cols: 4,
  values: Uint8Array.from([0, 1, 2, 3, 4, 5, 6, 7, 252, 253, 254, 255]),
  scale: 1 / 255,
  labels: Uint8Array.of(1, 0, 1),
  classes: 2,
};

export const images = ImageSamples.of(samples, [2, 2], ['no', 'yes']) as ImageSamples;

/** What has been asked of the run. */
export const asked: string[] = [];
export const control: RunActions = {
  pause: () => asked.push('pause'),
  resume: () => asked.push('resume'),
  stop: () => asked.push('stop'),
};

export function contentWith(more: Partial<PageContent> = {}): PageContent {
  return {
    version: '1.2.3',
    model: {
      summary: { name: 'digits.json', sha256: 'ab'.repeat(32), shape: [28, 28] },
      text: '{"format":"mlp-model"}\n',
    },
    samples: images,
    compare: [{ name: 'run.ndjson', kind: 'run-log', text: '{"event":"start"}\n' }],
    run: new LiveRun(control),
    ...more,
  };
}

const open: PageServer[] = [];

/** A server on any free port. */
export async function serve(options: Partial<ServerOptions> = {}): Promise<PageServer> {
  const server = await PageServer.listen({ files, content: contentWith(), port: 0, ...options });
  open.push(server);
  return server;
}

/** For `afterEach`. */
export async function closeAll(): Promise<void> {
  await Promise.all(open.splice(0).map((server) => server.close()));
}

export interface Reply {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** A request with exactly these headers; Host is the server's own unless it is among them. */
export function ask(
  port: number,
  path: string,
  {
    method = 'GET',
    headers = {},
    body,
    address = '127.0.0.1',
  }: { method?: string; headers?: Record<string, string>; body?: string; address?: string } = {},
): Promise<Reply> {
  return new Promise((resolve, reject) => {
    const request = httpRequest({ host: address, port, path, method, headers, agent: false }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () =>
        resolve({
          status: response.statusCode ?? 0,
          headers: response.headers,
          body: Buffer.concat(chunks).toString(),
        }),
      );
    });
    request.on('error', reject);
    request.end(body);
  });
}

/** Bytes as they are, on a connection of their own; the first line of the answer. */
export function raw(port: number, text: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => socket.write(text));
    let answer = '';
    socket.setEncoding('latin1').on('data', (chunk) => {
      answer += chunk;
    });
    socket.on('error', reject);
    socket.on('close', () => resolve(answer.split('\r\n')[0]));
    socket.setTimeout(5_000, () => socket.destroy());
  });
}
