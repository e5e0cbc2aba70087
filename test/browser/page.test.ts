/** The page's frame in a browser: tabs, theme and title, served and from disk; and that the harness sees problems. */

import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { StandaloneData } from '../../src/web/protocol.ts';
import { readStandaloneShell } from '../../src/web/server/page-files.ts';
import { standalonePage } from '../../src/web/standalone.ts';
import { freshFolder } from '../cli/run.ts';
import { expectAccessible, expectNoOverflow } from './accessibility.ts';
import { inBrowser } from './browser.ts';
import { answersOf, pageData, trainModel } from './page-data.ts';
import { type PageServer, servePage } from './page-server.ts';

inBrowser('the frame of the page', (open) => {
  let folder: Awaited<ReturnType<typeof freshFolder>>;
  let data: StandaloneData;
  let server: PageServer;

  beforeAll(async () => {
    folder = await freshFolder();
    data = await pageData(await trainModel(folder.cwd, '--hidden', '16'));
    server = await servePage(answersOf(data));
  });
  afterAll(async () => {
    await server?.close();
    await folder?.remove();
  });

  test('shows a tab for what there is, and moves between them by the arrow keys', async () => {
    const { page } = await open(server.address);
    await page.getByRole('tab', { name: 'Draw' }).focus();
    await page.keyboard.press('ArrowRight');
    await expect.poll(() => page.getByRole('tab', { selected: true }).textContent()).toBe('Step through');
    expect(await page.getByRole('tab').allTextContents()).toEqual(['Draw', 'Step through', 'Compare']);
    expect(page.url()).toMatch(/#step$/);
  });

  test.each(['light', 'dark'] as const)('has nothing serious for axe and no overflow: %s', async (theme) => {
    const { page } = await open(server.address, { theme, width: 375, height: 667, touch: true });
    await page.getByRole('tab', { name: 'Draw' }).waitFor();
    await expectNoOverflow(page);
    await expectAccessible(page);
  });

  test('opens from disk without a network', async () => {
    const file = join(folder.cwd, 'page.html');
    await writeFile(file, standalonePage(await readStandaloneShell(), data));
    const { page } = await open(pathToFileURL(file).href, { offline: true });
    await page.getByRole('tab', { name: 'Draw' }).waitFor();
  });

  test('a page that errs, asks others or breaks its policy is noticed', async () => {
    const opened = await open(server.address);
    await opened.page.evaluate(() => {
      const image = new Image();
      image.src = 'http://127.0.0.1:9/other.png';
      setTimeout(() => {
        throw new Error('thrown');
      });
      console.error('complained');
    });
    for (const problem of ['console: complained', 'uncaught: Error: thrown', 'policy: img-src']) {
      await expect.poll(() => opened.problems.join('\n')).toContain(problem);
    }
    opened.problems.length = 0;
    await opened.page.goto('http://127.0.0.1:9/').catch(() => {});
    expect(opened.problems.join('\n')).toContain('asked for http://127.0.0.1:9/');
    opened.problems.length = 0;
  });
});
