/** The one-file page: the built shell with a model and some digits put in. */

import type { StandaloneData } from './protocol.ts';

/** Stands in dist/web/standalone.html, once, where the data go. */
export const DATA_MARKER = '__MLP_DATA__';

/**
 * The page with its data, complete.
 *
 * @param shell the text of dist/web/standalone.html
 * @throws RangeError if the marker does not stand in it exactly once
 */
export function standalonePage(shell: string, data: StandaloneData): string {
  const parts = shell.split(DATA_MARKER);
  if (parts.length !== 2) {
    throw new RangeError(`standalone page: expected ${DATA_MARKER} once, got ${parts.length - 1} times`);
  }
  // In a script element no text may look like a tag.
  return parts.join(JSON.stringify(data).replaceAll('<', '\\u003c'));
}
