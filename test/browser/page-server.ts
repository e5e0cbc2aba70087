/** Serves the built page with made-up answers, for tests of a view that need no run. */

import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { readPageFiles } from '../../src/web/server/page-files.ts';

/** What `api/…` answers, by the path without its query: text as it is, else JSON, or a function of the query. */
export type Answers = Readonly<
  Record<string, string | object | ((query: URLSearchParams) => string | object)>
>;

/** A server that runs. */
export interface PageServer {
  /** `http://127.0.0.1:…/` */
  readonly address: string;
  close(): Promise<void>;
}

/** Starts it on a free port of the loopback address. */
export async function servePage(answers: Answers): Promise<PageServer> {
  const files = await readPageFiles();
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://localhost');
    const path = url.pathname.slice(1) || 'index.html';
    const file = files.get(path);
    const answer = answers[path];
    if (file !== undefined) {
      response.writeHead(200, { 'Content-Type': file.type }).end(file.bytes);
    } else if (answer === undefined) {
      response.writeHead(404).end();
    } else {
      const body = typeof answer === 'function' ? answer(url.searchParams) : answer;
      const type = typeof body === 'string' ? 'text/plain; charset=utf-8' : 'application/json';
      response
        .writeHead(200, { 'Content-Type': type })
        .end(typeof body === 'string' ? body : JSON.stringify(body));
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    address: `http://127.0.0.1:${port}/`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
