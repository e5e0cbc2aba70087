/** The command line from its words to its exit code. */

import { describeError, EXIT, fileError } from './errors.ts';
import { buildProgram } from './program.ts';
import { printMessage, printMessages } from './text/terminal.ts';

/** Runs the command that the words name; gives the exit code of the contract. Never throws. */
export async function main(words: readonly string[]): Promise<number> {
  // A reader that has seen enough (`mlp train | head`) is no fault, and no reason to lose the training.
  // Nor is a full disk behind it a reason to lose that, but the command has not done all it was asked to.
  let lost: Error | undefined;
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE' || lost !== undefined) return;
    lost = fileError('write', 'stdout', error);
    printMessage(`error: ${describeError(lost).message}`);
    process.exitCode = EXIT.file;
  });
  // Progress and messages that nobody reads, as after a closed terminal, are no reason to end anything.
  process.stderr.on('error', () => {});
  let code: number = EXIT.done;
  try {
    await buildProgram((result) => {
      code = result;
    }).parseAsync(words, { from: 'user' });
    // What was written last fails a turn later.
    await new Promise((resolve) => setImmediate(resolve));
    return code === EXIT.done && lost !== undefined ? EXIT.file : code;
  } catch (error) {
    const described = describeError(error);
    if (described.message !== '') printMessages(`error: ${described.message}`);
    return described.code;
  }
}
