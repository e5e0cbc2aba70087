/** Who may ask the page's server for anything: the rules on Host, token, Origin and method. */

import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { isIP } from 'node:net';
import { hostname } from 'node:os';

/** Where the server listens and what it wants to see. */
export interface Access {
  readonly port: number;
  /** The name of the address it listens on, as `hostName` gives it; loopback alone without. */
  readonly host?: string;
  /** What every request must bring; none on loopback. */
  readonly secrets?: Secrets;
}

/** What lets a request in. */
export interface Secrets {
  /** In the printed address, or a bearer. */
  readonly token: string;
  /** In the cookie that the page gets for it. */
  readonly session: string;
  /** In an address, each of them once. */
  readonly codes: Set<string>;
}

/** The parts of a request that decide. */
export interface Asked {
  readonly method: string;
  readonly path: string;
  /** What follows the `?` of the address, or ''. */
  readonly query: string;
  readonly headers: IncomingHttpHeaders;
  /** How many Host headers there are: of several, nobody knows which one a proxy or browser meant. */
  readonly hosts: number;
}

/** Why a request gets nothing. */
export interface Refusal {
  readonly status: 400 | 401 | 403 | 405;
  readonly line: string;
}

/** The methods that read; the only other one is POST, which changes what a run does. */
export const READING = ['GET', 'HEAD'];

/** Addresses that mean all of a machine's. */
const WILDCARDS = ['0.0.0.0', '[::]'];

/**
 * Why the request is refused, or undefined. A foreign page cannot pass: its name is not in Host even where its DNS
 * answers with our address, its Origin is not ours, and a request without Origin must not be one that a page made
 * elsewhere.
 */
export function refusal(asked: Asked, access: Access): Refusal | undefined {
  const { method, headers } = asked;
  if (asked.hosts > 1) return { status: 400, line: 'expected one Host header, got several' };
  const host = headers.host?.toLowerCase() ?? '';
  if (!isOurHost(host, access)) {
    return { status: 403, line: `expected the Host of this server, got "${shown(host)}"` };
  }
  if (access.secrets !== undefined && !isKnown(asked, access.secrets, access.port)) {
    return { status: 401, line: 'expected the token: open the whole address that mlp printed' };
  }
  const ownOrigin = `http://${host}`;
  const { origin } = headers;
  if (origin !== undefined && origin !== ownOrigin) {
    return { status: 403, line: `expected a request of this page, got the Origin "${shown(origin)}"` };
  }
  if (method !== 'POST' && !READING.includes(method)) {
    return { status: 405, line: `expected GET, HEAD or POST, got ${shown(method)}` };
  }
  const site = headers['sec-fetch-site'];
  // Following a link here from elsewhere is well; drawing on us from another page is not.
  const foreign = site === 'cross-site' || site === 'same-site';
  if (foreign && (method === 'POST' || headers['sec-fetch-mode'] !== 'navigate')) {
    return { status: 403, line: 'expected a request of this page, got one of another' };
  }
  if (method === 'POST' && origin === undefined && site !== 'same-origin') {
    return { status: 403, line: 'expected an Origin of this page with POST, got none' };
  }
  return undefined;
}

/** The cookie that stands for the token in the page's own requests; ports share cookies, so its name has the port. */
export const cookieName = (port: number): string => `mlp-token-${port}`;

/** Whether the request brings a secret: in the address, as a bearer, or in the page's cookie. */
function isKnown({ path, query, headers }: Asked, secrets: Secrets, port: number): boolean {
  const cookie = (headers.cookie ?? '')
    .split(';')
    .map((part) => part.trim())
    .find((part) => part.startsWith(`${cookieName(port)}=`));
  const bearer = /^Bearer (\S+)$/i.exec(headers.authorization ?? '');
  return (
    hasToken(query, secrets) ||
    isEntry(path, query, secrets) ||
    same(bearer?.[1], secrets.token) ||
    same(cookie?.slice(cookieName(port).length + 1), secrets.session)
  );
}

const hasToken = (query: string, { token }: Secrets) =>
  same(new URLSearchParams(query).get('token') ?? undefined, token);

/** Whether the address is that of the page, with the token or a code that nobody has used. */
export function isEntry(path: string, query: string, secrets: Secrets): boolean {
  if (path !== '/' && path !== '/index.html') return false;
  const code = new URLSearchParams(query).get('code') ?? undefined;
  return hasToken(query, secrets) || [...secrets.codes].some((one) => same(code, one));
}

/** Takes as long for a near miss as for any other: digests are compared, which are of one length. */
function same(token: string | undefined, expected: string): boolean {
  if (token === undefined) return false;
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(token), digest(expected));
}

function isOurHost(host: string, { host: given, port }: Access): boolean {
  const name = withoutPort(host, port);
  if (name === undefined) return false;
  if (given === undefined) return ['localhost', '127.0.0.1', '[::1]'].includes(name);
  if (!WILDCARDS.includes(given)) return name === given;
  // Reached by any of the machine's addresses. An address cannot be rebound, only a name can.
  return (
    ['localhost', hostname().toLowerCase()].includes(name) || isIP(name.replace(/^\[(.*)\]$/, '$1')) !== 0
  );
}

/** The name of a Host header for this port, or undefined; port 80 goes without saying. */
function withoutPort(host: string, port: number): string | undefined {
  if (host.endsWith(`:${port}`)) return host.slice(0, -`:${port}`.length);
  return port === 80 ? host : undefined;
}

/** An address or name as browsers write it: `[fd00::1]` for `FD00:0::1`. */
export const hostName = (host: string): string =>
  new URL(`http://${isIP(host) === 6 ? `[${host}]` : host}`).hostname;

/** Whether the address, by its `hostName`, means all of the machine's. */
export const isWildcard = (name: string): boolean => WILDCARDS.includes(name);

/** Foreign text, short and without control characters. */
const shown = (text: string) => text.slice(0, 80).replaceAll(/[^\x20-\x7e]/g, '?');
