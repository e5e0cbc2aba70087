/** The process in which a module of the user's is loaded and checked. It reports to the command that started it. */

import { basename } from 'node:path';
import { Worker } from 'node:worker_threads';
import { thrownText } from '../../check/module/errors.ts';
import { type CheckPlan, checkModule, ModuleError } from '../../check/module/module.ts';
import { reportLines } from '../../check/module/report.ts';
import { FileError } from '../../data/errors.ts';
import { checksJson } from '../text/checks-json.ts';
import { loadModule } from './module-loading.ts';
import type { ModuleMessage, ModuleTask } from './module-process.ts';

const task = JSON.parse(process.argv[2]) as ModuleTask;
const post = process.send?.bind(process);
// The channel is ours: a module that has a parent of its own in mind must not write to it.
Reflect.deleteProperty(process, 'send');
process.argv.splice(2);

function send(message: ModuleMessage): void {
  post?.(message);
}

/** Sends the last message, and waits until the command that reads it ends this process. */
function end(message: ModuleMessage): void {
  send(message);
  setInterval(() => {}, 1000);
}

const refuse = (text: string) => end({ kind: 'refused', text });

process.once('disconnect', () => process.exit());
// The channel must not keep a process alive that waits for nothing else.
process.channel?.unref();
process.once('beforeExit', () => refuse(`cannot load ${task.path}: its top-level await never ends`));
for (const event of ['uncaughtException', 'unhandledRejection'] as const) {
  process.on(event, (error) =>
    refuse(`${task.path}: it threw besides its forward and backward: ${thrownText(error)}`),
  );
}
new Worker(new URL('./module-watch.js', import.meta.url), {
  workerData: { memory: task.memory, parent: process.ppid },
  execArgv: [],
}).unref();

try {
  const exports = await loadModule(task.path);
  const report = checkModule(exports, {
    name: basename(task.path),
    seed: task.seed,
    tolerance: task.tolerance,
    onPlan: reportIfLong,
  });
  const { passed, checks } = report;
  end({ kind: 'report', passed, lines: reportLines(report), json: checksJson(checks) });
} catch (error) {
  if (error instanceof ModuleError) refuse(`${task.path}: ${error.message}`);
  else if (error instanceof FileError) refuse(error.message);
  else end({ kind: 'fault', text: error instanceof Error ? (error.stack ?? error.message) : String(error) });
}

/** A check that takes longer than this, in seconds, is announced. */
function reportIfLong({ forwardCalls, forward }: CheckPlan): void {
  const long = 10;
  const start = performance.now();
  forward();
  const seconds = (forwardCalls * (performance.now() - start)) / 1000;
  if (seconds < long) return;
  const time = seconds < 120 ? `${Math.round(seconds)} seconds` : `${Math.round(seconds / 60)} minutes`;
  const text = `${task.path}: ${forwardCalls} calls of forward, about ${time}; smaller shapes show the same mistakes at once`;
  send({ kind: 'notice', text });
}
