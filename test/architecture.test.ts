/** The map in docs/architecture.md names the folders under src, all of them and no other. */

import { readdirSync, readFileSync } from 'node:fs';
import { join, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const root = fileURLToPath(new URL('../', import.meta.url));

/** The folders of the map's tree, found by their indentation. */
function mapped(page: string): string[] {
  const path: string[] = [];
  return [...page.matchAll(/^( *)([\w-]+)\/(?= |$)/gm)]
    .map(([, indent, name]) => {
      path.splice(indent.length / 2, Number.POSITIVE_INFINITY, name);
      return path.join('/');
    })
    .filter((folder) => folder.startsWith('src/'));
}

test('the map names every folder under src', () => {
  const page = readFileSync(join(root, 'docs/architecture.md'), 'utf8');
  const folders = readdirSync(join(root, 'src'), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => join(entry.parentPath, entry.name).slice(root.length).split(sep).join('/'));
  expect(mapped(page).sort()).toEqual(folders.sort());
});
