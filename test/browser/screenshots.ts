/** Pictures of the page: of the README where UPDATE_SCREENSHOTS is 1, else to look at. */

import { mkdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Page } from 'playwright-core';

const FOLDER =
  process.env.UPDATE_SCREENSHOTS === '1'
    ? fileURLToPath(new URL('../../docs/images', import.meta.url))
    : join(tmpdir(), 'mlp-screenshots');

/**
 * Takes a picture of the whole page, or with `window` of what the window shows.
 *
 * @param name of the file, without `.png`: `draw-light`
 */
export async function screenshot(page: Page, name: string, show: 'page' | 'window' = 'page'): Promise<void> {
  mkdirSync(FOLDER, { recursive: true });
  // Fonts and canvases are there in the frame after next.
  await page.evaluate(async () => {
    await document.fonts.ready;
    for (let i = 0; i < 2; i++) await new Promise((resolve) => requestAnimationFrame(resolve));
  });
  await page.screenshot({ path: join(FOLDER, `${name}.png`), fullPage: show === 'page' });
}
