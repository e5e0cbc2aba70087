/** Run logs, as `mlp train --log` writes them: a line of JSON an event, and any number of runs one after the other. */

import { decodeConfig, type RecordedConfig } from '../../../../options/record.ts';
import { type ComparedEpoch, type ComparedItem, finalFigures, finiteNumber, isRecord } from './item.ts';

type Json = Readonly<Record<string, unknown>>;

/** The events of one run. */
export interface RunEvents {
  start: Json;
  config: RecordedConfig;
  epochs: Json[];
  /** Undefined while it goes on. */
  end: Json | undefined;
}

/**
 * The runs of a log. Lines that cannot be read, as a full disk leaves them, are passed over. A run that was resumed is
 * one run, and an epoch that it reports twice counts once.
 *
 * @throws Error if no run is there, or a configuration does not fit, in one line
 */
export function runsOfLog(text: string, file: string): ComparedItem[] {
  const runs: RunEvents[] = [];
  for (const event of eventsOf(text)) {
    const run = runs.at(-1);
    if (event.event === 'start') {
      if (run !== undefined && isRecord(event.resumedFrom)) {
        run.end = undefined;
        run.start = event;
        run.config = configOf(event, file);
      } else runs.push({ start: event, config: configOf(event, file), epochs: [], end: undefined });
    } else if (event.event === 'epoch') {
      if (run === undefined) runs.push({ start: {}, config: {}, epochs: [event], end: undefined });
      else run.epochs.push(event);
    } else if (event.event === 'end' && run !== undefined) run.end = event;
  }
  if (runs.length === 0) {
    const [first = ''] = text.trim().split('\n', 1);
    const got =
      first === '' ? 'an empty file' : `\`${first.length > 40 ? `${first.slice(0, 40)}…` : first}\``;
    throw new Error(`${file}: expected a model.json or a run log of \`mlp train --log\`, got ${got}`);
  }
  const seeds = runs.map(({ config }) => config.seed);
  const hasSeeds = new Set(seeds).size === runs.length;
  return runs.map((run, i) => {
    const which = hasSeeds && seeds[i] !== undefined ? `seed ${seeds[i]}` : `run ${i + 1}`;
    return runItem(run, file, runs.length === 1 ? file : `${file}, ${which}`);
  });
}

function* eventsOf(text: string): Generator<Json> {
  for (const line of text.split('\n')) {
    if (line.trim() === '') continue;
    let event: unknown;
    try {
      event = JSON.parse(line);
    } catch {
      continue;
    }
    if (isRecord(event)) yield event;
  }
}

/** One run as an item. */
export function runItem({ start, config, epochs, end }: RunEvents, file: string, name: string): ComparedItem {
  const parameters = finiteNumber(start.parameters);
  const seconds = finiteNumber(end?.seconds);
  const figures = epochFigures(epochs);
  const last = figures.at(-1);
  const { sha256 } = end ?? {};
  const unfinished = end === undefined || end.interrupted === true;
  return {
    name,
    file,
    layers: hiddenText(config),
    config,
    epochs: figures,
    final: finalFigures(end ?? epochs.at(-1) ?? {}),
    ...(parameters !== undefined && { parameters }),
    ...(last && { epochsDone: last.epoch, seconds: seconds ?? last.seconds }),
    ...(typeof sha256 === 'string' && { sha256 }),
    ...(unfinished && { unfinished }),
  };
}

/** Each epoch once, as last reported, in order, with cumulative seconds. */
function epochFigures(events: readonly Json[]): ComparedEpoch[] {
  const byNumber = new Map<number, Json>();
  for (const event of events) {
    const number = finiteNumber(event.epoch);
    if (number !== undefined) byNumber.set(number, event);
  }
  let seconds = 0;
  return [...byNumber]
    .sort(([a], [b]) => a - b)
    .map(([epoch, event]) => {
      seconds += finiteNumber(event.seconds) ?? 0;
      return { epoch, seconds, ...finalFigures(event) };
    });
}

const configOf = ({ config }: Json, file: string): RecordedConfig =>
  isRecord(config) ? decodeConfig(config, (message) => new Error(`${file}: start: ${message}`)) : {};

function hiddenText({ hidden, activation }: RecordedConfig): string {
  if (hidden === undefined) return '–';
  return hidden.length === 0
    ? 'none'
    : hidden.map((width) => `${width} ${activation ?? ''}`.trim()).join(' → ');
}
