/** docs/formulas.md is what the registry and the checks say, and its links lead somewhere. */

import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { formulaPage } from '../../scripts/formula-page.mjs';
import { checkFormulas } from '../../src/check/formulas/formula-checks.ts';
import { FORMULAS, SLIPS } from '../../src/formulas/registry.ts';

const docs = fileURLToPath(new URL('../../docs/', import.meta.url));
const checks = checkFormulas();
const page = formulaPage(checks);

test('docs/formulas.md is up to date; if it is not: npm run build, then node scripts/write-formulas.mjs', () => {
  expect(readFileSync(`${docs}formulas.md`, 'utf8')).toBe(page);
});

test('every link leads to a file or to a place on the page', () => {
  const links = [...page.matchAll(/\]\(([^)\s]+)\)/g)].map(([, target]) => target);
  expect(links.length).toBeGreaterThan(100);
  const places = new Set([...page.matchAll(/<a id="([^"]+)"><\/a>/g)].map(([, id]) => `#${id}`));
  for (const link of new Set(links)) {
    if (link.startsWith('#')) expect(places).toContain(link);
    else expect(existsSync(docs + link), link).toBe(true);
  }
});

test('every formula and slip has its place, once, with its error and its lines', () => {
  for (const { id, title, latex, unicode } of [...FORMULAS, ...SLIPS]) {
    const parts = page.split(`<a id="${id}"></a>`);
    expect(parts.length, id).toBe(2);
    const own = parts[1].split('<a id=')[0];
    expect(own).toContain(`${id} · ${title}`);
    expect(own).toMatch(/error \*\*(?:0|\d\.\de-1\d)\*\*/i);
    for (const line of [...latex, ...unicode]) expect(own).toContain(`\n${line}\n`);
  }
});

test('an error has two significant digits, and what is refused shows its shapes', () => {
  const errors = [...page.matchAll(/error \*\*([^*]+)\*\*/gi)].map(([, error]) => error);
  expect(errors.length).toBeGreaterThan(FORMULAS.length + SLIPS.length);
  for (const error of errors) expect(error).toMatch(/^(?:0|\d\.\de[+-]\d+)$/);
  const refused = page.split('refused, the shapes do not fit');
  expect(refused.length).toBeGreaterThan(3);
  for (const after of refused.slice(1)) expect(after.split('<a id=')[0]).toMatch(/\n> .*\d×\d/);
});

test('code blocks and formula blocks are closed', () => {
  expect(page.match(/^```/gm)?.length).toSatisfy((count: number) => count % 2 === 0);
  expect(page.match(/^\$\$$/gm)?.length).toSatisfy((count: number) => count % 2 === 0);
  expect(page.endsWith('\n')).toBe(true);
  expect(page).not.toMatch(/[ \t]\n|\n{3}|undefined|\[object|NaN/);
});

test('a formula without a check is refused', () => {
  expect(() => formulaPage(checks.filter(({ formulas }) => formulas[0] !== 'D4'))).toThrow(
    'formulaPage: expected a check of D4, got none',
  );
});
