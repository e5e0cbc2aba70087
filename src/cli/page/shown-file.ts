/** The files that the page shows: models and logs of runs, recognised by their content. */

import { basename } from 'node:path';
import { FileError } from '../../data/errors.ts';
import { MODEL_FORMAT, type Model } from '../../formats/model.ts';
import { modelFrom, readText, refuseCheckpoint } from '../files/reading.ts';

/** A file that has been read and is sound. */
export type ShownFile =
  | { readonly kind: 'model'; readonly path: string; readonly text: string; readonly model: Model }
  | { readonly kind: 'run-log'; readonly path: string; readonly text: string };

/** The events of a run, any of which makes a file a log. */
const EVENTS = ['start', 'epoch', 'end'];

/**
 * Reads a model, or the log of one run or more.
 *
 * @param report receives a line if lines of a log are left out, as of one whose disk was full
 * @throws FileError or DataError if it cannot be read, is neither, or is no sound model
 */
export async function readShownFile(path: string, report: (line: string) => void): Promise<ShownFile> {
  const text = await readText(path);
  refuseCheckpoint(path, text, 'a model or a log');
  const whole = parsed(text);
  if (isObject(whole) && !('event' in whole)) {
    if (whole.format !== MODEL_FORMAT) throw neither(path, 'other JSON');
    return { kind: 'model', path, text, model: await modelFrom(text, path) };
  }
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  const kept = lines.filter((line) => isObject(parsed(line)));
  const isLog = kept.some((line) => EVENTS.includes(String((parsed(line) as { event?: unknown }).event)));
  if (!isLog) throw neither(path, lines.length === 0 ? 'nothing' : 'another file');
  const left = lines.length - kept.length;
  if (left > 0) report(`${path}: ${left === 1 ? '1 line is' : `${left} lines are`} no JSON, and left out`);
  return { kind: 'run-log', path, text: `${kept.join('\n')}\n` };
}

/** The names of the files as the page shows them: without the folder, unless two would be alike. */
export function shownNames(paths: readonly string[]): string[] {
  const names = paths.map((path) => basename(path));
  return names.map((name, i) => (names.filter((other) => other === name).length > 1 ? paths[i] : name));
}

function neither(path: string, got: string): FileError {
  return new FileError(`${path}: expected a model file or a log of \`mlp train --log\`, got ${got}`);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
