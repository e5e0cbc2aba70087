/** That the tests run where a user's machine may differ most. */

import { tmpdir } from 'node:os';
import { expect, test } from 'vitest';

test.skipIf(process.env.MLP_TEST_ENVIRONMENT === 'plain')('the tests run in odd surroundings', () => {
  expect(new Date(2026, 0, 1).toISOString()).toBe('2025-12-31T10:00:00.000Z');
  expect(new Intl.NumberFormat().format(1234.5)).toBe('1.234,5');
  expect(process.env.COLUMNS).toBe('40');
  expect(tmpdir().length).toBeGreaterThan(120);
  expect(tmpdir()).toContain(' ');
});
