/**
 * The surroundings of every test: a user's machine, not the developer's. The time zone, the locale, the width of the terminal, the
 * folder for temporary files and the home folder are all unlike those that a test would be written against.
 */

import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** 120 characters and some spaces: what a path in the middle of a line of output does to its layout shows. */
const LONG_NAME = 'a folder with a long name and spaces '.repeat(4).slice(0, 120).trimEnd();

/** Sets the environment that the tests and the programs they start inherit; `MLP_TEST_ENVIRONMENT=plain` keeps the user's own. */
export default function setup(): (() => void) | undefined {
  if (process.env.MLP_TEST_ENVIRONMENT === 'plain') return undefined;
  const root = mkdtempSync(join(tmpdir(), 'mlp-tests-'));
  const temporary = join(root, LONG_NAME);
  mkdirSync(temporary);
  Object.assign(process.env, {
    TZ: 'Pacific/Kiritimati',
    LANG: 'tr_TR.UTF-8',
    LC_ALL: 'tr_TR.UTF-8',
    COLUMNS: '40',
    FORCE_COLOR: '1',
    HOME: join(root, 'no home'),
    ...{ TMPDIR: temporary, TEMP: temporary, TMP: temporary },
  });
  return () => rmSync(root, { recursive: true, force: true, maxRetries: 3 });
}
