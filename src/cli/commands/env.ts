/** `mlp env`: what a bug report needs to say of the machine. */

import { availableParallelism, cpus, freemem, release, totalmem } from 'node:os';
import { EXIT } from '../errors.ts';
import { mnistFolder } from '../files/reading.ts';
import type { EnvFlags } from '../options/shell-flags.ts';
import { openTerminal } from '../text/terminal.ts';
import { VERSION } from '../version.ts';

const GIB = 2 ** 30;

export async function showEnvironment(flags: EnvFlags): Promise<number> {
  const terminal = openTerminal(flags);
  const facts = {
    mlp: VERSION,
    node: process.versions.node,
    system: `${process.platform} ${release()}, ${process.arch}`,
    processor: cpus()[0]?.model.trim() ?? 'unknown',
    cores: availableParallelism(),
    memory: { total: totalmem(), free: freemem() },
    data: mnistFolder(),
  };
  if (flags.json) {
    terminal.out(JSON.stringify(facts));
    return EXIT.done;
  }
  const { total, free } = facts.memory;
  const memory = `${(total / GIB).toFixed(1)} GiB, ${(free / GIB).toFixed(1)} GiB free`;
  for (const [name, value] of Object.entries({ ...facts, memory })) {
    terminal.out(`${terminal.colour.bold(name.padEnd(9))}  ${value}`);
  }
  return EXIT.done;
}
