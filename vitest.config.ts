import { readdirSync, readFileSync } from 'node:fs';
import { defineConfig } from 'vitest/config';

/** The test files that have more to do when soaking: those that import test/support/soak.ts. */
const soaking = () =>
  readdirSync('test', { recursive: true, encoding: 'utf8' })
    .map((name) => `test/${name.replaceAll('\\', '/')}`)
    .filter((path) => path.endsWith('.test.ts') && readFileSync(path, 'utf8').includes('/support/soak.ts'));

export default defineConfig(({ mode }) => ({
  test: {
    include: mode === 'soak' ? soaking() : ['test/**/*.test.ts'],
    globalSetup: 'test/support/environment.ts',
    setupFiles: 'test/support/equality.ts',
    // For a slow machine, or one with other work to do: a test that hangs is all that this ends.
    testTimeout: 180_000,
    hookTimeout: 180_000,
    expect: { poll: { timeout: 60_000 } },
    // All cores: without a word Vitest leaves one idle, which is half of a small machine.
    maxWorkers: '100%',
  },
}));
