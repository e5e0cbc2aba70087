/** The items that are compared: runs, read from their logs, and models. */

import type { RecordedConfig } from '../../../../options/record.ts';

/** An epoch of a run. What was not measured, or was not finite, is absent. */
export interface ComparedEpoch {
  /** From 1. */
  readonly epoch: number;
  /** Of training, from the beginning of the run to the end of this epoch. */
  readonly seconds: number;
  readonly trainLoss?: number;
  readonly trainAccuracy?: number;
  readonly validationLoss?: number;
  readonly validationAccuracy?: number;
}

/** The figures of the weights that were kept. */
export interface FinalFigures {
  readonly trainLoss?: number;
  readonly trainAccuracy?: number;
  readonly validationLoss?: number;
  readonly validationAccuracy?: number;
  readonly testLoss?: number;
  readonly testAccuracy?: number;
}

/** A run or a model. */
export interface ComparedItem {
  /** No two have the same. */
  readonly name: string;
  /** The file it was read from. */
  readonly file: string;
  /** `784 → 200 relu → 10`; of a log alone, which does not know inputs and classes, `200 relu`. */
  readonly layers: string;
  readonly parameters?: number;
  readonly config: RecordedConfig;
  /** Empty of a model. */
  readonly epochs: readonly ComparedEpoch[];
  readonly epochsDone?: number;
  /** Of training. */
  readonly seconds?: number;
  readonly final: FinalFigures;
  /** Of its weights. */
  readonly sha256?: string;
  /** The run was stopped early or is still going. */
  readonly unfinished?: boolean;
}

/** The value if it is a finite number; anything else in a file counts as absent. */
export function finiteNumber(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
}

const FIGURES = [
  'trainLoss',
  'trainAccuracy',
  'validationLoss',
  'validationAccuracy',
  'testLoss',
  'testAccuracy',
] as const;

/** Those figures of a record that are there. */
export function finalFigures(record: Readonly<Record<string, unknown>>): FinalFigures {
  return Object.fromEntries(
    FIGURES.flatMap((name) => {
      const value = finiteNumber(record[name]);
      return value === undefined ? [] : [[name, value]];
    }),
  );
}

/** Whether something is an object with keys, not a list. */
export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/**
 * Items of several files as one list: a model and its own run, matched by the digest of the weights,
 * become one item, and names that occur more than once are made unique.
 */
export function mergedItems(items: readonly ComparedItem[]): ComparedItem[] {
  const runs = new Set(items.flatMap(({ epochs, sha256 }) => (epochs.length > 0 && sha256 ? [sha256] : [])));
  const kept = items.filter(({ epochs, sha256 }) => epochs.length > 0 || !sha256 || !runs.has(sha256));
  const models = new Map(items.flatMap((item) => (item.epochs.length === 0 ? [[item.sha256, item]] : [])));
  const seen = new Map<string, number>();
  return kept.map((item) => {
    const model = item.epochs.length > 0 && item.sha256 ? models.get(item.sha256) : undefined;
    const times = (seen.get(item.name) ?? 0) + 1;
    seen.set(item.name, times);
    return {
      ...item,
      ...(model && { layers: model.layers }),
      name: times === 1 ? item.name : `${item.name} (${times})`,
    };
  });
}
