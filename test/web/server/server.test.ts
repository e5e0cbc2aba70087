/** What the page's server answers, what it does not have, its limits, its port and its end. */

import { createServer, type Server } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { ask, closeAll, contentWith, raw, serve } from './requests.ts';

afterEach(closeAll);

describe('files', () => {
  test('have their type, their bytes and a tag by which they are not sent again', async () => {
    const { port } = await serve();
    const script = await ask(port, '/app.js');
    expect(script).toMatchObject({ status: 200, body: 'const ä = 1;' });
    expect(script.headers).toMatchObject({
      'content-type': 'text/javascript; charset=utf-8',
      'content-length': '13',
      'cache-control': 'no-cache',
    });
    const tag = String(script.headers.etag);
    const again = await ask(port, '/app.js', { headers: { 'If-None-Match': `"other", ${tag}` } });
    expect(again).toMatchObject({ status: 304, body: '' });
    expect((await ask(port, '/app.js', { headers: { 'If-None-Match': '"other"' } })).status).toBe(200);
    expect((await ask(port, '/?theme=dark')).body).toBe((await ask(port, '/index.html')).body);
  });

  test('HEAD gives the head alone', async () => {
    const { port } = await serve();
    for (const path of ['/', '/app.js', '/api/info', '/nothing']) {
      const [head, whole] = [await ask(port, path, { method: 'HEAD' }), await ask(port, path)];
      expect([head.status, head.body]).toEqual([whole.status, '']);
      expect(head.headers['content-length']).toBe(String(Buffer.byteLength(whole.body)));
    }
  });

  test.each([
    '/app.js/',
    '//app.js',
    '/APP.JS',
    '/app.js%00',
    '/%61pp.js',
    '/fonts',
    '/fonts/',
    '/favicon.ico',
    '/./app.js',
    '/../package.json',
    '/../../../../../../etc/passwd',
    '/fonts/../app.js',
    '/..%2f..%2fpackage.json',
    '/%2e%2e/%2e%2e/etc/passwd',
    '/%252e%252e/etc/passwd',
    '/..\\..\\package.json',
    '/fonts/..;/app.js',
    '//etc/passwd',
    '/file:///etc/passwd',
    '/C:/Windows/win.ini',
    '/~root',
    '/.git/config',
    '/api',
    '/api/',
    '/api/../app.js',
    '/api/compare/',
    '/api/compare/1',
    '/api/compare/-1',
    '/api/compare/00',
    '/api/compare/0x0',
    '/api/compare/99999999999999999999',
    '/api/compare/0/../../../etc/passwd',
    '/api/run/kill',
    '*',
    'http://evil.example/app.js',
    'http://localhost/app.js',
  ])('%s is not there', async (path) => {
    const { port } = await serve();
    expect(
      await raw(port, `GET ${path} HTTP/1.1\r\nHost: localhost:${port}\r\nConnection: close\r\n\r\n`),
    ).toBe('HTTP/1.1 404 Not Found');
  });

  test('a NUL or a broken line of request is no request', async () => {
    const { port } = await serve();
    const rest = ` HTTP/1.1\r\nHost: localhost:${port}\r\nConnection: close\r\n\r\n`;
    expect(await raw(port, `GET /app.js\0${rest}`)).toMatch(/ (400|404) /);
    expect(await raw(port, `GET${rest}`)).toContain(' 400 ');
    expect(await raw(port, 'hello\r\n\r\n')).toContain(' 400 ');
    const upgrade = `GET /api/info HTTP/1.1\r\nHost: localhost:${port}\r\nConnection: Upgrade, close\r\nUpgrade: websocket\r\n\r\n`;
    expect(await raw(port, upgrade)).not.toContain(' 101 ');
    expect(
      await raw(port, `CONNECT evil.example:80 HTTP/1.1\r\nHost: evil.example:80\r\n\r\n`),
    ).not.toContain(' 200');
  });
});

