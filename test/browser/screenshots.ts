/** Pictures of the page: to look at, and those of the README. */

import { mkdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Page } from 'playwright-core';
import { indexedPng } from './indexed-png.ts';

const FOLDER = join(tmpdir(), 'mlp-screenshots');

/** Whether the pictures of the README are taken anew: then of runs on the whole of MNIST. */
export const updating = process.env.UPDATE_SCREENSHOTS === '1';

/**
 * Takes a picture of the whole page, or with `window` of what the window shows, into mlp-screenshots where the system
 * has its temporary files.
 *
 * @param name of the file, without `.png`: `draw-light`
 */
export async function screenshot(page: Page, name: string, show: 'page' | 'window' = 'page'): Promise<void> {
  write(FOLDER, name, await pictureOf(page, show));
}

/** Takes a picture for the README: into docs/images if they are taken anew. Gives its size in bytes. */
export async function readmePicture(page: Page, name: string, show: 'page' | 'window'): Promise<number> {
  const picture = indexedPng(await pictureOf(page, show));
  write(updating ? fileURLToPath(new URL('../../docs/images', import.meta.url)) : FOLDER, name, picture);
  return picture.length;
}

async function pictureOf(page: Page, show: 'page' | 'window'): Promise<Uint8Array> {
  // Fonts and canvases are there in the frame after next.
  await page.evaluate(async () => {
    await document.fonts.ready;
    for (let i = 0; i < 2; i++) await new Promise((resolve) => requestAnimationFrame(resolve));
  });
  return page.screenshot({ fullPage: show === 'page' });
}

function write(folder: string, name: string, picture: Uint8Array): void {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, `${name}.png`), picture);
}
