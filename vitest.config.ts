import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    testTimeout: 60_000,
    // All cores: without a word Vitest leaves one idle, which is half of a small machine.
    maxWorkers: '100%',
  },
});
