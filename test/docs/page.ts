/**
 * The code blocks of a Markdown page, and what the comments directly above a block say about it:
 *
 * - `<!-- illustration: REASON -->`: the block is not run.
 * - `<!-- after: COMMAND -->`: the command is run first, because the block reads what it writes.
 * - `<!-- shortened: REASON -->`: the commands are never run as long as typed, not when soaking either.
 * - `<!-- output of: COMMAND -->`: the block is what the command prints, apart from white space and `…`.
 * - `<!-- from: FILE -->`: every line of the block is a line of that source file.
 */

import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../', import.meta.url));

/** Every page whose examples are checked. */
export const PAGES: readonly string[] = [
  ...['README.md', 'CONTRIBUTING.md', 'CHANGELOG.md', 'bench/README.md', 'data/README.md'],
  ...readdirSync(`${root}docs`)
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name}`),
];

export interface Block {
  readonly page: string;
  /** The line of the opening fence, counted from 1. */
  readonly line: number;
  readonly language: string;
  readonly text: string;
  readonly illustration?: string;
  readonly after?: string;
  readonly shortened?: string;
  readonly outputOf?: string;
  readonly from?: string;
}

/** A command of a console block, and the lines that the page shows below it. */
export interface Example {
  readonly command: string;
  readonly shown: readonly string[];
}

export const pageText = (page: string): string => readFileSync(root + page, 'utf8');

export function blocksOf(page: string, text = pageText(page)): Block[] {
  const fences = text.matchAll(/^((?:<!-- [^\n]+ -->\n)*)```(\w*)\n([\s\S]*?)^```$/gm);
  return [...fences].map(({ index, 1: comments, 2: language, 3: content }) => {
    const line = text.slice(0, index + comments.length).split('\n').length;
    const said = (name: string) => comments.match(new RegExp(`<!-- ${name}: (.+) -->`))?.[1];
    const about = {
      illustration: said('illustration'),
      after: said('after'),
      shortened: said('shortened'),
      outputOf: said('output of'),
      from: said('from'),
    };
    const given = Object.fromEntries(Object.entries(about).filter(([, value]) => value !== undefined));
    return { page, line, language, text: content, ...given };
  });
}

/** The commands of a console block with their output; a line that ends in a backslash goes on in the next. */
export function examplesIn({ page, line, text }: Block): Example[] {
  const examples: { command: string; shown: string[] }[] = [];
  for (const row of text.trimEnd().split('\n')) {
    const last = examples.at(-1);
    if (row.startsWith('$ ')) examples.push({ command: row.slice(2), shown: [] });
    else if (last === undefined) throw new Error(`${page}:${line}: expected a command before its output`);
    else if (last.shown.length === 0 && last.command.endsWith('\\')) last.command += `\n${row}`;
    else last.shown.push(row);
  }
  return examples.map(({ command, shown }) => ({ command, shown: withoutBlankEnd(shown) }));
}

/** The commands of a shell block, one a line. */
export const commandsIn = ({ text }: Block): string[] =>
  text
    .replaceAll('\\\n', ' ')
    .split('\n')
    .map((line) => line.replace(/\s+#.*/, '').trim())
    .filter((line) => line !== '' && !line.startsWith('#'));

/** The page with another output below the example. */
export function withOutput(text: string, { command, shown }: Example, lines: readonly string[]): string {
  const old = [`$ ${command}`, ...shown, ''].join('\n');
  if (!text.includes(old)) throw new Error(`expected the page to show ${old}`);
  return text.replace(old, () => [`$ ${command}`, ...lines, ''].join('\n'));
}

export function withoutBlankEnd(lines: readonly string[]): string[] {
  const end = lines.findLastIndex((line) => line.trim() !== '');
  return lines.slice(0, end + 1).map((line) => line.trimEnd());
}
