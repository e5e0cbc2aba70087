#!/usr/bin/env node
import { existsSync } from 'node:fs';

const entry = new URL('../dist/cli/main.js', import.meta.url);
if (existsSync(entry)) {
  const { main } = await import(entry);
  process.exitCode = await main(process.argv.slice(2));
} else {
  process.stderr.write('error: mlp is not built yet; run npm ci in its folder first\n');
  process.exitCode = 1;
}
