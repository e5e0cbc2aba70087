// Preloaded into a command (node --import): when it ends, writes its peak memory in kilobytes to descriptor 3.

import { writeSync } from 'node:fs';
import { isMainThread } from 'node:worker_threads';

// Threads inherit --import; the peak is the process's, so one of them is enough.
if (isMainThread) process.on('exit', () => writeSync(3, String(process.resourceUsage().maxRSS)));
