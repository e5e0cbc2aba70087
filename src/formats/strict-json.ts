/** JSON as files hold it: every key once, and no deeper than a program may go. */

import type { DataError } from '../data/errors.ts';

/** Deeper values than any of ours; code that follows a value down may so call itself. */
const MAX_DEPTH = 64;

/**
 * Parses JSON text. Of two equal keys, programs keep either one, so that a file could mean two things: it is refused.
 *
 * @param fail makes the error for what does not fit
 */
export function parseStrictJson(text: string, fail: (message: string) => DataError): unknown {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw fail(`expected JSON: ${(error as Error).message.replaceAll(/\s+/g, ' ')}`);
  }
  requireStrict(text, fail);
  return value;
}

/** Goes once through text that is JSON. */
function requireStrict(text: string, fail: (message: string) => DataError): void {
  /** The keys of each open object so far, undefined for an array. */
  const open: (Set<string> | undefined)[] = [];
  let isKey = false;
  for (let at = 0; at < text.length; at++) {
    switch (text[at]) {
      case '{':
      case '[':
        isKey = text[at] === '{';
        open.push(isKey ? new Set() : undefined);
        if (open.length > MAX_DEPTH) throw fail(`expected JSON nested at most ${MAX_DEPTH} deep, got deeper`);
        break;
      case '}':
      case ']':
        open.pop();
        isKey = false;
        break;
      case ',':
        isKey = open.at(-1) !== undefined;
        break;
      case '"': {
        const end = endOfString(text, at);
        if (isKey) {
          const key = JSON.parse(text.slice(at, end + 1)) as string;
          if (open.at(-1)?.has(key)) throw fail(`expected each key once, got "${key}" twice`);
          open.at(-1)?.add(key);
          isKey = false;
        }
        at = end;
      }
    }
  }
}

/** The place of the quote that ends the string which begins at `from`. */
function endOfString(text: string, from: number): number {
  for (let at = text.indexOf('"', from + 1); ; at = text.indexOf('"', at + 1)) {
    let slashes = 0;
    while (text[at - 1 - slashes] === '\\') slashes++;
    if (slashes % 2 === 0) return at;
  }
}
