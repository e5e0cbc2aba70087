/** Without a browser the tests are skipped and say so. */

import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const root = fileURLToPath(new URL('../../', import.meta.url));

test('where no browser can be had, the tests that need one are skipped, and say what was not tested', async () => {
  const vitest = join(root, 'node_modules/vitest/vitest.mjs');
  const env = { ...process.env, PATH: '/nowhere', CHROMIUM_PATH: '', NO_COLOR: '1' };
  const words = [vitest, 'run', 'test/browser/page.test.ts', '--reporter', 'verbose'];
  const output = await new Promise<string>((resolve, reject) =>
    execFile(process.execPath, words, { cwd: root, env }, (error, stdout, stderr) =>
      error ? reject(error) : resolve(stdout + stderr),
    ),
  );
  expect(output).toContain(
    'skipped: the tests of the frame of the page in a browser, as there is no browser (chromium, ',
  );
  expect(output).toMatch(/Tests {2}\d+ skipped/);
});
