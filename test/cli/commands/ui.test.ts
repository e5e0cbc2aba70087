/** `mlp ui`: what it serves, for which files, where, and how it ends. */

import { copyFile, readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { PageInfo, SamplesAnswer } from '../../../src/web/protocol.ts';
import { serving } from '../page.ts';
import { digits, expectError, freshFolder, jsonLines, mlp, shortTraining, start } from '../run.ts';

// Windows knows no signals between processes: there, kill ends a process at once.
const signals = test.skipIf(process.platform === 'win32');

let cwd: string;
let remove: () => Promise<void>;

beforeAll(async () => {
  ({ cwd, remove } = await freshFolder());
  await mlp(shortTraining('--out', 'a.json', '--log', 'run.ndjson'), { cwd });
  await mlp(shortTraining('--out', 'b.json', '--hidden', '4'), { cwd });
  const model = JSON.parse(await readFile(join(cwd, 'a.json'), 'utf8'));
  const moved = { ...model, training: { ...model.training, data: { source: join(cwd, 'gone') } } };
  await writeFile(join(cwd, 'moved.json'), JSON.stringify(moved));
  const { data: _, ...training } = model.training;
  await writeFile(join(cwd, 'sourceless.json'), JSON.stringify({ ...model, training }));
  await writeFile(join(cwd, 'iris.csv'), 'u,v,class\n1,2,a\n2,1,b\n1,3,a\n3,1,b\n');
  await mlp(['train', '--data', 'iris.csv', '--hidden', '2', '--epochs', '1', '--out', 'iris.json'], { cwd });
  await writeFile(join(cwd, 'text.txt'), 'hello\n');
  await writeFile(join(cwd, 'empty.json'), '');
  await writeFile(join(cwd, 'other.json'), '{"a": 1}');
  await writeFile(join(cwd, 'list.json'), '[1, 2]');
  await writeFile(
    join(cwd, 'broken.json'),
    (await readFile(join(cwd, 'a.json'), 'utf8')).replace(/"W1"/, '"W9"'),
  );
});
afterAll(() => remove());

const infoOf = async (url: URL): Promise<PageInfo> =>
  (await fetch(new URL('api/info', url))).json() as Promise<PageInfo>;

signals.each([
  ['SIGINT', 130],
  ['SIGTERM', 143],
] as const)('serves a model and its test images until %s, then ends with %i', async (signal, code) => {
  const { child, result, url, get } = await serving(['ui', 'a.json', '--json'], { cwd });
  expect(await infoOf(url)).toMatchObject({
    model: { name: 'a.json', sha256: expect.stringMatching(/^[0-9a-f]{64}$/), shape: [28, 28] },
    compare: [{ name: 'a.json', kind: 'model' }],
    samples: { count: 40, rows: 28, cols: 28 },
  });
  expect(await (await get('api/model')).text()).toBe(await readFile(join(cwd, 'a.json'), 'utf8'));
  const page = await get('');
  expect(page.headers.get('content-type')).toBe('text/html; charset=utf-8');
  const html = await page.text();
  const parts = [...html.matchAll(/(?:src|href)="([^":]+)"/g)].map(([, path]) => path);
  expect(parts.sort()).toEqual(['app.css', 'app.js']);
  for (const part of parts) expect((await get(part)).status).toBe(200);
  const fonts = [...(await (await get('app.css')).text()).matchAll(/url\(["']?([^"')]+)/g)].map(
    ([, path]) => path,
  );
  for (const font of fonts) expect([font, (await get(font)).status]).toEqual([font, 200]);
  const explained = await mlp(['explain', 'a.json', '--sample', '5', '--json'], { cwd });
  const { samples } = (await (await get('api/samples?from=5&count=1')).json()) as SamplesAnswer;
  expect(String(samples[0].label)).toBe(String(jsonLines(explained.stdout)[0].label));
  child.kill(signal);
  const { stdout, stderr, ...ended } = await result;
  expect(ended).toEqual({ code, signal: null });
  expect(jsonLines(stdout)).toEqual([{ event: 'listening', url: url.href }]);
  expect(stderr).toBe('');
});

signals('compares models and logs, told apart by what is in them', async () => {
  await copyFile(join(cwd, 'run.ndjson'), join(cwd, 'log.json'));
  const { child, result, url, get } = await serving(['ui', 'log.json', 'b.json', 'a.json'], { cwd });
  const info = await infoOf(url);
  expect(info.model?.name).toBe('b.json');
  expect(info.compare).toEqual([
    { name: 'log.json', kind: 'run-log' },
    { name: 'b.json', kind: 'model' },
    { name: 'a.json', kind: 'model' },
  ]);
  expect(await (await get('api/compare/0')).text()).toBe(await readFile(join(cwd, 'run.ndjson'), 'utf8'));
  expect(await (await get('api/compare/2')).text()).toBe(await readFile(join(cwd, 'a.json'), 'utf8'));
  child.kill('SIGINT');
  expect((await result).stdout).toBe(`the page is at ${url.href}  (Ctrl-C ends)\n`);
});

signals('a log alone has no model; lines of it that are not JSON are left out, and told', async () => {
  const log = await readFile(join(cwd, 'run.ndjson'), 'utf8');
  await writeFile(join(cwd, 'cut.ndjson'), `${log}{"event":"epo\n${log}`);
  const { child, result, url, get } = await serving(['ui', 'cut.ndjson'], { cwd });
  expect(await infoOf(url)).toEqual({
    version: expect.any(String),
    compare: [{ name: 'cut.ndjson', kind: 'run-log' }],
  });
  expect(await (await get('api/compare/0')).text()).toBe(log + log);
  child.kill('SIGINT');
  expect((await result).stderr).toBe('cut.ndjson: 1 line is no JSON, and left out\n');
});

signals.each([
  ['moved.json', /^no test images: cannot read .*gone.*\n$/],
  ['sourceless.json', /^no test images: .*--data.*\n$/],
  ['iris.json', /^$/],
])('%s is served without test images', async (name, told) => {
  const { child, result, url } = await serving(['ui', name], { cwd });
  const info = await infoOf(url);
  expect(info.model?.name).toBe(name);
  expect(info.samples).toBeUndefined();
  child.kill('SIGINT');
  expect((await result).stderr).toMatch(told);
});

signals('--data says where the test images are', async () => {
  const { child, result, url } = await serving(['ui', 'moved.json', '--data', digits], { cwd });
  expect((await infoOf(url)).samples?.count).toBe(40);
  child.kill('SIGINT');
  expect((await result).stderr).toBe('');
});

signals('without a word it shows model.json, if there is one', async () => {
  expectError(await mlp(['ui'], { cwd }), 2, 'model.json');
  const other = await freshFolder();
  await copyFile(join(cwd, 'a.json'), join(other.cwd, 'model.json'));
  const { child, result, url } = await serving(['ui'], { cwd: other.cwd });
  expect((await infoOf(url)).model?.name).toBe('model.json');
  child.kill('SIGINT');
  expect((await result).stderr).toBe('showing model.json\n');
  await other.remove();
});

signals('--host puts a token in the address, and without it nothing is given', async () => {
  const { child, result, url, get } = await serving(['ui', 'a.json', '--host', '127.0.0.1'], { cwd });
  expect(url.searchParams.get('token')).toMatch(/^[\w-]{22,}$/);
  for (const path of ['/', '/api/model', '/app.js']) {
    expect([path, (await fetch(new URL(path, url))).status]).toEqual([path, 401]);
  }
  expect((await get('api/model')).status).toBe(200);
  child.kill('SIGINT');
  await result;
});

describe('files that do not fit', () => {
  test.each([
    ['text.txt', 'another file'],
    ['empty.json', 'nothing'],
    ['other.json', 'other JSON'],
    ['list.json', 'another file'],
    ['nowhere.json', 'no such file'],
    ['broken.json', 'W1'],
    ['.', 'folder'],
  ])('%s: one line, before anything is served', async (name, ...words) => {
    expectError(await mlp(['ui', 'a.json', name], { cwd }), 3, name, ...words);
  });

  test.each<[string[], number, ...string[]]>([
    [['run.ndjson', '--data', digits], 2, '--data'],
    [['iris.json', '--data', digits], 2, '--data'],
    [['a.json', '--data', 'nowhere'], 3, 'nowhere'],
    [['a.json', '--data', 'iris.csv'], 3, 'iris.csv'],
    [['a.json', '--port', '-1'], 2, '--port'],
    [['a.json', '--port', '1.5'], 2, '--port'],
    [['a.json', '--host', 'http://here'], 2, '--host'],
    [['a.json', '--host', '192.0.2.1'], 2, '--host'],
    [['a.json', '--prot', '1'], 2, '--prot'],
  ])('%j', async (args, code, ...words) => {
    expectError(await mlp(['ui', ...args], { cwd }), code, ...words);
  });
});

describe('the port', () => {
  test('that is named and taken is an error', async () => {
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    const port = String((other.address() as AddressInfo).port);
    expectError(await mlp(['ui', 'a.json', '--port', port], { cwd }), 3, port, 'taken');
    await new Promise((resolve) => other.close(resolve));
  });

  signals('that is taken and not named gives way to the next, which is told', async () => {
    const first = start(['ui', 'a.json'], { cwd });
    await first.printed('the page is at');
    const second = start(['ui', 'a.json'], { cwd });
    await second.printed('the page is at');
    second.child.kill('SIGINT');
    first.child.kill('SIGINT');
    const { stdout, stderr } = await second.result;
    const [, port] = /:(\d+)\//.exec(stdout) ?? [];
    expect(Number(port)).toBeGreaterThan(6570);
    expect(stderr).toBe(`port 6570 is taken; the page is on port ${port}\n`);
    await first.result;
  });
});
