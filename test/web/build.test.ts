/** The built page: one file that asks nobody for anything, its data safe in HTML, and the lines of code it shows. */

import { describe, expect, test } from 'vitest';
import { codeLines } from '../../scripts/page/code-lines.mjs';
import type { StandaloneData } from '../../src/web/protocol.ts';
import { readPageFiles, readStandaloneShell } from '../../src/web/server/page-files.ts';
import { DATA_MARKER, standalonePage } from '../../src/web/standalone.ts';

const DATA: StandaloneData = {
  info: { version: '1', model: { name: '</script><b>$&', sha256: '' }, compare: [] },
  model: '{}',
  samples: [],
};

describe('the one-file page', () => {
  test('holds its data once, as they were, and nothing that ends the script', async () => {
    const html = standalonePage(await readStandaloneShell(), DATA);
    const text = /<script type="application\/json" id="mlp-data">(.*?)<\/script>/s.exec(html)?.[1] ?? '';
    expect(JSON.parse(text)).toEqual(DATA);
  });

  test('loads nothing and is let load nothing', async () => {
    const shell = await readStandaloneShell();
    expect(shell).toMatch(
      /content="default-src 'none'; script-src 'sha256-[^']+' 'wasm-unsafe-eval'; style-src 'sha256-/,
    );
    // KaTeX's own code has the text of tags in it, which it writes for formulas with pictures.
    const markup = shell.replaceAll(/(<script[^>]*>).*?<\/script>/gs, '$1');
    expect(markup).not.toMatch(/<(?:script|img|iframe)[^>]*\ssrc=|<link[^>]*stylesheet|url\((?!["']?data:)/);
    expect(shell.length).toBeLessThan(1_200_000);
  });

  test('refuses a shell without its marker', () => {
    expect(() => standalonePage('<html>', DATA)).toThrow(`expected ${DATA_MARKER} once, got 0 times`);
  });
});

test('the served page has its files, each with a type, and woff2 fonts alone', async () => {
  const files = await readPageFiles();
  const names = [...files.keys()];
  expect(names).toEqual(expect.arrayContaining(['index.html', 'app.js', 'app.css']));
  expect(names.filter((name) => name.startsWith('fonts/')).length).toBeGreaterThan(5);
  const css = files.get('app.css')?.bytes.toString() ?? '';
  for (const [, font] of css.matchAll(/url\(["']?(?:\.\/)?([^"')]+)/g)) expect(names).toContain(font);
});

describe('lines of code', () => {
  const source = `class Base {
  backward(): void {
    one();
  }
}

export class Layer extends Base {
  /** What it does. */
  forward(
    x: Matrix,
  ): Matrix {
    if (x) {
      return x;
    }
    return y;
  }
}

export function sum(a: number): number {
  return a;
}
`;
  const lines = (name: string) => codeLines({ file: 'a.ts', name }, source);

  test('of a method, a function, a class, and a method of the class it extends', () => {
    expect(lines('Layer.forward')).toEqual({
      file: 'a.ts',
      line: 9,
      text: 'forward(\n  x: Matrix,\n): Matrix {\n  if (x) {\n    return x;\n  }\n  return y;\n}',
    });
    expect(lines('sum')).toMatchObject({
      line: 19,
      text: expect.stringMatching(/^export function sum.*\n.*\n}$/),
    });
    expect(lines('Base').text.split('\n')).toHaveLength(5);
    expect(lines('Layer.backward')).toEqual({
      file: 'a.ts',
      line: 2,
      text: 'backward(): void {\n  one();\n}',
    });
  });

  test.each(['Layer.sideways', 'Loss', 'Loss.forward'])('are refused of what is not there: %s', (name) => {
    expect(() => lines(name)).toThrow(/a\.ts: expected .*, which a formula cites, found none/);
  });
});
