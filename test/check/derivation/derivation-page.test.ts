/** docs/derivations.md is what the derivations say, and its links lead somewhere. */

import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { derivationPage } from '../../../src/check/derivation/derivation-page.ts';
import { DERIVATIONS } from '../../../src/formulas/derivations/derivations.ts';

const docs = fileURLToPath(new URL('../../../docs/', import.meta.url));
const page = derivationPage();

test('docs/derivations.md is up to date; if it is not: npm run build, then node scripts/write-derivations.mjs', () => {
  expect(readFileSync(`${docs}derivations.md`, 'utf8')).toBe(page);
});

test('every derivation has its place, once, with all of its lines and rules', () => {
  for (const { id, title, chains } of DERIVATIONS) {
    const parts = page.split(`<a id="${id}"></a>`);
    expect(parts.length, id).toBe(2);
    const own = parts[1].split('<a id=')[0];
    expect(own).toContain(`${id} · ${title}`);
    for (const { unicode, rule } of chains.flat()) expect(own).toContain(`\`${unicode}\`<br>${rule}`);
  }
});

test('every link leads to a file or to a place on a page', () => {
  const links = [...page.matchAll(/\]\(([^)\s]+)\)/g)].map(([, target]) => target);
  expect(links.length).toBeGreaterThan(100);
  const formulas = readFileSync(`${docs}formulas.md`, 'utf8');
  for (const link of new Set(links)) {
    const [file, place] = link.split('#');
    if (file !== '') expect(existsSync(docs + file), link).toBe(true);
    if (place !== undefined) expect(file === '' ? page : formulas, link).toContain(`<a id="${place}"></a>`);
  }
});
