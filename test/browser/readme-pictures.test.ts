/**
 * The pictures of the README, taken of real runs. `UPDATE_SCREENSHOTS=1` takes them anew, of runs on the whole of MNIST;
 * otherwise this only sees that they can be taken, on the small samples.
 */

import { stat } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Serving, serving } from '../cli/page.ts';
import { digits, freshFolder, mlp } from '../cli/run.ts';
import { inBrowser } from './browser.ts';
import { drawWithMouse, type Stroke } from './pen.ts';
import { readmePicture, updating } from './screenshots.ts';

const MAX_BYTES = 150_000;

const data = updating ? [] : ['--data', digits];
const held = ['--validation', updating ? '5000' : '20', '--threads', '1', '--quiet'];

/** A 2, its bow and its foot. */
const TWO: Stroke = [
  ...Array.from({ length: 13 }, (_, i) => {
    const angle = -1.4 + (i / 12) * 3.6;
    return [0.5 + 0.19 * Math.sin(angle), 0.36 - 0.18 * Math.cos(angle)] as const;
  }),
  [0.29, 0.82],
  [0.74, 0.8],
];

inBrowser('the pictures of the README', (open) => {
  let folder: Awaited<ReturnType<typeof freshFolder>>;
  let run: Serving;
  const servers: Serving[] = [];
  const serve = async (...words: string[]) => {
    const server = await serving(words, { ...folder, timeout: 300_000 });
    servers.push(server);
    return server;
  };

  beforeAll(async () => {
    folder = await freshFolder();
    run = await serve('train', ...data, ...held, '--ui', '--log', 'default.ndjson');
    await run.told('the run is over');
  }, 120_000);
  afterAll(async () => {
    for (const { child } of servers) child.kill('SIGKILL');
    await Promise.all(servers.map(({ result }) => result));
    await folder?.remove();
  });

  test('Run', async () => {
    const { page } = await open(`${run.url}#run`);
    await page.getByText('The test set, with the weights that are kept.').waitFor();
    expect(await readmePicture(page, 'page-run', 'page')).toBeLessThan(MAX_BYTES);
  });

  test('Draw', async () => {
    const { page } = await open(`${run.url}#draw`, { height: 850 });
    await page.getByRole('application', { name: 'Drawing' }).waitFor();
    await drawWithMouse(page, TWO);
    const answer = page.getByRole('region', { name: 'Prediction' }).locator('.answer-class');
    if (updating) await expect.poll(() => answer.textContent()).toBe('2');
    expect(await readmePicture(page, 'page-draw', 'window')).toBeLessThan(MAX_BYTES);
  });

  test('Step through', async () => {
    const { page } = await open(`${run.url}#step`, { height: 1250 });
    await page.getByLabel('Sample number').fill('8');
    await page.getByLabel('Sample number').press('Enter');
    await page.getByRole('heading', { name: 'Sample 8' }).waitFor();
    await page.getByText('The step shown is plain SGD; the model was trained with adamw').waitFor();
    await page.getByRole('button', { name: /^C6 ∂L.∂W1.*gradient/ }).click();
    await page.getByRole('button', { name: 'One unit' }).click();
    await page.getByRole('button', { name: 'Take the SGD step' }).click();
    expect(await readmePicture(page, 'page-step', 'window')).toBeLessThan(MAX_BYTES);
  });

  test('Compare', async () => {
    const others: readonly (readonly [name: string, ...words: string[]])[] = [
      ['two-layers', '--hidden', '200,100', '--dropout', '0.1'],
      ['linear', '--hidden', 'none'],
    ];
    for (const [name, ...words] of others) {
      const files = ['--out', `${name}.json`, '--log', `${name}.ndjson`];
      const { code, stderr } = await mlp(['train', ...data, ...held, ...words, ...files], {
        ...folder,
        timeout: 120_000,
      });
      expect([code, stderr]).toEqual([0, '']);
    }
    const logs = ['default', ...others.map(([name]) => name)].map((name) => `${name}.ndjson`);
    const { url } = await serve('ui', 'model.json', ...logs, '--no-open');
    const { page } = await open(`${url}#compare`);
    await expect.poll(() => page.locator('.compare-table tbody th').count()).toBe(3);
    expect(await readmePicture(page, 'page-compare', 'page')).toBeLessThan(MAX_BYTES);
  }, 120_000);
});

test.each(['run', 'draw', 'step', 'compare'])('there is docs/images/page-%s.png', async (name) => {
  const file = fileURLToPath(new URL(`../../docs/images/page-${name}.png`, import.meta.url));
  expect((await stat(file)).size).toBeLessThan(MAX_BYTES);
});
