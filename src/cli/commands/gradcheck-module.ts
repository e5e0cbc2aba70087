/** `mlp gradcheck MODULE`: checks a module of the user's in a process of its own, and prints what was found. */

import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { TOLERANCE } from '../../check/gradients/gradient-check.ts';
import type { ReportLine } from '../../check/module/report.ts';
import { FileError } from '../../data/errors.ts';
import { UsageError } from '../../options/errors.ts';
import { EXIT } from '../errors.ts';
import { type GradcheckFlags, MODULE_LIMITS } from '../options/check-flags.ts';
import { openTerminal, type Terminal } from '../text/terminal.ts';
import { type ModuleMessage, type ModuleTask, REASON_FD } from './module-process.ts';

/**
 * Checks the layer, loss or network in a file. The module runs in a process of its own, so that whatever it does, end
 * its process, wait for ever or fill the memory, there is a verdict that agrees with the exit code.
 *
 * @param path of a JavaScript module, or a TypeScript one where Node loads it
 * @returns the exit code: 0, or 4 if a check failed
 * @throws UsageError if a flag does not fit
 * @throws FileError if the file is missing, cannot be loaded, holds nothing that can be checked, ends its process, or
 *   takes more time or memory than it may
 */
export async function gradcheckModule(path: string, flags: GradcheckFlags): Promise<number> {
  if (path === '') throw new UsageError('MODULE: expected a file, got an empty name');
  const { seed, tolerance = TOLERANCE['central-difference'] } = flags;
  const { timeLimit = MODULE_LIMITS.seconds, memoryLimit = MODULE_LIMITS.megabytes } = flags;
  const task = { path, seed, tolerance, memory: memoryLimit * 1e6 };
  const terminal = openTerminal(flags);
  const found = await checkedApart(task, timeLimit, flags.json === true, (notice) => terminal.err(notice));
  if (found.kind === 'refused') throw new FileError(found.text);
  if (found.kind === 'fault') throw Object.assign(new Error(), { stack: found.text });
  if (flags.json) terminal.out(found.json);
  else for (const line of found.lines) terminal.out(coloured(line, terminal));
  return found.passed ? EXIT.done : EXIT.check;
}

type LastMessage = Exclude<ModuleMessage, { kind: 'notice' }>;

/** Runs the check in another process, and ends that. */
async function checkedApart(
  task: ModuleTask,
  seconds: number,
  isJson: boolean,
  onNotice: (text: string) => void,
): Promise<LastMessage> {
  const program = fileURLToPath(new URL('./module-child.js', import.meta.url));
  const megabytes = Math.ceil(task.memory / 1e6);
  const child = fork(program, [JSON.stringify(task)], {
    // The watch over all its memory looks in time; this keeps the engine from ending the process before.
    execArgv: [...process.execArgv, `--max-old-space-size=${2 * megabytes}`],
    // What a module prints is no result: with --json it goes to stderr.
    stdio: ['ignore', isJson ? 2 : 'inherit', 'pipe', 'ipc', 'pipe'],
  });
  const kill = () => void child.kill('SIGKILL');
  process.once('exit', kill);
  let isLate = false;
  const timer = setTimeout(() => {
    isLate = true;
    kill();
  }, 1000 * seconds);
  const reason = collected(child.stdio[REASON_FD] as Readable);
  passOn(child.stderr as Readable);
  try {
    const last = await lastMessage(child, onNotice);
    if (typeof last !== 'string') return last;
    if (isLate) {
      const text = `it did not end within ${seconds} seconds; shapes may be smaller, or --time-limit larger`;
      return { kind: 'refused', text: `${task.path}: ${text}` };
    }
    if (reason() === 'memory' || last === 'memory') {
      const text = `it needs more than ${megabytes} megabytes of memory; shapes may be smaller, or --memory-limit larger`;
      return { kind: 'refused', text: `${task.path}: ${text}` };
    }
    return { kind: 'refused', text: `${task.path}: ${last}` };
  } finally {
    clearTimeout(timer);
    process.off('exit', kill);
    kill();
    // A process that the module started may hold these open.
    for (const stream of child.stdio) stream?.destroy();
    if (child.connected) child.disconnect();
    child.unref();
  }
}

/** The last message of the process, or how it ended without one. */
function lastMessage(child: ChildProcess, onNotice: (text: string) => void): Promise<LastMessage | string> {
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('message', (message: ModuleMessage) => {
      if (message.kind === 'notice') onNotice(message.text);
      else resolve(message);
    });
    child.on('exit', async (code, signal) => {
      // What it sent before is read first.
      if (child.connected) await once(child, 'disconnect');
      await new Promise((done) => setImmediate(done));
      resolve(endText(code, signal));
    });
  });
}

/** An engine that runs out of memory aborts, with a code or a signal by system. */
function endText(code: number | null, signal: NodeJS.Signals | null): string {
  if (signal === 'SIGABRT' || code === 134) return 'memory';
  if (signal !== null) return `its process was ended by ${signal} before anything could be checked`;
  return `it ended the process (process.exit) with code ${code} before anything could be checked`;
}

/** What a stream gives, from when it is asked. */
function collected(stream: Readable): () => string {
  let text = '';
  stream.setEncoding('utf8').on('data', (chunk) => {
    text += chunk;
  });
  return () => text;
}

/** Hands the module's stderr on, without the engine's pages about a heap that is full. */
function passOn(stream: Readable): void {
  let isOver = false;
  stream.setEncoding('utf8').on('data', (chunk: string) => {
    if (isOver) return;
    const dump = chunk.search(/\n?<--- Last few GCs --->|^FATAL ERROR: /m);
    isOver = dump !== -1;
    process.stderr.write(isOver ? chunk.slice(0, dump) : chunk);
  });
}

function coloured({ kind, text }: ReportLine, { colour }: Terminal): string {
  switch (kind) {
    case 'head':
      return colour.bold(text);
    case 'pass':
      return text.replace(/^ok/, colour.green('ok'));
    case 'fail':
      return text.replace(/^fail/, colour.red('fail'));
    case 'diagnosis':
      return colour.yellow(text);
    case 'entry':
      return colour.dim(text);
    case 'verdict':
      return text.startsWith('passed') ? colour.green(text) : colour.red(text);
  }
}
