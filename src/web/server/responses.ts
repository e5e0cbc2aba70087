/** How the page's server reads requests and writes answers: every one of them with the headers that keep it safe. */

import type { IncomingMessage, ServerResponse } from 'node:http';
import type { RouteResponse } from './routes.ts';

/** The largest body that is taken in; no request needs one. */
export const MAX_BODY = 64 << 10;

/** Nothing but the page's own files, the kernels that they compile, and pictures that they draw. */
export const SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self' 'wasm-unsafe-eval'",
  "style-src 'self'",
  "img-src 'self' data: blob:",
  "font-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

const HEADERS = {
  'Content-Security-Policy': SECURITY_POLICY,
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Cross-Origin-Opener-Policy': 'same-origin',
};

/** Begins a stream of events. */
export function eventHead(response: ServerResponse): void {
  response.writeHead(200, {
    ...HEADERS,
    'Content-Type': 'text/event-stream; charset=utf-8',
    'Cache-Control': 'no-store',
    Connection: 'close',
  });
}

/** Takes in the body and forgets it, at most `MAX_BODY` of it. */
export function readToEnd(request: IncomingMessage, then: (fits: boolean) => void): void {
  let bytes = Number(request.headers['content-length'] ?? 0);
  let settled = false;
  const settle = (fits: boolean) => {
    if (settled) return;
    settled = true;
    then(fits);
  };
  if (bytes > MAX_BODY) {
    settle(false);
    return;
  }
  bytes = 0;
  request.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes > MAX_BODY) settle(false);
  });
  request.on('end', () => settle(true));
}

/** Writes an answer that is whole. */
export function send(
  request: IncomingMessage,
  response: ServerResponse,
  answered: Exclude<RouteResponse, { kind: 'events' }>,
): void {
  switch (answered.kind) {
    case 'file': {
      const { bytes, type, etag } = answered.file;
      const cached = { ETag: etag, 'Cache-Control': 'no-cache' };
      const known = request.headers['if-none-match']?.split(',').some((tag) => tag.trim() === etag);
      if (known) response.writeHead(304, { ...HEADERS, ...cached }).end();
      else write(request, response, 200, type, bytes, cached);
      break;
    }
    case 'text':
      write(request, response, 200, answered.type, answered.text, {});
      break;
    case 'done':
      response.writeHead(204, { ...HEADERS, 'Cache-Control': 'no-store' }).end();
      break;
    case 'refused': {
      const allow = answered.allow === undefined ? {} : { Allow: answered.allow };
      write(request, response, answered.status, 'text/plain; charset=utf-8', `${answered.line}\n`, allow);
    }
  }
}

/** A whole answer; to HEAD its head alone. What is not a file is not to be kept. */
export function write(
  request: IncomingMessage,
  response: ServerResponse,
  status: number,
  type: string,
  body: string | Buffer,
  more: Record<string, string>,
): void {
  response.writeHead(status, {
    ...HEADERS,
    'Content-Type': type,
    'Content-Length': Buffer.byteLength(body),
    'Cache-Control': 'no-store',
    ...more,
  });
  response.end(request.method === 'HEAD' ? undefined : body);
}
