/** `mlp export --to html`: one file that holds the model as it is, and asks the network for nothing. */

import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { fileDigest } from '../../../src/formats/model.ts';
import type { StandaloneData } from '../../../src/web/protocol.ts';
import { digits, expectError, freshFolder, jsonLines, mlp, shortTraining } from '../run.ts';

let cwd: string;
let remove: () => Promise<void>;

beforeAll(async () => {
  ({ cwd, remove } = await freshFolder());
  await mlp(shortTraining('--out', 'a.json'), { cwd });
  const model = JSON.parse(await readFile(join(cwd, 'a.json'), 'utf8'));
  const classes = ['</script>', '<!--', '\u2028', '"', '<b>', '5', '6', '7', '8', '9'];
  const fileSha256 = await fileDigest({ ...model, classes });
  await writeFile(join(cwd, 'odd.json'), JSON.stringify({ ...model, classes, fileSha256 }));
  const { data: _, ...training } = model.training;
  await writeFile(join(cwd, 'sourceless.json'), JSON.stringify({ ...model, training }));
  await writeFile(join(cwd, 'iris.csv'), 'u,v,class\n1,2,a\n2,1,b\n1,3,a\n3,1,b\n');
  await mlp(['train', '--data', 'iris.csv', '--hidden', '2', '--epochs', '1', '--out', 'iris.json'], { cwd });
});
afterAll(() => remove());

async function dataIn(name: string): Promise<StandaloneData> {
  const html = await readFile(join(cwd, name), 'utf8');
  const [, json, ...others] =
    html.match(/<script type="application\/json" id="mlp-data">([^<]*)<\/script>/) ?? [];
  expect(others).toEqual([]);
  return JSON.parse(json);
}

test('the page is written beside the model, with the model as it is and digits of every class', async () => {
  const { code, stdout, stderr } = await mlp(['export', 'a.json', '--to', 'html'], { cwd });
  expect([code, stderr]).toEqual([0, '']);
  expect(stdout).toMatch(/^a\.html {2}\d\.\d\d MB with 20 test images; [^\n]+\n$/);
  const data = await dataIn('a.html');
  expect(data.model).toBe(await readFile(join(cwd, 'a.json'), 'utf8'));
  expect(data.info).toMatchObject({
    model: { name: 'a.json', shape: [28, 28] },
    compare: [],
    samples: { count: 20, rows: 28, cols: 28 },
  });
  expect(data.info.run).toBeUndefined();
  expect(data.samples).toHaveLength(20);
  for (let label = 0; label < 10; label++) {
    expect(data.samples.filter((sample) => sample.label === label)).toHaveLength(2);
  }
  const explained = await mlp(['explain', 'a.json', '--sample', String(data.samples[7].index), '--json'], {
    cwd,
  });
  expect(String(jsonLines(explained.stdout)[0].label)).toBe(String(data.samples[7].label));
  for (const { pixels } of data.samples) expect(Buffer.from(pixels, 'base64')).toHaveLength(784);
});

