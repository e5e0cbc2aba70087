/**
 * One process for many command lines: each runs as in `bin/mlp.js`, and its result is sent when the process would have ended by
 * itself, which is when nothing is left that keeps it alive.
 */

import { main } from '../../dist/cli/main.js';

/** What Node ends with when the event loop is empty and the program still waits for something. */
const UNSETTLED = 13;

const streams = { stdout: process.stdout, stderr: process.stderr };
let written;

for (const [name, stream] of Object.entries(streams)) {
  stream.write = (chunk, encoding, done) => {
    written[name].push(Buffer.from(chunk));
    queueMicrotask(() => (typeof encoding === 'function' ? encoding : done)?.());
    return true;
  };
}

process.on('message', async ({ args, cwd }) => {
  process.channel.unref();
  written = { stdout: [], stderr: [] };
  process.chdir(cwd);
  process.exitCode = UNSETTLED;
  process.exitCode = await main(args);
});

process.on('beforeExit', (code) => {
  if (written === undefined) return;
  for (const stream of Object.values(streams)) stream.removeAllListeners('error');
  const [stdout, stderr] = [written.stdout, written.stderr].map((chunks) => `${Buffer.concat(chunks)}`);
  written = undefined;
  process.channel.ref();
  process.send({ code, signal: null, stdout, stderr });
});
process.on('disconnect', () => process.exit());
