// Writes docs/derivations.md from the derivations. Needs `npm run build` first.
import { writeFileSync } from 'node:fs';
import { derivationPage } from '../dist/check/derivation/derivation-page.js';

writeFileSync(new URL('../docs/derivations.md', import.meta.url), derivationPage());