test('nothing in it is loaded from elsewhere', async () => {
  await mlp(['export', 'a.json', '--to', 'html', '--out', 'alone.html'], { cwd });
  const html = await readFile(join(cwd, 'alone.html'), 'utf8');
  const markup = html.replaceAll(/(<(script|style)\b[^>]*>)[\s\S]*?(<\/\2>)/g, '$1$3');
  expect(markup).not.toMatch(/https?:\/\//);
  expect([...markup.matchAll(/\b(?:src|href)="([^"]*)"/g)].map(([, to]) => to)).toEqual(['data:,']);
  const [, style] = html.match(/<style>([\s\S]*?)<\/style>/) ?? [];
  for (const [, to] of style.matchAll(/url\(["']?([^"')]+)/g)) expect(to).toMatch(/^data:/);
  expect(style).not.toContain('@import');
  const [, policy] = html.match(/http-equiv="Content-Security-Policy" content="([^"]*)"/) ?? [];
  expect(policy).toContain("default-src 'none'");
  expect(policy).not.toMatch(/connect-src|https?:|\*/);
});

test('text that looks like a tag stays text', async () => {
  expect((await mlp(['export', 'odd.json', '--to', 'html', '--json'], { cwd })).code).toBe(0);
  const data = await dataIn('odd.html');
  expect(JSON.parse(data.model).classes).toEqual([
    '</script>',
    '<!--',
    '\u2028',
    '"',
    '<b>',
    '5',
    '6',
    '7',
    '8',
    '9',
  ]);
});

test.each([
  ['0', 0],
  ['3', 3],
  ['40', 40],
  ['500', 40],
])('--samples %s puts %i digits in', async (wanted, count) => {
  const args = ['export', 'a.json', '--to', 'html', '--out', `${wanted}.html`, '--samples', wanted, '--json'];
  const { code, stdout } = await mlp(args, { cwd });
  expect(code).toBe(0);
  const { length } = await readFile(join(cwd, `${wanted}.html`));
  expect(jsonLines(stdout)).toEqual([
    { event: 'exported', model: 'a.json', to: 'html', out: `${wanted}.html`, bytes: length, samples: count },
  ]);
  expect((await dataIn(`${wanted}.html`)).samples).toHaveLength(count);
});

test('a model whose data are not known has none, and says so; --data gives some', async () => {
  const without = await mlp(['export', 'sourceless.json', '--to', 'html'], { cwd });
  expect(without).toMatchObject({ code: 0, stderr: expect.stringMatching(/^no test images: [^\n]+\n$/) });
  const { info, samples } = await dataIn('sourceless.html');
  expect([info.samples, samples]).toEqual([undefined, []]);
  const given = await mlp(['export', 'sourceless.json', '--to', 'html', '--data', digits], { cwd });
  expect(given).toMatchObject({ code: 0, stderr: '' });
  expect((await dataIn('sourceless.html')).samples).toHaveLength(20);
});

test('the default network takes less than 2 MB', async () => {
  await mlp(shortTraining('--hidden', '200', '--epochs', '1', '--out', 'large.json'), { cwd });
  const { stdout } = await mlp(['export', 'large.json', '--to', 'html', '--json'], { cwd });
  expect(jsonLines(stdout)[0].bytes).toBeLessThan(2_000_000);
});

describe('what does not fit', () => {
  test.each<[string[], number, ...string[]]>([
    [['a.json'], 2, '--to'],
    [['--to', 'html'], 2, 'MODEL'],
    [['a.json', '--to', 'htlm'], 2, 'htlm', 'did you mean "html"'],
    [['a.json', '--to', 'onnx'], 2, '--to', 'html', 'onnx'],
    [['a.json', '--to', 'safetensors'], 2, '--to', 'html'],
    [['a.json', '--to', 'html', '--samples', '501'], 2, '--samples', '501'],
    [['a.json', '--to', 'html', '--samples', '-1'], 2, '--samples'],
    [['a.json', '--to', 'html', '--samples', 'many'], 2, '--samples', 'many'],
    [['a.json', '--to', 'html', '--out', './a.json'], 2, '--out', 'a.json'],
    [['a.json', '--to', 'html', '--out', ''], 2, '--out'],
    [['a.json', '--to', 'html', '--out', 'nowhere/a.html'], 3, 'nowhere'],
    [['a.json', '--to', 'html', '--out', '.'], 3, 'folder'],
    [['a.json', '--to', 'html', '--data', 'nowhere'], 3, 'nowhere'],
    [['nowhere.json', '--to', 'html'], 3, 'nowhere.json'],
    [['iris.json', '--to', 'html'], 3, 'iris.json', 'table'],
    [['iris.csv', '--to', 'html'], 3, 'iris.csv'],
  ])('%j', async (args, code, ...words) => {
    const before = await readdir(cwd);
    expectError(await mlp(['export', ...args], { cwd }), code, ...words);
    expect(await readdir(cwd)).toEqual(before);
  });
});
