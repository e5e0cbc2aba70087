/** A page whose errors, policy violations and requests to others are noted. */

import type { BrowserContext, Page } from 'playwright-core';

/** What a test works with. */
export interface WatchedPage {
  readonly page: Page;
  /** In words; a test that expects one takes it out. */
  readonly problems: string[];
}

/** Schemes of what a page holds in itself. */
const OWN = ['data:', 'blob:', 'about:'];

/**
 * Opens an empty page of the context and begins to watch.
 *
 * @param address where it will go; it may ask only this origin, or for a file only this file
 */
export async function watch(context: BrowserContext, address: string): Promise<WatchedPage> {
  const problems: string[] = [];
  const home = new URL(address);
  const isOwn = (url: URL) =>
    home.protocol === 'file:' ? url.pathname === home.pathname : url.origin === home.origin;
  context.on('request', (request) => {
    const url = new URL(request.url());
    if (OWN.includes(url.protocol) || (url.protocol === home.protocol && isOwn(url))) return;
    problems.push(`asked for ${url.href}`);
  });
  context.on('console', (message) => {
    if (message.type() === 'error') problems.push(`console: ${message.text()} (${message.location().url})`);
  });
  context.on('weberror', (error) => problems.push(`uncaught: ${error.error().stack ?? error.error()}`));
  await context.addInitScript(() => {
    addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI, sourceFile, lineNumber }) =>
      console.error(`policy: ${violatedDirective} blocked ${blockedURI} at ${sourceFile}:${lineNumber}`),
    );
  });
  return { page: await context.newPage(), problems };
}
