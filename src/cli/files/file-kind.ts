/** What kind of file lies at a path, by how it begins: a file is replaced only by one of its own kind. */

import { open } from 'node:fs/promises';

/** How each kind of file that the program writes begins. Every writer of a kind is tested against its entry. */
const BEGINNINGS = {
  model: /^\s*\{\s*"format"\s*:\s*"mlp-model"/,
  checkpoint: /^mlp-ckpt/,
  log: /^\s*\{\s*"event"\s*:/,
  page: /^<!doctype html>[\s\S]{0,4000}<title>mlp\b/i,
} as const;

/** A kind of file that the program writes. */
export type FileKind = keyof typeof BEGINNINGS;

/** A kind as a noun for messages. */
export const KIND_NOUN: Readonly<Record<FileKind, string>> = {
  model: 'a model',
  checkpoint: 'a checkpoint',
  log: "a run's log",
  page: 'an exported page',
};

/** Enough for every entry of the table. */
export const HEAD_BYTES = 8192;

/** The kind of a text or of a file's first bytes; `empty` if nothing is there, `other` if it is none of ours. */
export function kindOf(head: string): FileKind | 'empty' | 'other' {
  if (head === '') return 'empty';
  const found = Object.entries(BEGINNINGS).find(([, beginning]) => beginning.test(head));
  return found === undefined ? 'other' : (found[0] as FileKind);
}

/** @throws the system's error if the file cannot be read */
export async function kindOfFile(path: string): Promise<FileKind | 'empty' | 'other'> {
  const file = await open(path, 'r');
  try {
    const head = Buffer.alloc(HEAD_BYTES);
    const { bytesRead } = await file.read(head, 0, HEAD_BYTES, 0);
    return kindOf(head.toString('utf8', 0, bytesRead));
  } finally {
    await file.close();
  }
}
