/** A lock beside a file that a run writes, so that no second run writes the same file. */

import { readFileSync, unlinkSync } from 'node:fs';
import { link, open, readFile, readlink, rename, stat, unlink, utimes } from 'node:fs/promises';
import { hostname } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { FileError } from '../../data/errors.ts';

/** The process that holds a lock. */
interface Owner {
  readonly pid: number;
  /** When the process started, as the system counts it; empty where the system does not say. */
  readonly started: string;
  /** The machine, its boot and its process namespace: within one, a process id names a process. */
  readonly place: string;
}

/** An owner elsewhere cannot be looked up; it renews its lock, and counts as dead when it no longer does. */
const RENEWED_EVERY_MS = 10_000;
const ABANDONED_AFTER_MS = 60_000;

/** Locks that this process holds, to be removed when it exits by any way that runs code. */
const held = new Set<string>();
process.on('exit', () => {
  for (const path of held) removeNow(path);
});

/** A lock that this process holds until `release`. */
export class FileLock {
  readonly #path: string;
  readonly #timer: NodeJS.Timeout;

  private constructor(path: string) {
    this.#path = path;
    held.add(path);
    this.#timer = setInterval(() => void renew(path), RENEWED_EVERY_MS);
    this.#timer.unref();
  }

  /**
   * Locks a file, which need not exist. The lock of a process that has died is taken over at once.
   *
   * @param target the file, links followed
   * @param flag the option that names the file, for the message
   * @throws FileError if a living process holds the lock
   * @throws the system's error if the folder cannot be written
   */
  static async take(target: string, flag: string): Promise<FileLock> {
    const path = join(dirname(target), `.${basename(target)}.lock`);
    const owner = await thisProcess();
    const draft = `${path}.${process.pid}.tmp`;
    try {
      await writeNew(draft, `${JSON.stringify(owner)}\n`);
      for (;;) {
        if (await linked(draft, path)) return new FileLock(path);
        const content = await readFile(path, 'utf8').catch(() => undefined);
        if (content === undefined) continue;
        const other = decodeOwner(content);
        if (other !== undefined && (await isAlive(other, owner, path))) {
          throw new FileError(
            `${flag}: expected a file that no other run writes, got ${target}, which process ${other.pid} writes; ` +
              `wait for it, or choose another file`,
          );
        }
        await removeStale(path, content);
      }
    } finally {
      await unlink(draft).catch(() => {});
    }
  }

  /** Gives the file free. */
  release(): void {
    clearInterval(this.#timer);
    held.delete(this.#path);
    removeNow(this.#path);
  }
}

async function thisProcess(): Promise<Owner> {
  const boot = await readFile('/proc/sys/kernel/random/boot_id', 'utf8').catch(() => '');
  const namespace = await readlink('/proc/self/ns/pid').catch(() => '');
  return {
    pid: process.pid,
    started: await startOf(process.pid),
    place: [hostname(), boot.trim(), namespace].join(' ').trim(),
  };
}

/** Field 22 of /proc/PID/stat, the start in clock ticks since boot; the name before it may hold spaces. */
async function startOf(pid: number): Promise<string> {
  const text = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  return text.slice(text.lastIndexOf(')') + 2).split(' ')[19] ?? '';
}

/** An owner as its lock file has it; undefined for a file that was cut off or is something else. */
function decodeOwner(content: string): Owner | undefined {
  try {
    const { pid, started, place } = JSON.parse(content);
    return Number.isInteger(pid) && pid > 0
      ? { pid, started: String(started), place: String(place) }
      : undefined;
  } catch {
    return undefined;
  }
}

async function isAlive(other: Owner, own: Owner, path: string): Promise<boolean> {
  if (other.place !== own.place) {
    const renewed = await stat(path).then(
      ({ mtimeMs }) => mtimeMs,
      () => 0,
    );
    return Date.now() - renewed < ABANDONED_AFTER_MS;
  }
  try {
    process.kill(other.pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false;
  }
  const started = await startOf(other.pid);
  return started === '' || other.started === '' || started === other.started;
}

/** Creates a file that must not exist, flushed before anybody sees it under another name. */
async function writeNew(path: string, text: string): Promise<void> {
  await unlink(path).catch(() => {});
  const file = await open(path, 'wx', 0o644);
  try {
    await file.writeFile(text);
  } finally {
    await file.close();
  }
}

/** Gives a whole file a second name, which only one process can do; false if the name is taken. */
async function linked(draft: string, path: string): Promise<boolean> {
  try {
    await link(draft, path);
    return true;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST') return false;
    // File systems without hard links (FAT, some network drives): the file appears empty for a moment.
    if (code !== 'EPERM' && code !== 'ENOTSUP' && code !== 'ENOSYS' && code !== 'EOPNOTSUPP') throw error;
  }
  try {
    const file = await open(path, 'wx', 0o644);
    await file.writeFile(await readFile(draft));
    await file.close();
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

/** Removes the lock of a dead owner, unless another process has taken it over since it was read. */
async function removeStale(path: string, content: string): Promise<void> {
  const aside = `${path}.${process.pid}.stale`;
  try {
    await rename(path, aside);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return;
    throw error;
  }
  const moved = await readFile(aside, 'utf8').catch(() => content);
  if (moved !== content) await link(aside, path).catch(() => {});
  await unlink(aside).catch(() => {});
}

async function renew(path: string): Promise<void> {
  const now = new Date();
  await utimes(path, now, now).catch(() => {});
}

/** Removes a lock if it is still ours: one that was taken over belongs to another process. */
function removeNow(path: string): void {
  try {
    if (decodeOwner(readFileSync(path, 'utf8'))?.pid === process.pid) unlinkSync(path);
  } catch {
    // The folder is gone, and the lock with it.
  }
}
