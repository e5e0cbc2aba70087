import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: 'test/support/environment.ts',
    setupFiles: 'test/support/equality.ts',
    // For a slow machine, or one with other work to do: a test that hangs is all that this ends.
    testTimeout: 180_000,
    hookTimeout: 180_000,
    // All cores: without a word Vitest leaves one idle, which is half of a small machine.
    maxWorkers: '100%',
  },
});
