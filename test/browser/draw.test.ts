/** The view «Draw» in a browser: digits drawn by mouse, finger and keys, and what is shown of them. */

import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Download, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { StandaloneData } from '../../src/web/protocol.ts';
import { serving } from '../cli/page.ts';
import { freshFolder, jsonLines, mlp } from '../cli/run.ts';
import { expectAccessible, expectNoOverflow } from './accessibility.ts';
import { inBrowser } from './browser.ts';
import { answersOf, pageData, trainModel } from './page-data.ts';
import { type PageServer, servePage } from './page-server.ts';
import { drawWithFinger, drawWithMouse, ONE, SEVEN, ZERO } from './pen.ts';
import { screenshot } from './screenshots.ts';

const PHONE = { width: 375, height: 667, touch: true };

const prediction = (page: Page) => page.getByRole('region', { name: 'Prediction' });
const shownClass = (page: Page) => prediction(page).locator('.answer-class').textContent();
const expectClass = (page: Page, name: string) => expect.poll(() => shownClass(page)).toBe(name);
const expectTab = (page: Page, name: string) =>
  expect.poll(() => page.getByRole('tab', { selected: true }).textContent()).toBe(name);
const pad = (page: Page) => page.getByRole('application', { name: 'Drawing' });

inBrowser('the view Draw', (open) => {
  let folder: Awaited<ReturnType<typeof freshFolder>>;
  let data: StandaloneData;
  let server: PageServer;

  beforeAll(async () => {
    folder = await freshFolder();
    const words = ['--data', 'mnist', '--hidden', '64,32', '--epochs', '2'];
    data = await pageData(await trainModel(folder.cwd, ...words));
    server = await servePage(answersOf(data));
  });
  afterAll(async () => {
    await server?.close();
    await folder?.remove();
  });
  const openDraw = (options = {}) => open(`${server.address}#draw`, options);

  test.each([
    ['7', SEVEN],
    ['1', ONE],
    ['0', ZERO],
  ])('sees a %s that the mouse draws, while it draws', async (name, stroke) => {
    const { page } = await openDraw();
    expect(await prediction(page).textContent()).toContain('nothing drawn');
    const status = prediction(page).getByRole('status');
    await drawWithMouse(page, stroke, async () => {
      await expectClass(page, name);
      // Screen readers hear of it when the pen is lifted.
      expect(await status.textContent()).toBe('');
    });
    await expect.poll(() => status.textContent()).toMatch(new RegExp(`^${name}, \\d+\\.\\d\\d %$`));
    expect(await prediction(page).locator('.bar-best').textContent()).toMatch(new RegExp(`^${name}`));
    const units = page.getByRole('region', { name: 'Hidden units' });
    expect(await units.getByRole('heading', { level: 3 }).allTextContents()).toEqual([
      expect.stringMatching(/^relu 1 [1-9]\d* of 64 above 0$/),
      expect.stringMatching(/^relu 2 [1-9]\d* of 32 above 0$/),
    ]);
  });

  test('says the same of a drawing as mlp predict of its two pictures', async () => {
    const { page } = await openDraw();
    await drawWithMouse(page, SEVEN);
    await drawWithMouse(page, [
      [0.3, 0.55],
      [0.7, 0.5],
    ]);
    await expect.poll(() => prediction(page).getByRole('status').textContent()).toMatch(/%$/);
    const names: string[] = [];
    for (const button of ['Save input', 'Save drawing']) {
      const download = page.waitForEvent('download') as Promise<Download>;
      await page.getByRole('button', { name: button }).click();
      const file = await download;
      names.push(file.suggestedFilename());
      await file.saveAs(join(folder.cwd, file.suggestedFilename()));
    }
    expect(names).toEqual(['input-28x28.png', 'drawing.png']);
    const shown = await prediction(page)
      .locator('.bar')
      .evaluateAll((rows) =>
        rows.map((row) => ['.bar-name', '.bar-value'].map((part) => row.querySelector(part)?.textContent)),
      );
    const result = await mlp(['predict', 'model.json', ...names, '--json'], folder);
    const printed = jsonLines(result.stdout);
    expect(printed).toHaveLength(2);
    for (const { class: best, probabilities } of printed) {
      expect(best).toBe(await shownClass(page));
      const texts = Object.entries(probabilities as Record<string, number>).map(([name, p]) => [
        name,
        `${(100 * p).toFixed(2)} %`,
      ]);
      expect(shown).toEqual(texts);
    }
    expect(printed[0].probabilities).toEqual(printed[1].probabilities);
    const told = await page.getByRole('region', { name: 'What the network sees' }).textContent();
    expect(result.stderr).toMatch(/^drawing\.png: light on dark; cropped/);
    expect(told).toContain(result.stderr.trim().slice('drawing.png: '.length));
  });

  test('a finger draws, and the page stays where it is', async () => {
    const { page } = await openDraw(PHONE);
    await drawWithFinger(page, SEVEN);
    await expectClass(page, '7');
    const place = await page.evaluate(() => scrollY);
    await drawWithFinger(page, [
      [0.5, 0.8],
      [0.5, 0.1],
    ]);
    expect(await page.evaluate(() => scrollY)).toBe(place);
    await expectNoOverflow(page);
    await page.getByRole('button', { name: 'Undo' }).tap();
    await expectClass(page, '7');
    // The class can be read beside the pad, without scrolling to its panel.
    const box = await page.locator('.desk-best .answer-class').boundingBox();
    expect((box?.y ?? -1) > 0 && (box?.y ?? 999) < PHONE.height).toBe(true);
  });

  test('the keys draw, undo and clear', async () => {
    const { page } = await openDraw();
    await page.getByRole('button', { name: 'Switch to' }).focus();
    await page.keyboard.press('Tab');
    if (!(await pad(page).evaluate((element) => element === document.activeElement))) await pad(page).focus();
    await page.keyboard.down(' ');
    for (let i = 0; i < 21; i++) await page.keyboard.press('ArrowDown');
    await page.keyboard.up(' ');
    await expectClass(page, '1');
    await page.keyboard.press('ArrowUp');
    await page.keyboard.press('Control+z');
    await expectClass(page, '–');
    await page.keyboard.press('Enter');
    for (let i = 0; i < 5; i++) await page.keyboard.press('ArrowRight');
    await page.keyboard.press('Enter');
    await expect.poll(() => shownClass(page)).not.toBe('–');
    await page.keyboard.press('Delete');
    await expectClass(page, '–');
  });

  test('starts from a sample, shows what a unit looks for, and hands the digit on', async () => {
    const { page } = await openDraw();
    const sample = page.getByRole('button', { name: 'Take sample 0, class 7' });
    await sample.click();
    await expectClass(page, '7');
    expect(await sample.getAttribute('aria-pressed')).toBe('true');
    const units = page.getByRole('region', { name: 'Hidden units' });
    expect(await units.textContent()).toMatch(/What unit \d+ looks for \(the most active\)/);
    const grid = units.getByRole('group', { name: /^relu 1, / });
    await grid.focus();
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('ArrowRight');
    await expect.poll(() => units.textContent()).toMatch(/unit 2: .*What unit 2 looks foractivation/);
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'Other samples' }).click();
    await page.getByRole('button', { name: 'Take sample 6,' }).waitFor();
    expect(await units.textContent()).toContain('What unit 2 looks for');
    await drawWithMouse(page, ONE);
    await page.getByRole('button', { name: 'Undo' }).click();
    await expectClass(page, '7');
    await page.getByRole('button', { name: 'Step through this digit' }).click();
    await expectTab(page, 'Step through');
  });

  test.each(['light', 'dark'] as const)('is accessible, and has its picture taken: %s', async (theme) => {
    for (const [name, options] of [
      ['', {}],
      ['-phone', PHONE],
    ] as const) {
      const { page } = await openDraw({ theme, ...options });
      await drawWithMouse(page, SEVEN);
      await expectClass(page, '7');
      await expectNoOverflow(page);
      await expectAccessible(page);
      await screenshot(page, `draw-${theme}${name}`, name ? 'window' : 'page');
    }
  });

  test('draws on the page of mlp ui, under its policy', async () => {
    const { child, result, url } = await serving(['ui', 'model.json', '--no-open'], folder);
    try {
      const { page } = await open(`${url}#draw`);
      await drawWithMouse(page, SEVEN);
      await expectClass(page, '7');
      await page.getByRole('button', { name: 'Take sample 0, class 7' }).click();
      const download = page.waitForEvent('download');
      await page.getByRole('button', { name: 'Save input' }).click();
      await download;
    } finally {
      child.kill('SIGINT');
      await result;
    }
  });

  describe('as mlp export writes it', () => {
    beforeAll(async () => {
      const { code, stderr } = await mlp(['export', 'model.json', '--to', 'html'], folder);
      expect([code, stderr]).toEqual([0, '']);
    });

    test.each([
      ['a window', {}],
      ['a phone', PHONE],
    ])('draws from disk, the network cut off: %s', async (_, options) => {
      const file = join(folder.cwd, 'model.html');
      const { page } = await open(`${pathToFileURL(file).href}#draw`, { ...options, offline: true });
      await drawWithMouse(page, SEVEN);
      await expectClass(page, '7');
      await page.getByRole('button', { name: 'Take sample' }).first().click();
      const input = page.getByRole('region', { name: 'What the network sees' });
      await expect.poll(() => input.textContent()).toMatch(/sample \d+ of the test set, as it is/);
      await expectNoOverflow(page);
      await expectAccessible(page);
      const download = page.waitForEvent('download');
      await page.getByRole('button', { name: 'Save drawing' }).click();
      expect((await download).suggestedFilename()).toBe('drawing.png');
      await page.getByRole('button', { name: 'Step through this digit' }).click();
      await expectTab(page, 'Step through');
    });
  });
});
