/** Whether the data that a model names are still those that it was trained on. */

import type { DataFile, Split } from '../../data/data-source.ts';
import { sha256 } from '../../data/digest.ts';
import { DataError, FileError } from '../../data/errors.ts';
import { readCsv } from '../../data/tables/csv.ts';
import type { Model } from '../../formats/model.ts';
import type { DataPlace } from './data-place.ts';

/** The model's own data, as it names them. */
export interface OwnData {
  /** The model's file, for messages. */
  readonly path: string;
  readonly model: Model;
  /** Whether they were training samples, also where some of those are held out. */
  readonly part: Split;
}

/**
 * Compares files that were read with those that the model records.
 *
 * @param place where they are, for messages
 * @throws FileError if any is new, missing or has another SHA-256, or the model records none
 */
export function requireOwnFiles(
  place: string,
  { path, model, part }: OwnData,
  found: readonly DataFile[],
): void {
  const names = part === 'train' ? /^train[-/]/ : /^(t10k-|test\/)/;
  const recorded = recordedFiles(place, path, model).filter(({ name }) => names.test(name));
  for (const file of [...recorded, ...found]) {
    const [was, is] = [recorded, found].map((files) => files.find(({ name }) => name === file.name));
    const difference = differenceOf(was, is);
    if (difference !== undefined) throw misfit(place, path, `${file.name} ${difference}`);
  }
}

/**
 * The same for a table, whose file may have any name.
 *
 * @throws FileError as `requireOwnFiles`
 */
export async function requireOwnTable(
  place: DataPlace & { kind: 'csv' },
  { path, model, part }: OwnData,
  bytes: Uint8Array<ArrayBuffer>,
): Promise<void> {
  const was = recordedFiles(place.path, path, model)[part === 'train' ? 0 : 1];
  const digest = await sha256(bytes);
  if (was?.sha256 === digest) return;
  const count = was?.count === undefined ? undefined : rowsIn(bytes, was.count);
  const is = { name: '', sha256: digest, ...(count !== undefined && { count }) };
  throw misfit(place.path, path, `the file ${differenceOf(was, is)}`);
}

function recordedFiles(place: string, path: string, { training }: Model): readonly DataFile[] {
  const files = training.data?.files;
  if (files !== undefined) return files;
  throw new FileError(
    `${path}: expected the SHA-256 of its data, to be sure of ${place}, got none; name the data with --data`,
  );
}

function differenceOf(was: DataFile | undefined, is: DataFile | undefined): string | undefined {
  if (was === undefined) return 'is new';
  if (is === undefined) return 'is missing';
  if (was.sha256 === is.sha256) return undefined;
  if (was.count !== undefined && is.count !== undefined && was.count !== is.count) {
    return `has ${is.count} samples instead of ${was.count}`;
  }
  return `has the SHA-256 ${is.sha256} instead of ${was.sha256}`;
}

function misfit(place: string, path: string, difference: string): FileError {
  return new FileError(
    `${place}: expected the data that ${path} was trained on, but ${difference}; to use these, name them with --data`,
  );
}

/** The rows of a table below its header, as far as it can be read. */
function rowsIn(bytes: Uint8Array, expected: number): number {
  let rows = 0;
  try {
    readCsv(bytes, '', undefined, () => {
      rows++;
    });
  } catch (error) {
    if (!(error instanceof DataError)) throw error;
    return expected;
  }
  return rows;
}
