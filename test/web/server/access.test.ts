/** Who is let in: Host, Origin, Sec-Fetch-Site, token and method, over real connections. */

import { hostname } from 'node:os';
import { afterEach, describe, expect, test } from 'vitest';
import type { PageServer } from '../../../src/web/server/server.ts';
import { ask, asked, closeAll, raw, serve } from './requests.ts';

afterEach(closeAll);

const PATHS = ['/', '/app.js', '/fonts/main.woff2', '/api/info', '/api/model', '/api/samples?from=0&count=1'];
const SAFE = {
  'content-security-policy': expect.stringContaining(
    "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'",
  ),
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-resource-policy': 'same-origin',
  'cross-origin-opener-policy': 'same-origin',
};

describe('on loopback', () => {
  test.each(PATHS)('%s is given, with the strict headers', async (path) => {
    const { port } = await serve();
    const { status, headers } = await ask(port, path);
    expect(status).toBe(200);
    expect(headers).toMatchObject(SAFE);
    expect(headers['access-control-allow-origin']).toBeUndefined();
    expect(headers['set-cookie']).toBeUndefined();
    const policy = String(headers['content-security-policy']);
    for (const rule of [
      "connect-src 'self'",
      "base-uri 'none'",
      "form-action 'none'",
      "frame-ancestors 'none'",
    ]) {
      expect(policy).toContain(rule);
    }
    expect(policy).not.toMatch(/unsafe-inline|'unsafe-eval'|\*/);
  });

  test.each(['localhost', '127.0.0.1', '[::1]', 'LOCALHOST'])('Host %s is its own', async (name) => {
    const { port } = await serve();
    expect((await ask(port, '/', { headers: { Host: `${name}:${port}` } })).status).toBe(200);
  });

  test.each([
    'evil.example:PORT',
    'localhost.evil.example:PORT',
    'evil.example',
    'localhost',
    'localhost:1',
    'localhost.:PORT',
    '127.0.0.2:PORT',
    '0.0.0.0:PORT',
    '2130706433:PORT',
    `${hostname()}:PORT`,
    'user@localhost:PORT',
    'localhost:PORT:PORT',
  ])('Host %j is refused', async (name) => {
    const { port } = await serve();
    for (const path of ['/', '/api/model', '/nothing']) {
      const reply = await ask(port, path, { headers: { Host: name.replaceAll('PORT', String(port)) } });
      expect(reply.status).toBe(403);
      expect(reply.headers).toMatchObject(SAFE);
      expect(reply.body).toMatch(/^expected the Host of this server, got [^\n]*\n$/);
    }
  });

  test('no Host, or several, is refused', async () => {
    const { port } = await serve();
    expect(await raw(port, 'GET / HTTP/1.1\r\nConnection: close\r\n\r\n')).toContain(' 400 ');
    expect(await raw(port, 'GET / HTTP/1.1\r\nHost:\r\nConnection: close\r\n\r\n')).toContain(' 403 ');
    expect(await raw(port, 'GET / HTTP/1.0\r\n\r\n')).toContain(' 403 ');
    const two = `GET / HTTP/1.1\r\nHost: localhost:${port}\r\nHost: evil.example\r\nConnection: close\r\n\r\n`;
    expect(await raw(port, two)).toContain(' 400 ');
  });

  test.each([
    'http://evil.example',
    'null',
    'https://localhost:PORT',
    'http://localhost:1',
    'http://127.0.0.1:PORT',
    'http://localhost:PORT.evil.example',
    'http://localhost:PORT/',
    '',
  ])('the Origin %j is refused to localhost, and changes nothing', async (origin) => {
    const { port } = await serve();
    const headers = { Host: `localhost:${port}`, Origin: origin.replace('PORT', String(port)) };
    asked.length = 0;
    expect((await ask(port, '/api/info', { headers })).status).toBe(403);
    expect((await ask(port, '/api/run/stop', { method: 'POST', headers })).status).toBe(403);
    expect(asked).toEqual([]);
  });

  test.each([
    ['cross-site', 'no-cors', 403],
    ['same-site', 'cors', 403],
    ['cross-site', 'navigate', 200],
    ['same-origin', 'cors', 200],
    ['none', 'navigate', 200],
  ])('a GET from %s by %s gets %i', async (site, mode, status) => {
    const { port } = await serve();
    const headers = { 'Sec-Fetch-Site': site, 'Sec-Fetch-Mode': mode };
    expect((await ask(port, '/api/info', { headers })).status).toBe(status);
  });

  test('a POST needs to be of the page', async () => {
    const { port } = await serve();
    const post = (headers: Record<string, string>, path = '/api/run/pause') =>
      ask(port, path, { method: 'POST', headers: { Host: `localhost:${port}`, ...headers } });
    asked.length = 0;
    expect((await post({})).status).toBe(403);
    for (const site of ['cross-site', 'same-site', 'none']) {
      expect((await post({ 'Sec-Fetch-Site': site, 'Sec-Fetch-Mode': 'navigate' })).status).toBe(403);
    }
    expect(asked).toEqual([]);
    expect(await post({ Origin: `http://localhost:${port}` })).toMatchObject({ status: 204, body: '' });
    expect((await post({ 'Sec-Fetch-Site': 'same-origin' }, '/api/run/resume')).status).toBe(204);
    expect(asked).toEqual(['pause', 'resume']);
  });

  test.each(['PUT', 'DELETE', 'PATCH', 'OPTIONS', 'TRACE', 'PROPFIND'])(
    '%s is not allowed',
    async (method) => {
      const { port } = await serve();
      const { status, headers } = await ask(port, '/api/model', { method });
      expect(status).toBe(405);
      expect(headers.allow).toBe('GET, HEAD, POST');
    },
  );

  test('methods keep to their addresses', async () => {
    const { port } = await serve();
    const headers = { Host: `localhost:${port}`, Origin: `http://localhost:${port}` };
    asked.length = 0;
    for (const path of ['/', '/api/info', '/api/model', '/api/run/events', '/api/compare/0']) {
      const reply = await ask(port, path, { method: 'POST', headers });
      expect([path, reply.status, reply.headers.allow]).toEqual([path, 405, 'GET, HEAD']);
    }
    for (const method of ['GET', 'HEAD']) {
      const reply = await ask(port, '/api/run/stop', { method, headers });
      expect([reply.status, reply.headers.allow]).toEqual([405, 'POST']);
    }
    expect(asked).toEqual([]);
  });
});

