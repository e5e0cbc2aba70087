/** Saving the model of a run: an interrupted run does not replace a finished model. */

import { FileError } from '../../data/errors.ts';
import { interruptedPath, OutputFile, rescue } from '../files/output-file.ts';

/**
 * Saves a model, and gives the path that it went to: the output, or a file beside it where the run was interrupted and
 * the output holds a finished model.
 *
 * @throws FileError if it cannot be written; the message names where the model was saved instead
 */
export async function saveModel(output: OutputFile, text: string, interrupted: boolean): Promise<string> {
  if (!interrupted || !(await output.holdsFinishedModel())) {
    await output.write(text);
    return output.path;
  }
  const path = interruptedPath(output.path);
  let beside: OutputFile;
  try {
    beside = await OutputFile.open(path, { kind: 'model', flag: '--out' });
  } catch (error) {
    if (!(error instanceof FileError)) throw error;
    const rescued = await rescue(path, text);
    throw rescued === undefined ? error : new FileError(`${error.message}; saved as ${rescued} instead`);
  }
  try {
    await beside.write(text);
  } finally {
    beside.release();
  }
  return path;
}
