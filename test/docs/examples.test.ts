/**
 * The examples in the pages: commands work as they are typed in a clone, and print what is shown.
 *
 * Output is compared to the last digit, apart from times, rates and the like. `UPDATE_DOCS=1` writes what the commands
 * print into the pages. Commands of `sh` blocks, which show no output, train one epoch on the samples in `data`; when
 * soaking they run as typed.
 */

import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { SOAK } from '../support/soak.ts';
import { Clone, type Output, root } from './clone.ts';
import { INTERRUPT, isShown, missingPiece, updated } from './comparison.ts';
import { type Block, blocksOf, commandsIn, examplesIn, PAGES, withOutput, withoutBlankEnd } from './page.ts';

const UPDATE = process.env.UPDATE_DOCS !== undefined;
const TIMEOUT = SOAK ? 1_800_000 : 120_000;

/** A program that an example needs and a machine may lack. */
const hasJq = spawnSync('jq', ['--version']).status === 0;
const missing = (command: string) => /\| jq\b/.test(command) && !hasJq;

/** Runs that read no file of the page and leave at most a model: the same command runs once for all pages. */
const finished = new Map<string, Output & { model: Buffer | undefined }>();
const isShared = (command: string) =>
  /^npx mlp (train\b|gradcheck$)/.test(command) &&
  !/--(checkpoint|resume|log|out|ui|data)\b|[|>]/.test(command);

async function run(clone: Clone, typed: string, interrupt?: (line: string) => boolean): Promise<Output> {
  const command = typed.replace(/^npm ci && /, '');
  const known = finished.get(command);
  if (known) {
    if (known.model) writeFileSync(join(clone.folder, 'model.json'), known.model);
    return known;
  }
  const output = await clone.run(typed, interrupt);
  if (isShared(command)) {
    const trains = output.lines.at(-2)?.endsWith('saved as model.json');
    const model = trains ? readFileSync(join(clone.folder, 'model.json')) : undefined;
    finished.set(command, { ...output, model });
  }
  return output;
}

/** The same command on little data, for one epoch; other commands as they are. */
function short(command: string): string {
  if (!/^npx mlp train\b/.test(command)) return command;
  const has = (name: string) => command.includes(` --${name}`);
  return [
    ...[command, '--epochs 1'],
    ...(has('data') ? [] : ['--data data/digits']),
    ...(has('validation') ? ['--validation 10'] : []),
    ...(has('repeat') ? ['--repeat 2'] : []),
  ].join(' ');
}

const runs = ({ illustration, language }: Block) =>
  illustration === undefined && (language === 'console' || language === 'sh');

describe.each(PAGES)('%s', (page) => {
  const blocks = blocksOf(page);
  const active = blocks.filter((block) => runs(block) || block.outputOf !== undefined);
  let clone: Clone;
  let text: string;
  let changed = false;
  beforeAll(() => {
    clone = new Clone();
    text = readFileSync(join(root, page), 'utf8');
    for (const block of blocks) {
      const [, name] = block.text.match(/^\/\/ (\S+\.m?js)\n/) ?? [];
      if (name !== undefined) clone.write(name, block.text);
    }
  });
  afterAll(() => {
    clone.remove();
    if (changed) writeFileSync(join(root, page), text);
  });

  test('marks every command that is not run, with the reason', () => {
    const unmarked = blocks
      .filter((block) => !active.includes(block) && block.illustration === undefined)
      .filter((block) => /^(\$ )?(npx|npm|mlp|node) /m.test(block.text));
    expect(unmarked.map(({ line }) => `${page}:${line}`)).toEqual([]);
  });

  for (const block of active) {
    const at = `line ${block.line}`;
    if (block.after !== undefined) {
      test(
        `${at}, before: ${block.after}`,
        async () => {
          expect((await run(clone, block.after as string)).code).toBe(0);
        },
        TIMEOUT,
      );
    }
    if (block.outputOf !== undefined) {
      test(
        `${at}, from: ${block.outputOf}`,
        async () => {
          const printed = (await run(clone, block.outputOf as string)).lines.join('\n');
          expect(missingPiece(block.text, printed), printed.slice(0, 2000)).toBeUndefined();
        },
        TIMEOUT,
      );
    } else if (block.language === 'sh') {
      test.each(commandsIn(block))(
        `${at}: %s`,
        async (typed) => {
          const command = SOAK && block.shortened === undefined ? typed : short(typed);
          const { code, lines } = await run(clone, command);
          expect(code, lines.join('\n')).toBe(0);
        },
        TIMEOUT,
      );
    } else {
      for (const example of examplesIn(block)) {
        test.skipIf(missing(example.command))(
          `${at}: ${example.command}`,
          async () => {
            const { shown } = example;
            const key = shown.indexOf(INTERRUPT);
            const interrupt =
              key === -1 ? undefined : (line: string) => line.startsWith(shown[key - 1].slice(0, 12));
            const output = await run(clone, example.command, interrupt);
            expect(output.code, output.lines.join('\n')).not.toBe(1);
            const printed = withoutBlankEnd(output.lines);
            const same = isShown(shown, printed);
            if (UPDATE && !same) {
              text = withOutput(text, example, updated(shown, printed));
              changed = true;
            } else expect((same ? shown : printed).join('\n')).toBe(shown.join('\n'));
          },
          TIMEOUT,
        );
      }
    }
  }
});