describe('the api', () => {
  test('tells what there is', async () => {
    const { port } = await serve();
    const { body, headers } = await ask(port, '/api/info');
    expect(headers).toMatchObject({
      'content-type': 'application/json; charset=utf-8',
      'cache-control': 'no-store',
    });
    expect(JSON.parse(body)).toEqual({
      version: '1.2.3',
      model: { name: 'digits.json', sha256: 'ab'.repeat(32), shape: [28, 28] },
      run: true,
      compare: [{ name: 'run.ndjson', kind: 'run-log' }],
      samples: { count: 3, classes: ['no', 'yes'], rows: 2, cols: 2 },
    });
    const bare = await serve({ content: { version: '1.2.3', compare: [] } });
    expect(JSON.parse((await ask(bare.port, '/api/info')).body)).toEqual({ version: '1.2.3', compare: [] });
    for (const path of [
      '/api/model',
      '/api/samples?from=0&count=1',
      '/api/run/events',
      '/api/run/sample?index=0',
    ]) {
      expect([path, (await ask(bare.port, path)).status]).toEqual([path, 404]);
    }
    const headersOfPage = { Host: `localhost:${bare.port}`, Origin: `http://localhost:${bare.port}` };
    const post = { method: 'POST', headers: headersOfPage };
    expect((await ask(bare.port, '/api/run/stop', post)).status).toBe(404);
  });

  test('gives the model and the compared files as they are', async () => {
    const { port } = await serve();
    expect((await ask(port, '/api/model')).body).toBe('{"format":"mlp-model"}\n');
    expect((await ask(port, '/api/compare/0')).body).toBe('{"event":"start"}\n');
  });

  test('a model that comes later is given from then on', async () => {
    const content = contentWith({ model: undefined });
    const { port } = await serve({ content });
    expect((await ask(port, '/api/model')).status).toBe(404);
    content.model = { summary: { name: 'm.json', sha256: 'cd'.repeat(32) }, text: '{}' };
    expect((await ask(port, '/api/model')).body).toBe('{}');
    expect(JSON.parse((await ask(port, '/api/info')).body).model.name).toBe('m.json');
  });

  test('gives images by their places', async () => {
    const { port } = await serve();
    const indices = async (query: string) => {
      const { status, body } = await ask(port, `/api/samples?${query}`);
      return status === 200 ? JSON.parse(body).samples.map(({ index }: { index: number }) => index) : status;
    };
    expect(JSON.parse((await ask(port, '/api/samples?from=2&count=1')).body)).toEqual({
      samples: [{ index: 2, label: 1, pixels: Buffer.from([252, 253, 254, 255]).toString('base64') }],
    });
    expect(await indices('from=1&count=200')).toEqual([1, 2]);
    expect(await indices('from=3&count=1')).toEqual([]);
    expect(await indices('from=999999999&count=200')).toEqual([]);
    for (const query of [
      '',
      'from=0',
      'from=0&count=201',
      'from=-1&count=1',
      'from=1e3&count=1',
      'from=0&count=1.5',
    ]) {
      expect([query, await indices(query)]).toEqual([query, 400]);
    }
  });

  test('gives images of the probe once there are some', async () => {
    const content = contentWith();
    const { port } = await serve({ content });
    expect((await ask(port, '/api/run/sample?index=0')).status).toBe(404);
    if (content.run) content.run.probe = content.samples;
    expect(JSON.parse((await ask(port, '/api/run/sample?index=1')).body).samples[0].index).toBe(1);
    expect((await ask(port, '/api/run/sample?index=3')).status).toBe(404);
    expect((await ask(port, '/api/run/sample?index=a')).status).toBe(400);
  });
});

