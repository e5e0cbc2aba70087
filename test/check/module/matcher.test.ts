/** The entry points for tests: the function, the matcher and its registration. */

import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import * as entry from '../../../src/check/index.ts';
import '../../../src/check/vitest.ts';
import { activation, affine, map } from './modules.ts';

const right = activation(Math.tanh, (delta, _, y) => delta * (1 - y * y));
const wrong = activation(Math.tanh, (delta) => delta);

describe('checkGradients', () => {
  test('gives verdict, checks and report', () => {
    const { passed, checks, tensors, report } = entry.checkGradients(wrong, { name: 'tanh' });
    expect(passed).toBe(false);
    expect(checks.find(({ name }) => name === 'dx')).toMatchObject({ passed: false, tolerance: 1e-6 });
    expect(tensors[0]).toMatchObject({ name: 'dx', shape: [4, 3] });
    expect(report).toMatch(/^tanh: a layer/);
    expect(report).toContain('φ′ is missing');
    expect(entry.checkGradients(right).passed).toBe(true);
  });

  test('names a class', () => {
    class Tanh {
      forward = right.forward;
      backward = right.backward;
    }
    expect(entry.checkGradients(Tanh).report).toMatch(/^Tanh: /);
    expect(entry.checkGradients(new Tanh()).report).toMatch(/^Tanh: /);
  });
});

describe('toHaveCorrectGradients', () => {
  test('passes a right layer, and with .not a wrong one', () => {
    expect(right).toHaveCorrectGradients();
    expect(wrong).not.toHaveCorrectGradients();
    expect(affine()).toHaveCorrectGradients({ shapes: { x: [2, 5], W: [5, 1], b: [1] }, seed: 3 });
  });

  test('fails with the whole report', () => {
    const { report } = entry.checkGradients(wrong);
    expect(() => expect(wrong).toHaveCorrectGradients()).toThrow(`expected correct gradients\n\n${report}`);
    expect(() => expect(right).not.toHaveCorrectGradients()).toThrow(
      'expected wrong gradients\n\nmodule: a layer',
    );
  });

  test('takes the options', () => {
    const off = activation(
      (x) => x,
      (delta) => delta * 1.001,
    );
    expect(off).not.toHaveCorrectGradients();
    expect(off).toHaveCorrectGradients({ tolerance: 0.01 });
  });

  test('fails either way for what cannot be checked', () => {
    const none = { forward: (x: number[][]) => map(x, (v) => v) };
    expect(() => expect(none).toHaveCorrectGradients()).toThrow(entry.ModuleError);
    expect(() => expect(none).not.toHaveCorrectGradients()).toThrow(entry.ModuleError);
  });
});

test('the entry point never imports vitest: only the one that registers does', () => {
  const seen = new Set<string>();
  const visit = (url: URL): void => {
    if (seen.has(url.href)) return;
    seen.add(url.href);
    const code = readFileSync(url, 'utf8');
    for (const [, from] of code.matchAll(/\bfrom '([^']+)'/g)) {
      expect(from, url.href).toMatch(/^\.{1,2}\//);
      visit(new URL(from, url));
    }
  };
  visit(new URL('../../../src/check/index.ts', import.meta.url));
  expect(seen.size).toBeGreaterThan(10);
});
