/** The tab «Compare» in a browser: models and run logs of the command line, and files that are added there. */

import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Serving, serving } from '../cli/page.ts';
import { freshFolder, longTraining, mlp, shortTraining } from '../cli/run.ts';
import { expectAccessible, expectNoOverflow } from './accessibility.ts';
import { inBrowser } from './browser.ts';
import { screenshot } from './screenshots.ts';

inBrowser('the Compare view', (open) => {
  let folder: Awaited<ReturnType<typeof freshFolder>>;
  let server: Serving;

  beforeAll(async () => {
    folder = await freshFolder();
    const train = async (...words: string[]) => {
      const { code, stderr } = await mlp(shortTraining('--quiet', '--epochs', '12', ...words), folder);
      if (code !== 0) throw new Error(stderr);
    };
    const held = ['--validation', '20'];
    await train(...held, '--out', 'a.json', '--log', 'a.ndjson');
    await train(...held, '--repeat', '2', '--activation', 'tanh', '--out', 'b.json', '--log', 'b.ndjson');
    await train(...held, '--hidden', '16', '--out', 'c.json', '--log', 'c.ndjson');
    await writeFile(join(folder.cwd, 'notes.txt'), 'no model\nno log\n');
    server = await serving(['ui', 'a.json', 'a.ndjson', 'b.ndjson', 'c.json', '--no-open'], folder);
  });
  afterAll(async () => {
    server?.child.kill('SIGKILL');
    await server?.result;
    await folder?.remove();
  });

  const NAMES = ['a.ndjson', 'b.ndjson, seed 1', 'b.ndjson, seed 2', 'c.json'];

  test('shows runs as lines that can be hidden, and all in a table of what differs', async () => {
    const { page } = await open(`${server.url}#compare`);
    const heads = page.locator('.compare-table tbody th');
    await expect.poll(() => heads.allTextContents()).toEqual(NAMES);
    const columns = await page.locator('.compare-table thead th').allTextContents();
    expect(columns).toContain('--seed');
    expect(columns).not.toContain('--batch-size');
    // The model of a run that is there is one with it, and tells the run's inputs and classes.
    await page.getByRole('cell', { name: '784 → 8 relu → 10', exact: true }).waitFor();

    const entry = page.getByRole('button', { name: 'b.ndjson, seed 2' });
    const chart = page.getByRole('group', { name: /^Loss by epochs/ });
    const line = page.locator('.chart-line').first();
    await chart.focus();
    await chart.press('End');
    await expect.poll(() => line.textContent()).toMatch(/^epoch 12: .*b\.ndjson, seed 2 validation \d/);
    await entry.click();
    expect(await entry.getAttribute('aria-pressed')).toBe('false');
    await chart.focus();
    await chart.press('End');
    await expect.poll(() => line.textContent()).toMatch(/^epoch 12: (?!.*seed 2).*seed 1 validation \d/);
    await page.getByRole('button', { name: 'By seconds' }).click();
    await page.getByRole('group', { name: /^Accuracy by seconds/ }).waitFor();
    await screenshot(page, 'compare-light');
  });

  test('takes files from the disk, and tells in a line of each that is none', async () => {
    const { page } = await open(`${server.url}#compare`);
    const heads = page.locator('.compare-table tbody th');
    await expect.poll(() => heads.count()).toBe(4);
    const files = ['c.ndjson', 'notes.txt'].map((name) => join(folder.cwd, name));
    await page.getByLabel('Add models or run logs').setInputFiles(files);
    // The model c.json is now one with its run.
    await expect.poll(() => heads.allTextContents()).toEqual([...NAMES.slice(0, 3), 'c.ndjson']);
    await expect
      .poll(() => page.getByRole('alert').allInnerTexts())
      .toEqual(['notes.txt: expected a model.json or a run log of `mlp train --log`, got `no model`']);
    await page.getByRole('button', { name: 'Dismiss' }).click();
    expect(await page.getByRole('alert').count()).toBe(0);
  });

  test('of one model shows its figures, and takes files that are dropped', async () => {
    const alone = await serving(['ui', 'c.json', '--no-open'], folder);
    try {
      const { page } = await open(alone.url.href);
      await page.getByRole('tab', { name: 'Compare' }).click();
      const heads = page.locator('.compare-table tbody th');
      await expect.poll(() => heads.allTextContents()).toEqual(['c.json']);
      const text = await readFile(join(folder.cwd, 'a.ndjson'), 'utf8');
      const files = await page.evaluateHandle((content) => {
        const transfer = new DataTransfer();
        transfer.items.add(new File([content], 'a.ndjson'));
        return transfer;
      }, text);
      await page.locator('.compare-head').dispatchEvent('drop', { dataTransfer: files });
      await expect.poll(() => heads.allTextContents()).toEqual(['c.json', 'a.ndjson']);
      await page.getByRole('group', { name: /^Loss by epochs/ }).waitFor();
    } finally {
      alone.child.kill('SIGKILL');
      await alone.result;
    }
  });

  test('beside a run has that run, which grows, and files', async () => {
    const run = await serving(longTraining('--ui', '--quiet', '--validation', '20'), folder);
    try {
      const { page } = await open(`${run.url}#compare`);
      const row = page.getByRole('row', { name: /^this run/ });
      const epochs = async () => Number.parseInt((await row.locator('td').nth(5).textContent()) ?? '', 10);
      await expect.poll(epochs).toBeGreaterThan(1);
      expect(await row.textContent()).toContain('not finished');
      const before = await epochs();
      await expect.poll(epochs).toBeGreaterThan(before);
      await page.getByLabel('Add models or run logs').setInputFiles(join(folder.cwd, 'a.ndjson'));
      await page.getByRole('button', { name: 'a.ndjson' }).waitFor();
    } finally {
      run.child.kill('SIGKILL');
      await run.result;
    }
  });

  test.each(['light', 'dark'] as const)('has nothing serious for axe and no overflow: %s', async (theme) => {
    for (const width of [1280, 375]) {
      const { page } = await open(`${server.url}#compare`, { theme, width, height: 800 });
      await expect.poll(() => page.locator('.compare-table tbody th').count()).toBe(4);
      await page.getByLabel('Add models or run logs').setInputFiles(join(folder.cwd, 'notes.txt'));
      await page.getByRole('alert').waitFor();
      await expectAccessible(page);
      await expectNoOverflow(page);
      await screenshot(page, `compare-${theme}-${width}`);
    }
  });
});
