// Preloaded into a command (node --import): when it ends, writes its processor time in seconds to descriptor 3.

import { writeSync } from 'node:fs';
import { isMainThread } from 'node:worker_threads';

// Threads inherit --import; the time is that of the whole process, so one of them is enough.
if (isMainThread) {
  process.on('exit', () => {
    const { userCPUTime, systemCPUTime } = process.resourceUsage();
    writeSync(3, String((userCPUTime + systemCPUTime) / 1e6));
  });
}
