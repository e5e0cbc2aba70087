/** The HTTP server of the page: listening, the rules for every request, and a clean end. */

import { randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { networkInterfaces } from 'node:os';
import {
  type Access,
  cookieName,
  hostName,
  isEntry,
  isWildcard,
  READING,
  refusal,
  type Secrets,
} from './access.ts';
import type { PageContent } from './content.ts';
import { EventStreams, MAX_STREAMS } from './event-stream.ts';
import type { PageFiles } from './page-files.ts';
import { eventHead, MAX_BODY, readToEnd, send, write } from './responses.ts';
import { answer } from './routes.ts';

/** How many ports are tried where another may be taken, before any that is free. */
const NEXT_PORTS = 20;
const MAX_PORT = 65535;

const MAX_HEADERS = 16 << 10;
const MAX_CONNECTIONS = 256;
const TOKEN_BYTES = 24;
/** Milliseconds that a browser has to open an address with a code. */
const CODE_LIFETIME = 60_000;
/**
 * Goes on to the page, in whose address there is no secret. Another page may have led here, whose redirects the browser follows
 * without the cookie, but not what this page does.
 */
const ENTRANCE =
  '<!doctype html><meta http-equiv="refresh" content="0;url=/"><title>mlp</title><a href="/">mlp</a>\n';

export interface ServerOptions {
  readonly files: PageFiles;
  readonly content: PageContent;
  /** The address to listen on, and then a token is asked for; loopback alone without. */
  readonly host?: string;
  /** The port to listen on, 0 for any. */
  readonly port: number;
  /** Whether the next port will do where that one is taken. */
  readonly orNext?: boolean;
}

/** A server that is listening. */
export class PageServer {
  /** What to open in a browser, with the token if there is one. */
  readonly url: string;
  readonly port: number;
  readonly #servers: readonly Server[];
  readonly #streams: EventStreams;
  readonly #secrets: Secrets | undefined;

  private constructor(servers: readonly Server[], access: Access, streams: EventStreams) {
    this.#servers = servers;
    this.#streams = streams;
    this.port = access.port;
    this.#secrets = access.secrets;
    const host = access.host === undefined ? '127.0.0.1' : reachable(access.host);
    const { token } = access.secrets ?? {};
    this.url = `http://${host}:${access.port}/${token === undefined ? '' : `?token=${token}`}`;
  }

  /**
   * An address for one browser: other users of the machine see it among the words of the program that opens it, so that it
   * lets in once, and for a minute.
   */
  urlForOne(): string {
    if (this.#secrets === undefined) return this.url;
    const { codes } = this.#secrets;
    const code = secret();
    codes.add(code);
    setTimeout(() => codes.delete(code), CODE_LIFETIME).unref();
    return this.url.replace(/\?.*/, `?code=${code}`);
  }

  /** @throws the system's error if the host is none of this machine's, or the port is taken or not ours to take */
  static async listen({ files, content, host, port, orNext }: ServerOptions): Promise<PageServer> {
    const streams = new EventStreams();
    const next = Array.from({ length: NEXT_PORTS }, (_, i) => port + i).filter((one) => one <= MAX_PORT);
    const ports = orNext ? [...next, 0] : [port];
    const known = {
      ...(host !== undefined && {
        host: hostName(host),
        secrets: { token: secret(), session: secret(), codes: new Set<string>() },
      }),
    };
    let failure: unknown;
    for (const candidate of ports) {
      let access: Access = { ...known, port: candidate };
      const handle = (request: IncomingMessage, response: ServerResponse) =>
        respond(request, response, access, files, content, streams);
      try {
        const servers = await listenOn(host, candidate, handle);
        access = { ...known, port: (servers[0].address() as AddressInfo).port };
        return new PageServer(servers, access, streams);
      } catch (error) {
        failure = error;
        if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error;
      }
    }
    throw failure;
  }

  /** Ends the streams, answers what is being answered, and gives the port back. */
  async close(): Promise<void> {
    this.#streams.close();
    const closed = this.#servers.map(
      (server) => new Promise<void>((resolve) => server.close(() => resolve())),
    );
    for (const server of this.#servers) server.closeIdleConnections();
    const impatience = setTimeout(() => {
      for (const server of this.#servers) server.closeAllConnections();
    }, 300);
    await Promise.all(closed);
    clearTimeout(impatience);
  }
}

const secret = () => randomBytes(TOKEN_BYTES).toString('base64url');

type Handle = (request: IncomingMessage, response: ServerResponse) => void;

/** One server a loopback address, since a browser may take `localhost` for either; else one on the host. */
async function listenOn(host: string | undefined, port: number, handle: Handle): Promise<Server[]> {
  const first = await listening(host ?? '127.0.0.1', port, handle);
  if (host !== undefined) return [first];
  try {
    return [first, await listening('::1', (first.address() as AddressInfo).port, handle)];
  } catch (error) {
    // A machine without IPv6 has no ::1.
    if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') return [first];
    await new Promise((resolve) => first.close(resolve));
    throw error;
  }
}

function listening(host: string, port: number, handle: Handle): Promise<Server> {
  const server = createServer(
    {
      maxHeaderSize: MAX_HEADERS,
      headersTimeout: 10_000,
      requestTimeout: 30_000,
      keepAliveTimeout: 5_000,
      connectionsCheckingInterval: 5_000,
    },
    handle,
  );
  server.maxConnections = MAX_CONNECTIONS;
  // A stream is written to more often; who takes nothing for so long has gone.
  server.timeout = 60_000;
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen({ host, port, ipv6Only: host === '::1' }, () => {
      server.removeListener('error', reject);
      resolve(server);
    });
  });
}

function respond(
  request: IncomingMessage,
  response: ServerResponse,
  access: Access,
  files: PageFiles,
  content: PageContent,
  streams: EventStreams,
): void {
  const { method = '', url = '', headers, rawHeaders } = request;
  const mark = url.indexOf('?');
  const [path, query] = mark === -1 ? [url, ''] : [url.slice(0, mark), url.slice(mark + 1)];
  const hosts = rawHeaders.filter((name, i) => i % 2 === 0 && name.toLowerCase() === 'host').length;
  const refuse = (status: number, line: string, more: Record<string, string> = {}) =>
    write(request, response, status, 'text/plain; charset=utf-8', `${line}\n`, more);

  const refused = refusal({ method, path, query, headers, hosts }, access);
  if (refused !== undefined) {
    const allow = refused.status === 405 ? { Allow: 'GET, HEAD, POST' } : {};
    // What else such a client sends is not read.
    refuse(refused.status, refused.line, { ...allow, Connection: 'close' });
    return;
  }
  const { secrets } = access;
  if (secrets !== undefined && isEntry(path, query, secrets)) {
    const code = new URLSearchParams(query).get('code');
    if (code !== null && method !== 'HEAD') secrets.codes.delete(code);
    write(request, response, 200, 'text/html; charset=utf-8', ENTRANCE, {
      'Set-Cookie': `${cookieName(access.port)}=${secrets.session}; HttpOnly; SameSite=Strict; Path=/`,
    });
    return;
  }
  readToEnd(request, (fits) => {
    if (!fits) {
      refuse(413, `expected a body of at most ${MAX_BODY} bytes`, { Connection: 'close' });
      return;
    }
    const reading = READING.includes(method);
    const answered = answer(path, query, reading, files, content);
    if (answered.kind !== 'events') {
      send(request, response, answered);
    } else if (streams.full) {
      refuse(503, `expected at most ${MAX_STREAMS} pages that watch at once`, { 'Retry-After': '5' });
    } else {
      eventHead(response);
      if (method === 'HEAD') response.end();
      else streams.add(response, answered.run);
    }
  });
}

/** An address that other machines can open, where the host means all of this one's. */
function reachable(host: string): string {
  if (!isWildcard(host)) return host;
  const outside = Object.values(networkInterfaces())
    .flatMap((addresses) => addresses ?? [])
    .filter(({ internal, address }) => !internal && !address.startsWith('fe80'))
    .find(({ family }) => family === 'IPv4' || host !== '0.0.0.0');
  if (outside === undefined) return host === '0.0.0.0' ? '127.0.0.1' : '[::1]';
  return hostName(outside.address);
}
