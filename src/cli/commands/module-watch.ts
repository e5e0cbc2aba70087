/** A thread that ends its process when that takes too much memory, or when nobody waits for it any more. */

import { writeSync } from 'node:fs';
import { workerData } from 'node:worker_threads';
import { REASON_FD } from './module-process.ts';

const { memory, parent } = workerData as { memory: number; parent: number };

/** Milliseconds between two looks. */
const INTERVAL = 20;

const never = new Int32Array(new SharedArrayBuffer(4));
for (;;) {
  Atomics.wait(never, 0, 0, INTERVAL);
  if (process.ppid !== parent) process.kill(process.pid, 'SIGKILL');
  if (process.memoryUsage.rss() <= memory) continue;
  writeSync(REASON_FD, 'memory');
  process.kill(process.pid, 'SIGKILL');
}
