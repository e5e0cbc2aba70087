/** The error for a module that cannot be checked at all. */

/** A module without what a check needs, or whose forward is no function of its inputs; the message is one line. */
export class ModuleError extends Error {
  override readonly name = 'ModuleError';
}

/** What somebody else's code threw, in one line: `TypeError: x.map is not a function (my-layer.js:3)`. */
export function thrownText(thrown: unknown): string {
  if (!(thrown instanceof Error)) return `a thrown ${String(thrown)}`.split('\n')[0];
  const text = `${thrown.name}: ${thrown.message}`.split('\n')[0];
  // Of the engines' stacks only those that name a file and line in this way are read.
  const place = /([^/\\()\s]+\.[cm]?[jt]sx?):(\d+):\d+\)?$/m.exec(thrown.stack ?? '');
  return place === null ? text : `${text} (${place[1]}:${place[2]})`;
}

/**
 * Runs what looks into a user's objects, where a getter or a Proxy may throw.
 *
 * @param expected what is looked for: `expected an output`
 * @throws ModuleError of what was thrown
 */
export function guarded<T>(expected: string, look: () => T): T {
  try {
    return look();
  } catch (error) {
    if (error instanceof ModuleError) throw error;
    throw new ModuleError(`${expected}, got ${thrownText(error)}`, { cause: error });
  }
}
