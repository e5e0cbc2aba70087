/** The curve in the terminal: its dots, its axes. */

import { expect, test } from 'vitest';
import { curve } from '../../../src/cli/text/curve.ts';

const options = { width: 20, height: 5, decades: [-2, 2], range: [0, 1] } as const;

test('a line from corner to corner', () => {
  const lines = curve(
    [
      [0.01, 1],
      [100, 0],
    ],
    options,
  );
  expect(lines).toEqual([
    '1.00 ┤⠉⠒⠤⣀',
    '     ┤⠀⠀⠀⠀⠉⠒⠤⣀',
    '     ┤⠀⠀⠀⠀⠀⠀⠀⠀⠉⠒⠤⣀',
    '     ┤⠀⠀⠀⠀⠀⠀⠀⠀⠀⠀⠀⠀⠉⠒⠤⣀',
    '0.00 ┤⠀⠀⠀⠀⠀⠀⠀⠀⠀⠀⠀⠀⠀⠀⠀⠀⠉⠒⠤⣀',
    '     └┴────┴────┴───┴────┴',
    '     0.01 0.1   1  10   100',
  ]);
});

test('what lies outside is drawn at the edge', () => {
  const [top, ...rest] = curve([[1, 1000]], options);
  expect(top).toMatch(/[^⠀]$/);
  expect(rest.slice(0, 4).join('')).not.toMatch(/[⠁-⣿]/);
});

test('no two dots of a line are apart, however steep it is', () => {
  const lines = curve(
    [
      [1, 0],
      [1.01, 1],
    ],
    options,
  );
  for (const line of lines.slice(0, 5)) expect(line).toMatch(/[⠁-⣿]/);
});
