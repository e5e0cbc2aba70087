/** The files of the built page, read once: there is no path by which another could be asked for. */

import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';

/** One file as it is sent. */
export interface PageFile {
  /** Its media type. */
  readonly type: string;
  readonly bytes: Buffer;
  /** Of the bytes, quoted. */
  readonly etag: string;
}

/** The files by their path below the page's address, `app.js`. */
export type PageFiles = ReadonlyMap<string, PageFile>;

/** As seen from src/web/server and from dist/web/server. */
const BUILT = new URL('../../../dist/web/', import.meta.url);

const TYPES: Readonly<Record<string, string>> = {
  html: 'text/html; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  css: 'text/css; charset=utf-8',
  woff2: 'font/woff2',
};

/**
 * The page's files: `index.html`, `app.js`, `fonts/KaTeX_Main-Regular.woff2`, …
 *
 * @throws an error of the system's if the page has not been built
 */
export async function readPageFiles(): Promise<PageFiles> {
  const files = new Map<string, PageFile>();
  for (const folder of ['', 'fonts/']) {
    const place = new URL(`page/${folder}`, BUILT);
    for (const entry of await readdir(place, { withFileTypes: true })) {
      const type = TYPES[entry.name.split('.').at(-1) ?? ''];
      if (!entry.isFile() || type === undefined) continue;
      const bytes = await readFile(new URL(entry.name, place));
      const etag = `"${createHash('sha256').update(bytes).digest('base64url')}"`;
      files.set(`${folder}${entry.name}`, { type, bytes, etag });
    }
  }
  return files;
}

/** The text of the one-file page without its data; `standalonePage` puts them in. */
export async function readStandaloneShell(): Promise<string> {
  return readFile(new URL('standalone.html', BUILT), 'utf8');
}
