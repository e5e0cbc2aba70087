/** The tab «Step through» in a browser: every formula by the keys, its symbols and code, the step, served and from disk. */

import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { decodeModel, type Model } from '../../src/formats/model.ts';
import type { StandaloneData } from '../../src/web/protocol.ts';
import { readStandaloneShell } from '../../src/web/server/page-files.ts';
import { standalonePage } from '../../src/web/standalone.ts';
import { digits, freshFolder, mlp } from '../cli/run.ts';
import { expectAccessible, expectNoOverflow } from './accessibility.ts';
import { inBrowser } from './browser.ts';
import { answersOf, pageData, trainModel } from './page-data.ts';
import { type PageServer, servePage } from './page-server.ts';
import { drawWithMouse, SEVEN } from './pen.ts';
import { screenshot } from './screenshots.ts';

inBrowser('the Step through view', (open) => {
  let folder: Awaited<ReturnType<typeof freshFolder>>;
  let data: StandaloneData;
  let model: Model;
  let server: PageServer;
  /** What `mlp explain --json` says of the second digit. */
  let told: Record<string, number> & {
    readonly steps: readonly { readonly formula: string; readonly name: string; readonly symbol: string }[];
    readonly probabilities: readonly number[];
  };

  beforeAll(async () => {
    folder = await freshFolder();
    data = await pageData(
      await trainModel(folder.cwd, '--hidden', '16', '--optimizer', 'sgd', '--l2', '0.001'),
    );
    model = await decodeModel(data.model, 'model.json');
    server = await servePage(answersOf(data));
    const words = ['explain', 'model.json', '--data', digits, '--sample', '1', '--json'];
    told = JSON.parse((await mlp(words, folder)).stdout);
  });
  afterAll(async () => {
    await server?.close();
    await folder?.remove();
  });

  const step = { name: 'Take the SGD step' };
  const chooseSecond = (page: Page) => page.getByRole('button', { name: /^sample 1,/ }).click();
  const numbers = (page: Page, row: string) =>
    page
      .getByRole('row', { name: new RegExp(`^${row}`) })
      .locator('data')
      .evaluateAll((cells) => cells.map((cell) => Number((cell as HTMLDataElement).value)));

  test('goes through all formulas by the arrow keys, each with its symbols and its code', async () => {
    const { page } = await open(`${server.address}#step`);
    await chooseSecond(page);
    for (const [n, { formula, name }] of told.steps.entries()) {
      await page.getByText(`, ${n + 1} of ${told.steps.length}`).waitFor();
      expect(await page.locator('.step-where h2').textContent()).toBe(`${formula ?? ''} ${name}`);
      expect(await page.locator('.step-statement .katex-error').count()).toBe(0);
      expect(await page.locator('.step-statement .katex').count()).toBe(1);
      // The input has no formula, and so no code that computes it.
      if (formula !== null) {
        expect(await page.locator('.step-source pre').first().textContent()).toMatch(/\S/);
        expect(await page.locator('.step-line-marked').count()).toBeGreaterThan(0);
      }
      const cards = page.locator('.step-card');
      for (let card = 0; card < (await cards.count()); card++) {
        await cards.nth(card).click();
        const inspector = page.locator('.step-inspector');
        const name = await cards.nth(card).textContent();
        expect(await inspector.getAttribute('aria-label')).toBe(`The numbers of ${name?.split(',')[0]}`);
        expect(await inspector.locator('canvas, data').count()).toBe(1);
      }
      await page.keyboard.press('ArrowRight');
    }
    expect(await page.getByRole('button', { name: /^Next formula/ }).isDisabled()).toBe(true);
    await page.keyboard.press('ArrowLeft');
    await page.getByText(`, ${told.steps.length - 1} of ${told.steps.length}`).waitFor();
    // Keys that come faster than the page draws are not lost.
    await page.evaluate(() => {
      const press = () => new KeyboardEvent('keydown', { key: 'ArrowLeft', bubbles: true, cancelable: true });
      for (let i = 0; i < 5; i++) document.body.dispatchEvent(press());
    });
    await page.getByText(`, ${told.steps.length - 6} of ${told.steps.length}`).waitFor();
  });

  test('takes a sample by its number, of those there are', async () => {
    const { page } = await open(`${server.address}#step`);
    const number = page.getByLabel('Sample number');
    await expect.poll(() => number.inputValue()).toBe('0');
    await number.fill('31');
    await number.press('Enter');
    await page.getByRole('heading', { name: 'Sample 31' }).waitFor();
    await page.getByRole('button', { name: /^sample 31,/, pressed: true }).waitFor();
    await page.getByRole('button', { name: /^sample 30,/ }).click();
    expect(await number.inputValue()).toBe('30');
    for (const wrong of ['40', '-1', '1.5']) {
      await number.fill(wrong);
      await number.press('Enter');
      expect(await page.getByRole('alert').textContent()).toBe('Expected a whole number from 0 to 39.');
      await page.getByRole('heading', { name: 'Sample 30' }).waitFor();
    }
    await number.fill('1');
    await number.press('Enter');
    await page.getByRole('heading', { name: 'Sample 1', exact: true }).waitFor();
    expect(await page.getByRole('alert').count()).toBe(0);
    expect(await numbers(page, 'Loss')).toEqual([told.loss]);
  });

  test('takes the step: loss, L2 term and probabilities before and after are those of mlp explain', async () => {
    const { page } = await open(`${server.address}#step`);
    await chooseSecond(page);
    expect(await numbers(page, 'Loss')).toEqual([told.loss]);
    await page.getByRole('button', step).click();
    expect(await numbers(page, 'Loss')).toEqual([told.loss, told.lossAfter]);
    expect(await numbers(page, 'L2 term')).toEqual([told.penalty, told.penaltyAfter]);
    expect(await page.locator('.step-losses tbody tr:first-child').textContent()).toBe(
      `Loss${told.loss.toPrecision(6)}${told.lossAfter.toPrecision(6)}`,
    );
    const shown = await page.locator('.step-classes tbody td:nth-child(3)').allTextContents();
    expect(shown.map((text) => Number(text.replaceAll('−', '-')))).toEqual(
      told.probabilities.map((p) => Number(p < 1e-3 ? p.toExponential(3) : p.toPrecision(5))),
    );
    await page.getByRole('button', { name: 'Reset' }).click();
    expect(await numbers(page, 'Loss')).toEqual([told.loss]);

    const words = ['explain', 'model.json', '--data', digits, '--sample', '1', '--json'];
    const faster = JSON.parse((await mlp([...words, '--learning-rate', '0.5'], folder)).stdout);
    await page.getByLabel('Learning rate').fill('0.5');
    await page.getByLabel('Learning rate').press('Enter');
    await page.getByRole('button', step).click();
    expect(await numbers(page, 'Loss')).toEqual([faster.loss, faster.lossAfter]);
    await page.getByLabel('Learning rate').fill('-1');
    await page.getByLabel('Learning rate').press('Enter');
    expect(await page.getByRole('alert').textContent()).toBe('Expected a learning rate above 0.');
  });

  test('a symbol is chosen by a click in the formula; its numbers are told under the pointer and by the keys', async () => {
    const { page } = await open(`${server.address}#step`);
    await chooseSecond(page);
    await page.getByRole('button', { name: /^C1 s\b/ }).click();
    await page.locator('.step-statement [data-symbol="2"]').first().click();
    const field = page.locator('.step-inspector .heat-map-field');
    const line = page.locator('.step-inspector output');
    const w2 = model.tensors[2].values;
    await field.focus();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('ArrowDown');
    const value = Number(w2[model.classes.length + 1].toPrecision(5));
    expect((await line.textContent())?.replace('−', '-')).toBe(`W2[1, class 1] = ${value}`);
    expect(await page.locator('.step-where h2').textContent()).toBe('C1 scores');
    await field.hover({ position: { x: 2, y: 2 } });
    expect(await line.textContent()).toMatch(/^W2\[0, class 0\] = /);
  });

  test('shows what a unit of the first layer looks at', async () => {
    const { page } = await open(`${server.address}#step`);
    await page.getByRole('button', { name: /^C1 z1/ }).click();
    await page.getByRole('button', { name: /^W1,/ }).click();
    await page.getByRole('button', { name: 'One unit' }).click();
    await page.getByLabel('Unit', { exact: true }).fill('3');
    await page.locator('.step-inspector .heat-map-field').focus();
    await page.keyboard.press('ArrowDown');
    expect(await page.locator('.step-inspector output').textContent()).toMatch(/^W1\[0, 3\] = /);
    expect(await page.locator('.step-inspector canvas').getAttribute('width')).toBe('28');
  });

  test.each(['light', 'dark'] as const)(
    'axe finds nothing serious, and nothing is too wide: %s',
    async (theme) => {
      for (const width of [1280, 375]) {
        const { page } = await open(`${server.address}#step`, { theme, width, height: 800 });
        await chooseSecond(page);
        for (const name of [/^C1 z1/, /^\w+ ∂L.∂W1.*gradient/, /^X1 W1/]) {
          await page.getByRole('button', { name }).click();
          await expectNoOverflow(page);
          await expectAccessible(page);
        }
        await page.getByRole('button', { name: /^\w+ ∂L.∂W1.*gradient/ }).click();
        await page.getByRole('button', step).click();
        await screenshot(page, width === 375 ? `step-phone-${theme}` : `step-${theme}`);
      }
    },
  );

  test('takes a drawn digit, whose target is the predicted class until another is chosen', async () => {
    const { page } = await open(`${server.address}#draw`);
    await page.getByRole('application', { name: 'Drawing' }).waitFor();
    await drawWithMouse(page, SEVEN);
    await page.getByRole('button', { name: 'Step through this digit' }).click();
    await page.getByRole('button', { name: 'drawn', pressed: true }).waitFor();
    const target = page.getByLabel('Class of the target');
    const predicted = await page.locator('.step-outcome strong').textContent();
    expect(await target.locator('option:checked').textContent()).toBe(`${predicted}, as predicted`);
    const [loss] = await numbers(page, 'Loss');
    const other = predicted === '3' ? '4' : '3';
    await target.selectOption(other);
    await expect.poll(async () => (await numbers(page, 'Loss'))[0]).toBeGreaterThan(loss);
    await chooseSecond(page);
    expect(await numbers(page, 'Loss')).toEqual([told.loss]);
    expect(await target.count()).toBe(0);
    await page.getByRole('button', { name: 'drawn' }).click();
    expect(await numbers(page, 'Loss')).toEqual([loss]);
    await expectAccessible(page);
  });

  test('works from disk without a network, on a phone', async () => {
    const file = join(folder.cwd, 'page.html');
    await writeFile(file, standalonePage(await readStandaloneShell(), data));
    const phone = { offline: true, touch: true, width: 375, height: 667 };
    const { page } = await open(`${pathToFileURL(file).href}#step`, phone);
    await page.getByRole('button', { name: /^sample 1,/ }).tap();
    await page.getByRole('button', { name: /^Next formula/ }).tap();
    expect(await page.locator('.step-where h2').textContent()).toBe('C1 affine part of layer 1');
    await page.getByRole('button', step).tap();
    expect(await numbers(page, 'Loss')).toEqual([told.loss, told.lossAfter]);
    await page.getByLabel('Sample number').fill('5');
    await page.getByLabel('Sample number').press('Enter');
    await page.getByRole('heading', { name: 'Sample 5' }).waitFor();
    await page.getByLabel('Sample number').fill('40');
    await page.getByLabel('Sample number').press('Enter');
    await page
      .getByText('This file holds 40 samples of the test set, and number 40 is none of them.')
      .waitFor();
    await expectNoOverflow(page);
  });
});
