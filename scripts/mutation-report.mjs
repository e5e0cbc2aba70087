/**
 * `npm run mutation`: prints the mutation report, made from `dist`. Exits with 1 if a mutant survives or one that is
 * listed as equivalent is not.
 */

import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));

if (!existsSync(join(root, 'dist/network/network.js'))) {
  console.error('mutation-report: expected dist/, which npm run build makes, got none');
  process.exit(3);
}

// The harness is TypeScript, which Node 20 does not run as it is.
const folder = mkdtempSync(join(tmpdir(), 'mlp-mutation-'));
try {
  const config = {
    extends: join(root, 'tsconfig.json'),
    compilerOptions: { noEmit: false, noCheck: true, types: [], rootDir: root, outDir: folder },
    include: [join(root, 'test/mutation')],
    exclude: [join(root, '**/*.test.ts')],
  };
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(config));
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }\n');
  const compiler = join(root, 'node_modules/typescript/bin/tsc');
  execFileSync(process.execPath, [compiler, '-p', folder], { stdio: ['ignore', 2, 2] });

  const load = (name) => import(pathToFileURL(join(folder, 'test/mutation', name)));
  const [{ Linker }, { runAll }, { report }] = await Promise.all(
    ['linker.js', 'outcomes.js', 'report.js'].map(load),
  );
  const outcomes = runAll(new Linker(pathToFileURL(join(root, 'dist/'))));
  process.stdout.write(report(outcomes));
  for (const key of outcomes.survivors) console.error(`survived: ${key}`);
  for (const key of outcomes.stale) console.error(`listed as equivalent, and is not: ${key}`);
  process.exitCode = outcomes.survivors.length + outcomes.stale.length === 0 ? 0 : 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