describe('with a host', () => {
  const tokenOf = ({ url }: PageServer) => new URL(url).searchParams.get('token') ?? '';

  test('the address has a token of 128 bits or more, another one each time', async () => {
    const servers = [await serve({ host: '127.0.0.1' }), await serve({ host: '127.0.0.1' })];
    for (const server of servers) {
      expect(server.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/\?token=[\w-]{22,}$/);
    }
    expect(tokenOf(servers[0])).not.toBe(tokenOf(servers[1]));
  });

  test('without the token nothing is given, be it there or not', async () => {
    const server = await serve({ host: '127.0.0.1' });
    const { port } = server;
    const token = tokenOf(server);
    const wrong = [
      { path: '' },
      { path: '?token=' },
      { path: `?token=${token.slice(0, -1)}` },
      { path: `?token=${token}x` },
      { path: '', headers: { Authorization: `Bearer ${token.toLowerCase()}x` } },
      { path: '', headers: { Authorization: `Basic ${token}` } },
      { path: '', headers: { Cookie: `mlp-token-${port}=x; other=${token}` } },
      { path: '', headers: { Cookie: `mlp-token-${port + 1}=${token}` } },
    ];
    for (const place of ['/', '/app.js', '/api/info', '/api/run/events', '/nothing']) {
      for (const { path, headers } of wrong) {
        const reply = await ask(port, place + path, { ...(headers && { headers }) });
        expect([place, path, reply.status]).toEqual([place, path, 401]);
        expect(reply.body).toMatch(/^expected the token: [^\n]*\n$/);
        expect(reply.headers).toMatchObject(SAFE);
      }
    }
  });

  test('the first request exchanges the token for a cookie, and goes on to an address without it', async () => {
    const server = await serve({ host: '127.0.0.1' });
    const { port } = server;
    const token = tokenOf(server);
    for (const place of ['/', '/index.html']) {
      const entered = await ask(port, `${place}?token=${token}`);
      expect(entered.status).toBe(200);
      expect(entered.headers).toMatchObject({ ...SAFE, 'cache-control': 'no-store' });
      expect(entered.body).toContain('<meta http-equiv="refresh" content="0;url=/">');
      const [cookie] = entered.headers['set-cookie'] ?? [];
      expect(cookie).toMatch(new RegExp(`^mlp-token-${port}=[\\w-]{32}; HttpOnly; SameSite=Strict; Path=/$`));
      expect(JSON.stringify(entered)).not.toContain(token);
      const headers = { Cookie: cookie.split(';')[0] };
      for (const path of PATHS)
        expect([path, (await ask(port, path, { headers })).status]).toEqual([path, 200]);
      expect((await ask(port, '/', { headers })).body).toContain('<title>mlp</title>');
      // The cookie is another secret than the token, and no bearer.
      const [, session] = headers.Cookie.split('=');
      expect((await ask(port, `/api/info?token=${session}`)).status).toBe(401);
      expect((await ask(port, '/api/info', { headers: { Authorization: `Bearer ${session}` } })).status).toBe(
        401,
      );
    }
  });

  test('a program that opens the page gets a code that lets in once', async () => {
    const server = await serve({ host: '127.0.0.1' });
    const { port } = server;
    const [one, other] = [server.urlForOne(), server.urlForOne()].map((url) => new URL(url));
    expect(one.href).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/\?code=[\w-]{32}$/);
    expect(one.href).not.toContain(tokenOf(server));
    expect((await ask(port, `/api/info${one.search}`)).status).toBe(401);
    const first = await ask(port, one.pathname + one.search);
    expect([first.status, first.headers['set-cookie']]).toEqual([200, [expect.stringContaining('HttpOnly')]]);
    expect((await ask(port, one.pathname + one.search)).status).toBe(401);
    expect((await ask(port, other.pathname + other.search)).status).toBe(200);
    const open = await serve();
    expect(open.urlForOne()).toBe(open.url);
  });

  test('a script may bring the token in the address or as a bearer', async () => {
    const server = await serve({ host: '127.0.0.1' });
    const { port } = server;
    const token = tokenOf(server);
    expect((await ask(port, '/api/info', { headers: { Authorization: `Bearer ${token}` } })).status).toBe(
      200,
    );
    expect((await ask(port, `/api/samples?token=${token}&from=0&count=1`)).status).toBe(200);
  });

  test('Host and Origin are still looked at', async () => {
    const server = await serve({ host: '127.0.0.1' });
    const { port } = server;
    const path = `/api/info?token=${tokenOf(server)}`;
    expect((await ask(port, path, { headers: { Host: `localhost:${port}` } })).status).toBe(403);
    expect((await ask(port, path, { headers: { Host: `evil.example:${port}` } })).status).toBe(403);
    expect((await ask(port, path, { headers: { Origin: 'http://evil.example' } })).status).toBe(403);
  });

  test.each([
    ['0:0:0:0:0:0:0:1', '[::1]'],
    ['LOCALHOST', 'localhost'],
    ['127.1', '127.0.0.1'],
  ])('%s is %s to a browser', async (host, name) => {
    const server = await serve({ host }).catch((error) => {
      // A machine without IPv6.
      if (error.code === 'EADDRNOTAVAIL' || error.code === 'EAFNOSUPPORT') return undefined;
      throw error;
    });
    if (server === undefined) return;
    expect(server.url).toMatch(`http://${name}:${server.port}/?token=`);
    const address = name.replaceAll(/[[\]]/g, '');
    const headers = { Host: `${name}:${server.port}` };
    const path = `/api/info?token=${tokenOf(server)}`;
    expect((await ask(server.port, path, { address, headers })).status).toBe(200);
  });

  test('of all addresses any will do, but no name of another', async () => {
    const server = await serve({ host: '0.0.0.0' });
    const { port } = server;
    expect(server.url).not.toContain('0.0.0.0');
    const path = `/api/info?token=${tokenOf(server)}`;
    const statusFor = async (name: string) =>
      (await ask(port, path, { headers: { Host: `${name}:${port}` } })).status;
    for (const name of ['localhost', '127.0.0.1', '192.168.7.7', '[fd00::1]', hostname()]) {
      expect([name, await statusFor(name)]).toEqual([name, 200]);
    }
    for (const name of ['evil.example', '192.168.7.7.evil.example', '1.2.3', '[evil]']) {
      expect([name, await statusFor(name)]).toEqual([name, 403]);
    }
    expect((await ask(port, '/api/info')).status).toBe(401);
  });
});
