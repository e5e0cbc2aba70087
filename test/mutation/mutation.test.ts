/** Every way of breaking a backward that the operators know is found out by a check: all when soaking, else every 16th. */

import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, test } from 'vitest';
import { SOAK } from '../support/soak.ts';
import { BATTERY } from './battery.ts';
import { Code } from './code.ts';
import { Linker } from './linker.ts';
import { type Outcomes, runAll } from './outcomes.ts';
import { report } from './report.ts';
import { controls, WITNESSES } from './semantic-mutants.ts';
import { MUTATED_FILES } from './sources.ts';
import { tokenize } from './tokens.ts';
import { judge, ROUNDS } from './trial.ts';

/** How many there are: fewer, and the generator has lost some. */
const SOURCE_MUTANTS = 2100;
const SEMANTIC_MUTANTS = 638;

const linker = new Linker(new URL('../../dist/', import.meta.url));

describe('the right program', () => {
  test.each(BATTERY)('passes: $name', (check) => {
    const findings = linker.run(ROUNDS / 10, () => check.run(linker.link(), linker.right));
    expect(findings.length).toBeGreaterThan(0);
    expect(findings.filter(({ passed }) => !passed)).toEqual([]);
  });

  test('passes the checks of the semantic mutants, under both witnesses', () => {
    const findings = controls(linker);
    expect(findings.length).toBeGreaterThan(900);
    expect(findings.filter(({ passed }) => !passed)).toEqual([]);
  });
});

describe('every mutant', () => {
  let outcomes: Outcomes;
  beforeAll(() => {
    outcomes = runAll(linker, SOAK ? 1 : 16);
  }, 600_000);

  test('is found out, or listed as equivalent', () => {
    expect(outcomes.survivors).toEqual([]);
  });

  test('that is listed as equivalent still is', () => {
    expect(outcomes.stale).toEqual([]);
  });

  test('is still generated, in every function that is not left out', () => {
    const { trials, cells } = outcomes;
    const made = trials.filter(({ outcome }) => outcome !== 'stillborn');
    if (SOAK) expect(made.length).toBeGreaterThanOrEqual(SOURCE_MUTANTS);
    expect(outcomes.sourceMutants).toBeGreaterThanOrEqual(SOURCE_MUTANTS);
    expect(cells.filter(({ outcome }) => outcome === 'killed').length).toBeGreaterThanOrEqual(
      SEMANTIC_MUTANTS,
    );
    const expected = MUTATED_FILES.flatMap(({ file, leftOut }) => {
      const names = new Code(linker.read(file)).functions.map(({ name }) => name);
      return names.filter((name) => !(name in leftOut));
    });
    const killed = made.filter(({ outcome }) => outcome !== 'survived').map(({ mutant }) => mutant.name);
    expect(expected.length).toBeGreaterThan(40);
    expect(expected.filter((name) => !killed.includes(name))).toEqual([]);
  });

  test('of the semantic ones is wrong by far more than the tolerance, in whatever witness', () => {
    for (const { fault, site, kills } of outcomes.cells) {
      for (const witness of WITNESSES) {
        expect(kills[witness]?.error ?? 1, `${fault}, ${site}`).toBeGreaterThan(1e-4);
      }
    }
  });

  test('is counted by the report, which names no survivor, and by docs/mutation.md', () => {
    expect(report(outcomes)).toContain('Survivors: none.');
    const page = readFileSync(new URL('../../docs/mutation.md', import.meta.url), 'utf8');
    const [, source, semantic] =
      page
        .replaceAll(/\s+/g, ' ')
        .match(/No mutant survives, of more than ([\d,]+) source mutants and more than ([\d,]+) semantic/) ??
      [];
    const count = (text: string) => Number(text.replaceAll(',', ''));
    expect(outcomes.sourceMutants).toBeGreaterThan(count(source));
    expect(outcomes.cells.filter(({ outcome }) => outcome === 'killed').length).toBeGreaterThan(
      count(semantic),
    );
  });
});

describe('the tokens of a source', () => {
  test('are words, numbers, texts and signs, without comments', () => {
    const texts = tokenize("let #a = b.c ??= 'x//y' + 1.5; /* no */ // nor this").map(({ text }) => text);
    expect(texts).toEqual(['let', '#a', '=', 'b', '.', 'c', '??=', "'x//y'", '+', '1.5', ';']);
    expect(() => tokenize('a @ b')).toThrow('tokenize: expected a token at 2, got @ b');
  });

  test('make functions and operands', () => {
    const code = new Code(
      'class A extends B { #f; g(x) { return -x.y(1)[2] * 3 + 4; } }\nconst h = (a) => a + 1;\n',
    );
    expect(code.functions.map(({ name }) => name)).toEqual(['A.g', 'h']);
    expect(code.fields('A')).toEqual(['#f']);
    const at = (text: string) => code.tokens.findIndex((token) => token.text === text);
    expect(code.text(code.operandStart(at('*') - 1), at('*') - 1)).toBe('x.y(1)[2]');
    expect(code.text(code.termStart(at('+') - 1), at('+') - 1)).toBe('x.y(1)[2] * 3');
  });
});

describe('a mutant', () => {
  const broken = (from: string, to: string) => {
    const source = linker.read('network/penalties.js');
    expect(source).toContain(from);
    return linker.link('network/penalties.js', source.replace(from, to));
  };
  const penalty = BATTERY.find(({ name }) => name.startsWith('L2')) as (typeof BATTERY)[number];

  test.each([
    ['that is right survives', 'this.lambda / 2', 'this.lambda * 0.5', 'survived'],
    ['that is wrong fails a check', 'w, this.lambda, gradient', 'w, 2 * this.lambda, gradient', 'check'],
    ['that throws is found out', 'w, this.lambda, gradient', 'w.none.none', 'exception'],
    ['that never ends is stopped', 'return this.#penalty', 'for (let i = 0; true; i++) ;', 'endless loop'],
    ['that names nothing is stillborn', 'return this.#penalty', 'return none', 'stillborn'],
  ])('%s', (_, from, to, outcome) => {
    expect(judge(linker, broken(from, to), penalty)).toBe(outcome);
  });
});
