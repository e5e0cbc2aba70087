/** The command line from its words to its exit code. */

import { describeError, EXIT } from './errors.ts';
import { buildProgram } from './program.ts';

/** Runs the command that the words name; gives the exit code of the contract. Never throws. */
export async function main(words: readonly string[]): Promise<number> {
  // A reader that has seen enough (`mlp train | head`) is no fault, and no reason to lose the training.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
  });
  let code: number = EXIT.done;
  try {
    await buildProgram((result) => {
      code = result;
    }).parseAsync(words, { from: 'user' });
    return code;
  } catch (error) {
    const described = describeError(error);
    if (described.message !== '') process.stderr.write(`error: ${described.message}\n`);
    return described.code;
  }
}
