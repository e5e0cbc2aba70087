/** The pages and the help texts are free of the phrases over which native readers stumble most. */

import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { root } from './clone.ts';
import { PAGES, pageText } from './page.ts';

/** A phrase, and what to write instead. */
const STUMBLING: readonly (readonly [RegExp, string])[] = [
  [/\btold\b/, 'reported, printed'],
  [/\btells? (what|which|how|all|it|the|of)\b/, 'reports, prints, shows'],
  [/\bthat is told\b/, 'is reported'],
  [/\b(nothing|nobody|everything) (is said|says)\b/, 'default: …'],
  [/\bif nothing is said\b/, 'default: …'],
  [/\bof those that\b/, 'name the things'],
  [/\bis let go of\b/, 'is disconnected, is dropped'],
  [/\bgoes when this\b/, 'is dropped if you pass'],
  [/\bstay behind\b/, 'is dropped'],
  [/\bgiven as well\b/, 'your own options override'],
  [/\bit takes itself\b/, 'name the option'],
  [/\bthe least far-fetched\b/, 'the smallest'],
  [/\bpassed over\b/, 'skipped'],
  [/\bcome again\b/, 'reconnect'],
  [/\bwhere anybody\b|\bto who has\b/, 'if you, anyone who'],
  [/\bless than the 1\b/, 'fewer than 1'],
  [/\bbesides? it\b.*\bbesides? it\b/, 'one of them'],
  [/\bOn the (left|right) stands?\b/, 'The left side is'],
  [/\bso (does|gets) fewer\b|\bso gets\b/, 'therefore'],
];

/** Words of prose: without code, which quotes the program and its data. */
const prose = (text: string) =>
  text
    .replaceAll(/^```[\s\S]*?^```$/gm, '')
    .replaceAll(/<!--[\s\S]*?-->/g, '')
    .replaceAll(/`[^`]*`/g, '`…`')
    .replaceAll(/\s+/g, ' ');

const stumbles = (text: string): string[] =>
  STUMBLING.flatMap(([pattern, better]) => {
    const found = pattern.exec(text);
    if (found === null) return [];
    const around = text.slice(Math.max(0, found.index - 40), found.index + found[0].length + 40);
    return [`…${around}… (rather: ${better})`];
  });

test('the phrases are noticed, and plain ones are not', () => {
  expect(stumbles('the port is then told, once')).toHaveLength(1);
  expect(stumbles('0.9 if nothing is said')).not.toEqual([]);
  expect(stumbles('A test tells threes from eights; the default is 0.9.')).toEqual([]);
});

describe('pages', () => {
  test.each(PAGES)('%s', (page) => {
    expect(stumbles(prose(pageText(page)))).toEqual([]);
  });
});

test('help texts', () => {
  const help = (...words: string[]) =>
    execFileSync(process.execPath, [join(root, 'bin/mlp.js'), ...words], { encoding: 'utf8' });
  const all = help('--help');
  const commands = [...all.matchAll(/^ {2}([a-z-]+) .*\[options\]/gm)].map(([, name]) => name);
  expect(commands).toContain('train');
  const texts = [all, ...commands.map((name) => help(name, '--help'))];
  expect(texts.flatMap((text) => stumbles(text.replaceAll(/\s+/g, ' ')))).toEqual([]);
});
