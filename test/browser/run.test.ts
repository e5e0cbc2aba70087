/** The tab «Run» in a browser, beside a real training run: its curves grow, it is steered, and it ends. */

import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Serving, serving } from '../cli/page.ts';
import { freshFolder, longTraining, shortTraining } from '../cli/run.ts';
import { expectAccessible, expectNoOverflow } from './accessibility.ts';
import { inBrowser } from './browser.ts';
import { screenshot } from './screenshots.ts';

inBrowser('the Run view', (open) => {
  let folder: Awaited<ReturnType<typeof freshFolder>>;
  const running: Serving[] = [];
  const train = async (words: readonly string[]) => {
    const server = await serving(words, folder);
    running.push(server);
    return server;
  };

  beforeAll(async () => {
    folder = await freshFolder();
  });
  afterAll(async () => {
    for (const { child } of running) child.kill('SIGKILL');
    await Promise.all(running.map(({ result }) => result));
    await folder?.remove();
  });

  const phase = (page: Page) => page.locator('.run-phase').textContent();
  const step = async (page: Page) => {
    const text = await page.locator('.figure', { hasText: 'Step' }).locator('dd').textContent();
    return Number(text?.split(' / ')[0].replaceAll(',', ''));
  };
  /** The epoch at one end of the loss curve, as the keys tell it. */
  const epochAt = async (page: Page, key: 'Home' | 'End') => {
    const chart = page.getByRole('group', { name: /^Loss over epochs/ });
    await chart.focus();
    await chart.press('End');
    await chart.press(key);
    const line = page.locator('.chart-line').first();
    await expect.poll(() => line.textContent()).toMatch(/^epoch [\d.]+: .*batches, smoothed \d/);
    return Number(/^epoch ([\d.]+)/.exec((await line.textContent()) ?? '')?.[1]);
  };

  test('shows curves that grow, pauses, resumes, has the whole history anew, and stops', async () => {
    await train(longTraining('--ui', '--quiet', '--validation', '20', '--hidden', '16,8'));
    const { page } = await open(`${running[0].url}#run`);
    await expect.poll(() => phase(page)).toBe('running');
    await expect.poll(() => step(page)).toBeGreaterThan(10);
    const before = await epochAt(page, 'End');
    await expect.poll(() => epochAt(page, 'End')).toBeGreaterThan(before);

    await page.getByRole('button', { name: 'Pause' }).click();
    await expect.poll(() => phase(page)).toBe('paused');
    // What the thread has told but the page not yet drawn.
    await page.waitForTimeout(500);
    const paused = await step(page);
    await page.waitForTimeout(500);
    expect(await step(page)).toBe(paused);

    await page.reload();
    await expect.poll(() => phase(page)).toBe('paused');
    await expect.poll(() => step(page)).toBeGreaterThan(0.9 * paused);
    expect(await epochAt(page, 'Home')).toBe(1);
    await page.getByRole('button', { name: 'Resume' }).click();
    await expect.poll(() => step(page)).toBeGreaterThan(paused);

    const stop = page.getByRole('button', { name: /^Stop/ });
    await stop.click();
    expect(await stop.textContent()).toBe('Stop: press again');
    await stop.press('Escape');
    expect(await stop.textContent()).toBe('Stop');
    expect(await phase(page)).toBe('running');
    await stop.click();
    await stop.click();
    await expect.poll(() => phase(page)).toBe('stopped');
    expect(await stop.isDisabled()).toBe(true);
    await running[0].told('the run is over');
    await page.getByRole('tab', { name: 'Draw' }).waitFor();
  });

  test('shows weights, layers and the confusion matrix, whose cells open their digits', async () => {
    const server = await train(
      shortTraining('--ui', '--quiet', '--hidden', '20,8', '--epochs', '60', '--validation', '20'),
    );
    await server.told('the run is over');
    const { page } = await open(`${server.url}#run`);
    await expect.poll(() => phase(page)).toBe('ended');
    await page.getByText('The test set, with the weights that are kept.').waitFor();

    const fields = page.getByRole('group', { name: /^Receptive fields of 20 units/ });
    await fields.focus();
    await fields.press('ArrowRight');
    await fields.press('ArrowRight');
    await page.getByText(/^unit 2, largest weight ±/).waitFor();
    await fields.press('Enter');
    await page.getByRole('group', { name: /^Weights of unit 2, 28 × 28/ }).waitFor();

    expect(
      await page.getByRole('group', { name: /^Histogram of the activations of relu [12]/ }).count(),
    ).toBe(2);
    expect(await page.getByRole('group', { name: /^Histogram of the gradients of relu [12]/ }).count()).toBe(
      2,
    );
    expect(await page.getByRole('meter', { name: /^Dead units/ }).count()).toBe(2);

    const cells = page.locator('.confusion-cell');
    const counts = (await cells.allTextContents()).map(Number);
    expect(counts).toHaveLength(100);
    expect(counts.reduce((sum, count) => sum + count, 0)).toBe(40);
    await cells.first().focus();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowRight');
    expect(await page.evaluate(() => document.activeElement?.getAttribute('aria-label'))).toMatch(
      /^true 1, predicted 1: /,
    );
    const wrong = page.locator('.confusion-cell[aria-disabled="false"]').first();
    const count = Number(await wrong.textContent());
    await wrong.press('Enter');
    const dialog = page.getByRole('dialog');
    await expect.poll(() => dialog.getByRole('img').count()).toBe(count);
    await page.keyboard.press('Escape');
    await expect.poll(() => dialog.count()).toBe(0);
    await screenshot(page, 'run-light');
  });

  test.each(['light', 'dark'] as const)('has nothing serious for axe and no overflow: %s', async (theme) => {
    for (const width of [1280, 375]) {
      const { page } = await open(`${running[1].url}#run`, { theme, width, height: 800 });
      await page.getByText('The test set, with the weights that are kept.').waitFor();
      await page.locator('.confusion-cell[aria-disabled="false"]').first().click();
      await page.getByRole('dialog').getByRole('img').first().waitFor();
      await expectAccessible(page);
      await page.keyboard.press('Escape');
      await expectAccessible(page);
      await expectNoOverflow(page);
      await screenshot(page, `run-${theme}-${width}`);
    }
  });

  test('tells that the connection is lost, and that a run has diverged', async () => {
    const server = await train(shortTraining('--ui', '--quiet', '--learning-rate', '1e30'));
    await server.told('the run is over');
    const { page, problems } = await open(`${server.url}#run`);
    await page.getByText(/^training diverged in epoch \d/).waitFor();
    expect(await phase(page)).toBe('diverged');
    server.child.kill('SIGKILL');
    await page.getByText('mlp has ended or cannot be reached. What it reported so far stays here.').waitFor();
    // The browser itself tells of connections that it could not open.
    problems.splice(
      0,
      problems.length,
      ...problems.filter((line) => !line.includes('Failed to load resource')),
    );
  });
});
