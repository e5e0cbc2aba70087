/** The registry: complete, well written, and cited by and citing the code that there is. */

import { readdirSync, readFileSync } from 'node:fs';
import { join, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import type { Statement } from '../../src/formulas/formula.ts';
import { functionName } from '../../src/formulas/notes/code.ts';
import { FORMULAS, formula, NOTES, SLIPS } from '../../src/formulas/registry.ts';
import { ACTIVATION_NAMES } from '../../src/kernels/activations.ts';
import { LOSS_NAMES } from '../../src/kernels/losses.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));

/** The ids of a note's formulas, `D1` to `D7`. */
const upTo = (note: string, last: number) => Array.from({ length: last }, (_, i) => `${note}${i + 1}`);

const CLEAN_READING = [
  ...['A1', 'A2', 'A4', 'A5', 'A6', 'A7', 'A9', 'A10', 'A11'],
  ...upTo('B', 10),
  ...upTo('C', 11),
  ...upTo('D', 9),
  ...upTo('E', 6),
];

/** The project's own: optimizers and schedules up to X11, then what the notes leave out, activations, regularisation. */
const OWN = [...upTo('X', 17), ...[20, 21, 22, 23, 28, 24, 25, 26, 27].map((n) => `X${n}`)];

const SLIPS_OF_THE_TABLE = [
  ...['slip-A1', 'slip-A2', 'slip-A4', 'slip-A5', 'slip-A6', 'slip-A7'],
  'slip-B2',
  ...['slip-C1', 'slip-C2', 'slip-C4', 'slip-C5', 'slip-C6'],
  'slip-D1',
];

const sources = readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.ts'))
  .map((name) => `src/${name.split(sep).join('/')}`)
  .sort();

const textOf = new Map(sources.map((file) => [file, readFileSync(join(root, file), 'utf8')]));

const commentsOf = (text: string) =>
  [...text.matchAll(/\/\*[\s\S]*?\*\/|(?<=^|\s)\/\/.*/gm)].map(([found]) => found);

/** The ids that a comment cites: `D4`, `C1 to C6`, `slip-B2`. `X1` is a letter of note C's network; formulas X have two digits. */
function citedIn(comment: string): string[] {
  const cited: string[] = [];
  for (const [found, slip = '', note, first, last] of comment.matchAll(
    /(?<![\w#-])(slip-)?([A-EX])(\d+)(?:\s+to[\s*]+\2(\d+))?(?!\w)/g,
  )) {
    for (let n = Number(first); n <= Number(last ?? first); n++) cited.push(`${slip}${note}${n}`);
    if (last !== undefined && Number(last) <= Number(first)) cited.push(`${found}, which is no range`);
  }
  return cited;
}

interface Declared {
  readonly file: string;
  /** The doc comment right above. */
  readonly comment: string;
  readonly abstract: boolean;
  readonly parent: string | undefined;
  readonly body: string;
}

/** The classes of a file by their name, with the text up to the closing brace in the first column. */
function classesOf(file: string): Map<string, Declared> {
  const pattern =
    /(?<comment>\/\*\*(?:(?!\*\/)[\s\S])*\*\/\n)?(?:export )?(?<abstract>abstract )?class (?<name>\w+)(?: extends (?<parent>\w+))?[^{]*\{(?<body>[\s\S]*?)\n\}/g;
  return new Map(
    [...(textOf.get(file) ?? '').matchAll(pattern)].map(({ groups = {} }) => [
      groups.name,
      {
        file,
        comment: groups.comment ?? '',
        abstract: groups.abstract !== undefined,
        parent: groups.parent,
        body: groups.body,
      },
    ]),
  );
}

/** Whether a file declares a function or class, or a method in a class or in those of the same file above it. */
function declares(file: string, name: string): boolean {
  const [owner, method] = name.split('.');
  if (method === undefined) {
    return new RegExp(`^(?:export )?(?:function|class|const) ${owner}\\b`, 'm').test(textOf.get(file) ?? '');
  }
  const classes = classesOf(file);
  for (let of = classes.get(owner); of !== undefined; of = classes.get(of.parent ?? '')) {
    if (new RegExp(`^  (?:protected )?${method}\\(`, 'm').test(of.body)) return true;
  }
  return false;
}

describe('completeness', () => {
  test('the formulas are those of the clean reading, in its order', () => {
    expect(FORMULAS.map(({ id }) => id)).toEqual([...CLEAN_READING, ...OWN]);
  });

  test('the slips are those of the table', () => {
    expect(SLIPS.map(({ id }) => id)).toEqual(SLIPS_OF_THE_TABLE);
  });

  test('what a note has, it has of itself', () => {
    for (const note of NOTES) {
      expect(note.title).not.toBe('');
      for (const { id, note: of } of [...note.formulas, ...note.slips]) {
        expect(of, id).toBe(note.name);
        expect(id.replace('slip-', '')[0], id).toBe(note.name);
      }
    }
  });

  test.each(FORMULAS.map((of) => [of.id, of] as const))('%s says all there is to say', (_id, of) => {
    expect(of.title).toMatch(/^\S.*[^.\s]$/);
    expect(of.unicode.length).toBeGreaterThan(0);
    if (of.note === 'X') {
      expect(of.derivation).toMatch(/^\S.*\.$/);
      expect(of.source).toMatch(/\b\d{4}\b.*\.$/);
    } else {
      expect(of.net).toBeDefined();
    }
    expect(of.symbols.length).toBeGreaterThan(0);
    expect(of.code.length).toBeGreaterThan(0);
    expect(new Set(of.symbols.map(({ symbol }) => symbol)).size).toBe(of.symbols.length);
    for (const { symbol, latex, shape, meaning } of of.symbols) {
      expect([symbol, latex, shape, meaning]).not.toContain('');
    }
  });

  test.each(SLIPS.map((slip) => [slip.id, slip] as const))('%s says all there is to say', (_id, slip) => {
    expect(slip.why).toMatch(/\.$/);
    expect(slip.unicode.length).toBeGreaterThan(0);
    expect(slip.right.length).toBeGreaterThan(0);
    expect(slip.formulas.length).toBeGreaterThan(0);
    for (const id of slip.formulas) expect(formula(id).id).toBe(id);
    expect(slip.latex.length).toBe(slip.right.length);
  });

  test('formula finds by id and refuses what is none', () => {
    expect(formula('D4').title).toBe('the δ of the output layer');
    expect(() => formula('D10')).toThrow(
      "formula: expected one of the notes' (A1 … E6) or an X of the project's own, got D10",
    );
  });
});

describe('what GitHub renders', () => {
  const statements: readonly (Statement & { readonly id: string })[] = [...FORMULAS, ...SLIPS];

  const isBalanced = (latex: string) => {
    let depth = 0;
    for (const c of latex.replaceAll(/\\./g, '')) {
      if (c === '{') depth++;
      if (c === '}' && --depth < 0) return false;
    }
    const count = (pattern: RegExp) => [...latex.matchAll(pattern)].length;
    return (
      depth === 0 && count(/\\left\b/g) === count(/\\right\b/g) && count(/\\begin\{/g) === count(/\\end\{/g)
    );
  };

  test.each(statements.map((of) => [of.id, of] as const))(
    '%s: LaTeX and Unicode, line by line',
    (_id, of) => {
      expect(of.latex.length).toBe(of.unicode.length);
      for (const line of of.latex) {
        expect(line, line).toSatisfy(isBalanced);
        // Markdown takes a backslash away before punctuation, reads < as HTML, and ends the formula at a dollar.
        expect(line).not.toMatch(/\\[^a-zA-Z]|[<>$|*]/);
      }
    },
  );

  test('no letter breaks a table', () => {
    for (const { symbols, title } of FORMULAS) {
      for (const { latex, shape, meaning } of symbols) {
        expect(latex, latex).toSatisfy(isBalanced);
        expect(latex + shape + meaning + title).not.toMatch(/[|$*<`]|\\[^a-zA-Z]/);
      }
    }
  });
});

describe('code', () => {
  test.each(FORMULAS.map((of) => [of.id, of] as const))('%s cites code that exists', (_id, { code }) => {
    for (const { file, name } of code) {
      expect(sources, name).toContain(file);
      expect(declares(file, name), `${name} in ${file}`).toBe(true);
    }
  });

  test('the reader of sources knows what a file declares', () => {
    expect(declares('src/network/dense.ts', 'Dense.backward')).toBe(true);
    expect(declares('src/network/penalties.ts', 'L2.forward')).toBe(true);
    expect(declares('src/network/dense.ts', 'Dense.sideways')).toBe(false);
    expect(declares('src/network/dense.ts', 'Activation.forward')).toBe(false);
    expect(declares('src/check/formulas/softmax-jacobian.ts', 'softmaxHessian')).toBe(false);
  });

  test('every id that a comment of src cites is in the registry', () => {
    const known = new Set<string>([...FORMULAS, ...SLIPS].map(({ id }) => id));
    const cited = [...textOf].flatMap(([file, text]) =>
      commentsOf(text).flatMap((comment) => citedIn(comment).map((id) => ({ file, id }))),
    );
    expect(cited.length).toBeGreaterThan(50);
    expect(cited.filter(({ id }) => !known.has(id))).toEqual([]);
  });

  test('the reader of comments knows ids from other words', () => {
    expect(citedIn('Formulas: E1, E2; C4 to C6 and D5 to\n * D7 (slip-B2).')).toEqual([
      'E1',
      'E2',
      'C4',
      'C5',
      'C6',
      'D5',
      'D6',
      'D7',
      'slip-B2',
    ]);
    expect(citedIn('A9, slip-A7')).toEqual(['A9', 'slip-A7']);
    expect(citedIn('0xD2, #A4, utf-E1, ABC1, E1x')).toEqual([]);
  });

  test.each([...ACTIVATION_NAMES, ...LOSS_NAMES])('%s and its gradient are cited by a formula', (name) => {
    const cited = FORMULAS.flatMap(({ code }) => code.map((reference) => reference.name));
    expect(cited).toEqual(expect.arrayContaining([functionName(name), `${functionName(name)}Gradient`]));
  });

  test('every layer and loss cites a formula and is cited by one', () => {
    const classes = ['dense.ts', 'activations.ts', 'losses.ts', 'penalties.ts', 'dropout.ts'].flatMap(
      (file) => [...classesOf(`src/network/${file}`)],
    );
    const concrete = classes.filter(([, { abstract }]) => !abstract);
    expect(concrete.map(([name]) => name)).toEqual(
      expect.arrayContaining(['Dense', 'Activation', 'MeanLoss', 'L2']),
    );
    expect(concrete.length).toBe(6);
    for (const [name, { file, comment }] of concrete) {
      expect(citedIn(comment), `${name} cites`).not.toEqual([]);
      const citing = FORMULAS.filter(({ code }) =>
        code.some((reference) => reference.file === file && reference.name.startsWith(`${name}.`)),
      );
      expect(citing.length, `${name} is cited`).toBeGreaterThan(0);
    }
  });
});
