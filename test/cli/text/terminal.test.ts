/** When a bar may be drawn, and when there is colour. */

import { afterEach, expect, test, vi } from 'vitest';
import { openTerminal } from '../../../src/cli/text/terminal.ts';

const streams = [process.stdout, process.stderr];
const were = streams.map(({ isTTY }) => isTTY);

afterEach(() => {
  vi.unstubAllEnvs();
  streams.forEach((stream, i) => {
    stream.isTTY = were[i];
  });
});

/** A terminal whose streams are such. */
function opened(env: Record<string, string>, isTTY: boolean, noColor = false) {
  for (const [name, value] of Object.entries({ TERM: 'xterm', NO_COLOR: '', ...env }))
    vi.stubEnv(name, value);
  for (const stream of streams) stream.isTTY = isTTY;
  return openTerminal({ noColor });
}

test('NO_COLOR and --no-color remove colour, and not the bar', () => {
  expect(opened({}, true).redraws).toBe(true);
  for (const terminal of [opened({ NO_COLOR: '1' }, true), opened({}, true, true)]) {
    expect(terminal.redraws).toBe(true);
    expect(terminal.colour.red('x')).toBe('x');
  }
});

test('nothing is redrawn where TERM is dumb or a stream is no terminal', () => {
  expect(opened({ TERM: 'dumb' }, true).redraws).toBe(false);
  expect(opened({}, false).redraws).toBe(false);
});
