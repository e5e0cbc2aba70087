// Writes docs/formulas.md from the registry of formulas and what their checks measure. Needs `npm run build` first.
import { writeFileSync } from 'node:fs';
import { checkFormulas } from '../dist/check/formulas/formula-checks.js';
import { formulaPage } from './formula-page.mjs';

const checks = checkFormulas();
const failed = checks.filter(({ passed }) => !passed);
for (const { name, maxRelativeError, diagnosis } of failed) {
  console.error(`${name}: error ${maxRelativeError}${diagnosis === null ? '' : `, ${diagnosis}`}`);
}
if (failed.length > 0) process.exitCode = 4;
else writeFileSync(new URL('../docs/formulas.md', import.meta.url), formulaPage(checks));