describe('limits', () => {
  test.each(['GET', 'POST'])('a body of %s above 64 KiB is refused, one of them is not', async (method) => {
    const { port } = await serve();
    const origin = `http://localhost:${port}`;
    const path = method === 'GET' ? '/api/info' : '/api/run/pause';
    const status = async (bytes: number, chunked: boolean) => {
      const headers = {
        Host: `localhost:${port}`,
        Origin: origin,
        ...(chunked ? { 'Transfer-Encoding': 'chunked' } : { 'Content-Length': String(bytes) }),
      };
      return (await ask(port, path, { method, headers, body: 'x'.repeat(bytes) })).status;
    };
    for (const chunked of [false, true]) {
      expect(await status(65536, chunked)).toBeLessThan(205);
      expect(await status(65537, chunked)).toBe(413);
    }
  });

  test('headers above 16 KiB are refused', async () => {
    const { port } = await serve();
    expect((await ask(port, '/', { headers: { 'X-Long': 'x'.repeat(17_000) } })).status).toBe(431);
  });
});

const taken: Server[] = [];
afterEach(async () => {
  for (const server of taken.splice(0)) await new Promise((resolve) => server.close(resolve));
});

/** A port that another server has. */
async function takenPort(address = '127.0.0.1'): Promise<number> {
  const server = createServer();
  taken.push(server);
  await new Promise<void>((resolve) => server.listen(0, address, resolve));
  return (server.address() as AddressInfo).port;
}

describe('the port', () => {
  test('that is taken is an error, unless the next will do', async () => {
    const port = await takenPort();
    await expect(serve({ port })).rejects.toMatchObject({ code: 'EADDRINUSE' });
    const server = await serve({ port, orNext: true });
    expect(server.port).toBeGreaterThan(port);
    expect((await ask(server.port, '/api/info')).status).toBe(200);
  });

  test('is that of both loopback addresses, and of no other', async ({ skip }) => {
    const { port, url } = await serve();
    expect(url).toBe(`http://127.0.0.1:${port}/`);
    const reaches = (address: string) =>
      new Promise<boolean>((resolve) => {
        const socket = connect(port, address, () => resolve(true));
        socket.on('connect', () => socket.destroy());
        socket.on('error', () => resolve(false));
      });
    expect(await reaches('127.0.0.1')).toBe(true);
    const { networkInterfaces } = await import('node:os');
    const others = Object.values(networkInterfaces())
      .flatMap((list) => list ?? [])
      .filter(({ internal, address }) => !internal && !address.startsWith('fe80'));
    for (const { address } of others) expect([address, await reaches(address)]).toEqual([address, false]);
    if (!networkInterfaces().lo?.some(({ address }) => address === '::1')) skip('there is no ::1 here');
    expect((await ask(port, '/', { address: '::1', headers: { Host: `[::1]:${port}` } })).status).toBe(200);
  });

  test('a host of another machine is an error', async () => {
    await expect(serve({ host: '192.0.2.1' })).rejects.toMatchObject({ code: 'EADDRNOTAVAIL' });
  });
});

describe('the end', () => {
  test('ends streams, lets go of idle connections, and gives the port back', async () => {
    const content = contentWith();
    const server = await serve({ content });
    const stream = ask(server.port, '/api/run/events');
    const idle = connect(server.port, '127.0.0.1');
    const gone = new Promise((resolve) => idle.on('close', resolve));
    idle.write(`GET /api/info HTTP/1.1\r\nHost: localhost:${server.port}\r\n\r\n`);
    await new Promise((resolve) => idle.once('data', resolve));
    while (!content.run?.watched) await new Promise((resolve) => setTimeout(resolve, 5));
    const before = performance.now();
    await server.close();
    expect((await stream).body).toBe('retry: 1000\n\n');
    await gone;
    expect(performance.now() - before).toBeLessThan(2_000);
    expect(content.run.watched).toBe(false);
    await expect(ask(server.port, '/api/info')).rejects.toMatchObject({ code: 'ECONNREFUSED' });
    await serve({ port: server.port });
  });
});
