/** `mlp check-derivation`: what it prints, its JSON, its exit codes, and words that do not fit. */

import { tmpdir } from 'node:os';
import { describe, expect, test } from 'vitest';
import { expectError, expectPlain, lines, mlp } from '../run.ts';

const cwd = tmpdir();
const check = (...args: string[]) => mlp(['check-derivation', ...args], { cwd });

const RIGHT = 'dW2 = X1ᵀ (P − Y)/N + λ W2';
const UNTRANSPOSED = 'dW2 = X1 (P − Y)/N + λ W2';

test('a right equation: as understood, its shapes, the verdict, and exit code 0', async () => {
  const { code, stdout, stderr } = await check('--net', 'C', '--expr', RIGHT);
  expect([code, stderr]).toEqual([0, '']);
  expectPlain(stdout);
  const printed = lines(stdout);
  expect(printed[0]).toBe('dW2 = X1ᵀ·(P − Y)/N + λ·W2');
  expect(printed).toContain('  X1ᵀ·(P − Y) is H×N (4×6) times N×C (6×3): fine, H×C (4×3)');
  expect(printed.at(-1)).toMatch(
    /^right {2}dW2 is the exact gradient of net C: relative error \d\.\de-1\d, tolerance 1e-12; the project's own backward \d/,
  );
});

test('the same in ASCII, as a word of its own', async () => {
  const { code, stdout } = await check('--net', 'C', "dW2 = X1'*(P - Y)/N + lambda*W2");
  expect(code).toBe(0);
  expect(lines(stdout)[0]).toBe('dW2 = X1ᵀ·(P − Y)/N + λ·W2');
});

test('shapes that do not fit: the line of the one that does not, a hint, and exit code 4', async () => {
  const { code, stdout, stderr } = await check('--net', 'C', '--expr', UNTRANSPOSED);
  expect([code, stderr]).toEqual([4, '']);
  expect(stdout).toMatch(/^ {2}X1·\(P − Y\) is N×H \(6×4\) times N×C \(6×3\): .*; X1ᵀ would fit$/m);
  expect(stdout).toMatch(/^wrong {2}the shapes do not fit/m);
  expect(stdout).toMatch(/It would be right with X1ᵀ instead of X1 at character 7: /m);
});

test('wrong by value: the worst entries side by side, a hint, and exit code 4', async () => {
  const { code, stdout } = await check('--net', 'D', 'dW2 = x1 (x2 − y)ᵀ');
  expect(code).toBe(4);
  expect(stdout).toMatch(/^wrong {2}dW2 is not the exact gradient of net D: relative error \d/m);
  expect(stdout).toMatch(/^ {2}worst 5 of 15 +typed +exact$/m);
  expect(stdout.match(/^ {2}\[\d, \d\] +-?[\d.e-]+ +-?[\d.e-]+$/gm)).toHaveLength(5);
  expect(stdout).toMatch(/with ⊙ φ′\(z2\) after x2 − y/);
});

test('several equations: all are judged, and one wrong one decides', async () => {
  const { code, stdout } = await check('--net', 'C', '--expr', 'dS = P − Y', '--expr', RIGHT, 'dX1 = dS W2ᵀ');
  expect(code).toBe(4);
  expect(stdout.match(/^(right|wrong)/gm)).toEqual(['wrong', 'right', 'right']);
});

test('a step of note A, whose left side begins with a minus', async () => {
  const { code } = await check('--net', 'A', '--expr', "-alpha*grad_W = alpha/N*(L-S)*Z'");
  expect(code).toBe(0);
});

test('--activation is φ of net D', async () => {
  const text = 'x2 = tanh(z2)';
  expect((await check('--net', 'D', '--activation', 'tanh', text)).code).toBe(0);
  expect((await check('--net', 'D', text)).code).toBe(4);
});

test('--seed gives other numbers, and the same ones again', async () => {
  const print = async (seed: string) => (await check('--net', 'B', '--seed', seed, 'do = p')).stdout;
  expect(await print('7')).toBe(await print('7'));
  expect(await print('7')).not.toBe(await print('8'));
});

describe('--json', () => {
  test('one object by the contract, for equations that are right, wrong, and of shapes that do not fit', async () => {
    const { code, stdout } = await check('--net', 'C', '--json', RIGHT, 'dS = P − Y', UNTRANSPOSED);
    expect(code).toBe(4);
    expect(lines(stdout)).toHaveLength(1);
    const { passed, net, equations } = JSON.parse(stdout);
    expect([passed, net, equations.length]).toEqual([false, 'C', 3]);
    const [right, wrong, shapes] = equations;
    expect(right).toMatchObject({
      expression: RIGHT,
      left: 'dW2',
      passed: true,
      tolerance: 1e-12,
      diagnosis: null,
    });
    expect(right.maxRelativeError).toBeLessThan(1e-12);
    expect(right.productionError).toBeLessThan(1e-12);
    expect(right.shapes.at(-1)).toBe('the right side is H×C (4×3), as dW2: fine');
    expect(wrong).toMatchObject({ left: 'dS', passed: false, maxRelativeError: expect.closeTo(8, 9) });
    expect(wrong.diagnosis).toMatch(/^In dS, 1\/N is missing: .* It would be right divided by N/);
    expect(shapes).toMatchObject({ passed: false, maxRelativeError: null });
    expect(shapes.diagnosis).toMatch(
      /X1ᵀ would fit\. A transpose is missing\. It would be right with X1ᵀ instead of X1 at character 7/,
    );
  });

  test('all right: passed, and exit code 0', async () => {
    const { code, stdout } = await check('--net', 'C', '--json', RIGHT);
    expect([code, JSON.parse(stdout).passed]).toEqual([0, true]);
  });

  test('an error that is not finite is null', async () => {
    const { code, stdout } = await check('--net', 'C', '--json', 'dS = (P − Y)/(N − 6)');
    expect([code, JSON.parse(stdout).equations[0].maxRelativeError]).toEqual([4, null]);
  });
});

