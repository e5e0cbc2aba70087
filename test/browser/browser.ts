/** Debian's Chromium for the tests of the page, one for each test file; without any the tests are skipped and say so. */

import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { type Browser, type BrowserContextOptions, chromium } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe } from 'vitest';
import { type WatchedPage, watch } from './watched-page.ts';

/** What is looked for on the PATH where CHROMIUM_PATH names none. */
const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];

/** A closed network has nobody to answer these; and the shared memory of a container is small. */
const FLAGS = [
  '--disable-dev-shm-usage',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-default-apps',
  '--disable-domain-reliability',
  '--disable-sync',
  '--no-first-run',
  '--no-pings',
];

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

function findBrowser(): string | undefined {
  const { CHROMIUM_PATH, PATH = '' } = process.env;
  if (CHROMIUM_PATH) {
    if (!isProgram(CHROMIUM_PATH)) {
      throw new Error(`CHROMIUM_PATH: expected a program, got ${CHROMIUM_PATH}`);
    }
    return CHROMIUM_PATH;
  }
  const folders = PATH.split(delimiter).filter((folder) => folder !== '');
  return NAMES.flatMap((name) => folders.map((folder) => join(folder, name))).find(isProgram);
}

/** How a page is opened. */
export interface PageOptions {
  /** 1280 × 800 by default. */
  readonly width?: number;
  readonly height?: number;
  readonly theme?: 'light' | 'dark';
  /** A phone: fingers instead of a mouse. */
  readonly touch?: boolean;
  /** No network at all: for files. */
  readonly offline?: boolean;
}

/** Opens an address, `http://127.0.0.1:…` or `file://…`, in a fresh profile; closed after the test. */
export type OpenPage = (address: string, options?: PageOptions) => Promise<WatchedPage>;

/**
 * A group of tests in a browser. Each test fails of itself where its pages had an error, broke their policy or asked
 * another than their own origin for anything.
 *
 * @param what is tested, for the report: `the Draw view`
 */
export function inBrowser(what: string, define: (open: OpenPage) => void): void {
  const path = findBrowser();
  if (path === undefined) {
    const why = `no browser (${NAMES.slice(0, 3).join(', ')} or CHROMIUM_PATH)`;
    console.warn(`skipped: the tests of ${what} in a browser, as there is ${why}`);
    describe.skip(`${what}, skipped: ${why}`, () => define(() => Promise.reject(new Error(why))));
    return;
  }
  describe(what, () => {
    let browser: Browser;
    const pages: WatchedPage[] = [];

    beforeAll(async () => {
      // Without its sandbox, which root and most containers do not have: it sees our own pages alone.
      browser = await chromium.launch({
        executablePath: path,
        args: FLAGS,
        chromiumSandbox: false,
        // It keeps a socket there, whose path may have 107 characters at most.
        env: { ...process.env, TMPDIR: '/tmp' },
      });
    });
    afterAll(() => browser?.close());
    afterEach(async () => {
      const opened = pages.splice(0);
      const problems = opened.flatMap((page) => page.problems);
      await Promise.all(opened.map(({ page }) => page.context().close()));
      if (problems.length > 0) throw new Error(`the page had problems:\n${problems.join('\n')}`);
    });

    define(async (address, options = {}) => {
      const { width = 1280, height = 800, theme = 'light', touch = false, offline = false } = options;
      const settings: BrowserContextOptions = {
        viewport: { width, height },
        colorScheme: theme,
        reducedMotion: 'reduce',
        ...(touch && { hasTouch: true, isMobile: true, deviceScaleFactor: 2 }),
        offline,
      };
      const context = await browser.newContext(settings);
      const page = await watch(context, address);
      pages.push(page);
      await page.page.goto(address);
      return page;
    });
  });
}
