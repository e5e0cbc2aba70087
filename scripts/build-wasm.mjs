// Compiles src/kernels/assembly to src/kernels/wasm/module.ts: the wasm binaries as base64, so that every platform loads them alike.
import { writeFileSync } from 'node:fs';
import asc from 'assemblyscript/asc';

const ENTRY = 'src/kernels/assembly/index.ts';
const COMMON = [
  '-O3',
  '--noAssert',
  '--runtime',
  'stub',
  '--importMemory',
  '--noExportMemory',
  '--enable',
  'simd',
];
// Warning 112 is about v128 in exported functions; none of ours leaves the module.
const QUIET = ['--disableWarning', '112'];
const THREADS = ['--enable', 'threads', '--sharedMemory', '--initialMemory', '1', '--maximumMemory', '65536'];
// Without shared memory there is one thread, and the barrier is never called.
const SINGLE = ['--enable', 'threads', '--initialMemory', '1'];

async function compile(flags) {
  let binary;
  const { error, stderr } = await asc.main(
    [ENTRY, '--outFile', 'kernels.wasm', ...COMMON, ...QUIET, ...flags],
    {
      writeFile: (name, contents) => {
        if (name.endsWith('.wasm')) binary = contents;
      },
    },
  );
  if (error) throw new Error(`${stderr.toString()}\n${error.message}`);
  return Buffer.from(binary).toString('base64');
}

writeFileSync(
  'src/kernels/wasm/module.ts',
  `/** The wasm kernels, compiled from \`assembly/\` by scripts/build-wasm.mjs. */

/** For one shared memory and several threads. */
export const SHARED = '${await compile(THREADS)}';

/** For a memory of its own. */
export const SINGLE = '${await compile(SINGLE)}';
`,
);