describe('--symbols', () => {
  test('the letters of a net with shapes, meaning and what can stand on the left', async () => {
    const { code, stdout } = await check('--net', 'C', '--symbols');
    expect(code).toBe(0);
    expectPlain(stdout);
    expect(stdout).toMatch(/^X1 +N×H \(6×4\) +R\(Z1\), the hidden units +X1 {2}dX1$/m);
    expect(stdout).toMatch(/^λ, lambda +a number/m);
    expect(stdout).toMatch(/^Y +N×C \(6×3\) +labels, one-hot$/m);
  });

  test('every equation that it offers is understood', async () => {
    const { stdout } = await check('--net', 'D', '--symbols', '--json');
    const { symbols } = JSON.parse(stdout) as { symbols: { left: string[] }[] };
    const equations = symbols.flatMap(({ left }) => left.flatMap((side) => ['--expr', `${side} = 1`]));
    expect(equations.length).toBeGreaterThan(20);
    const { code, stderr } = await check('--net', 'D', ...equations);
    expect([code, stderr]).toEqual([4, '']);
  });

  test('without a net, the nets', async () => {
    const { code, stdout } = await check('--symbols');
    expect(code).toBe(0);
    for (const net of ['A', 'A2', 'B', 'C', 'C-sigmoid', 'D', 'E', 'E-example', 'E-bias', 'E-svm']) {
      expect(stdout).toMatch(new RegExp(`^${net} {2,}\\w`, 'm'));
    }
    expect(JSON.parse((await check('--symbols', '--json')).stdout).nets).toHaveLength(10);
  });
});

test.each(['A', 'A2', 'B', 'C', 'C-sigmoid', 'D', 'E', 'E-example', 'E-bias', 'E-svm'])(
  '--symbols of net %s fits 80 columns',
  async (net) => {
    for (const line of lines((await check('--net', net, '--symbols')).stdout)) {
      expect([...line].length, line).toBeLessThanOrEqual(80);
    }
  },
);

test('the nets fit 80 columns, and what is wrapped goes on under its beginning', async () => {
  const { stdout } = await check('--symbols');
  for (const line of lines(stdout)) expect([...line].length, line).toBeLessThanOrEqual(80);
  expect(stdout).toMatch(/^E {10}the layer Y = XW .* summed\n? +over the rows$/m);
});

describe.concurrent('words that do not fit are refused in one line, with exit code 2:', () => {
  test.each<[args: string[], ...words: (string | RegExp)[]]>([
    [[], '--net', 'expected one of A, A2', '--symbols'],
    [['--net', 'C'], 'expected an equation', '--net C --symbols'],
    [['--net', 'C-sigmod', RIGHT], '--net', 'got "C-sigmod"', 'did you mean "C-sigmoid"'],
    [['--net', 'F', RIGHT], '--net', 'got "F"'],
    [['--net', 'C', 'dW2 = X1ᵀ (Q − Y)/N'], 'unknown name «Q» at character 12', '--symbols'],
    [['--net', 'C', 'dS = sofmax(S) − Y'], '«sofmax»', 'did you mean "softmax"'],
    [['--net', 'C', 'dW3 = X1ᵀ (P − Y)/N'], '«dW3» at character 1', 'did you mean "dW'],
    [['--net', 'C', 'dW2 = X1ᵀ (P − Y/N'], 'dW2 = X1ᵀ (P − Y/N', 'expected `)`', 'at character 19'],
    [['--net', 'C', RIGHT, 'dW2 X1'], '"dW2 X1"', 'expected `=`', 'at character 7'],
    [['--net', 'C', ''], 'the end of the equation'],
    [['--net', 'C', `dS = ${'[1,'.repeat(300)}1`], 'at most 30 parentheses'],
    [['--net', 'C', 'dW2 = dW2'], 'got the left side itself at character 7'],
    [['--net', 'C', 'W2 = X1'], 'W2, which is given'],
    [['--net', 'E', "dX = φ'(X)"], 'no activation', 'at character 6'],
    [['--net', 'C', '--activation', 'tanh', RIGHT], '--activation', '--net D only'],
    [['--net', 'D', '--activation', 'tnh', 'x2 = φ(z2)'], '--activation', 'did you mean "tanh"'],
    [['--net', 'D', '--seed', '-1', 'x2 = φ(z2)'], '--seed', 'expected a whole number from 0', '"-1"'],
    [['--net', 'D', '--seed', '1.5', 'x2 = φ(z2)'], '--seed', '"1.5"'],
    [['--net', 'C', '--symbols', RIGHT], '--symbols', 'expected no equation'],
    [['--net', 'C', '--expr'], '--expr', 'missing'],
    [['--net', 'C', '--exp', RIGHT], '--exp', '--expr'],
  ])('%j', async (args, ...words) => {
    expectError(await check(...args), 2, ...words);
  });
});

test('--help shows every flag, and an example', async () => {
  const { code, stdout } = await check('--help');
  expect(code).toBe(0);
  for (const flag of ['net', 'expr', 'activation', 'seed', 'symbols', 'json', 'no-color']) {
    expect(stdout).toMatch(new RegExp(`^ {2}--${flag}\\b`, 'm'));
  }
  expect(stdout).toMatch(/Examples:\n +mlp check-derivation/);
});
