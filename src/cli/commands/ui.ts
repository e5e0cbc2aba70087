/** `mlp ui`. */

import { existsSync } from 'node:fs';
import { basename } from 'node:path';
import { UsageError } from '../../options/errors.ts';
import { modelSummary } from '../../web/model-summary.ts';
import { imagesFor } from '../data/model-images.ts';
import type { UiFlags } from '../options/model-flags.ts';
import { servePage } from '../page/page-server.ts';
import { readShownFile, type ShownFile, shownNames } from '../page/shown-file.ts';
import { openTerminal } from '../text/terminal.ts';
import { aborted, stopOnSignals, stoppedCode } from '../train/stop-signals.ts';
import { VERSION } from '../version.ts';

/** What is shown where nothing is named, if it is there. */
const USUAL_MODEL = 'model.json';

/**
 * Serves the page for models and run logs until a signal comes; gives its exit code. All files are read before.
 *
 * @throws UsageError if nothing is named and there is no model.json, and on values that do not fit
 * @throws FileError or DataError if a file cannot be read or is neither, or the port is taken
 */
export async function showFiles(words: readonly string[], flags: UiFlags): Promise<number> {
  const terminal = openTerminal(flags);
  const { data, json } = flags;
  const stop = stopOnSignals();
  try {
    const files: ShownFile[] = [];
    for (const path of named(words, terminal.err)) files.push(await readShownFile(path, terminal.err));
    const shown = files.find((file) => file.kind === 'model');
    if (data !== undefined && shown === undefined) {
      throw new UsageError('--data: expected with a model, whose samples they are, got run logs alone');
    }
    const samples = shown && (await imagesFor(shown, data, terminal.err));
    const names = shownNames(files.map(({ path }) => path));
    const content = {
      version: VERSION,
      ...(shown && {
        model: { summary: modelSummary(basename(shown.path), shown.model), text: shown.text },
      }),
      ...(samples && { samples }),
      compare: files.map(({ kind, text }, i) => ({ kind, text, name: names[i] })),
    };
    const server = await servePage(content, flags, terminal.err);
    if (json) terminal.out(JSON.stringify({ event: 'listening', url: server.url }));
    else terminal.out(`the page is at ${terminal.colour.bold(server.url)}  (Ctrl-C ends)`);
    await aborted(stop.controller.signal);
    await server.close();
    return stoppedCode(stop.controller.signal);
  } finally {
    stop.release();
  }
}

function named(words: readonly string[], report: (line: string) => void): readonly string[] {
  if (words.length > 0) return words;
  if (!existsSync(USUAL_MODEL)) {
    throw new UsageError(
      `expected a model file or run logs to show, as in \`mlp ui ${USUAL_MODEL}\`; there is no ${USUAL_MODEL} here`,
    );
  }
  report(`showing ${USUAL_MODEL}`);
  return [USUAL_MODEL];
}
