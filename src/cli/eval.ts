/** `mlp eval`. */

import type { Split } from '../data/data-source.ts';
import { buildNetwork, type Model } from '../formats/model.ts';
import type { Samples } from '../kernels/matrix.ts';
import { WasmKernels } from '../kernels/wasm.ts';
import { allOf } from '../train/batches.ts';
import { classMetrics, evaluate } from '../train/evaluate.ts';
import { memoryFor } from '../train/memory.ts';
import { confusionLines, metricLines } from './confusion.ts';
import { EXIT, FileError, UsageError } from './errors.ts';
import { openData, readModel } from './files.ts';
import { grouped, openTerminal, percent } from './terminal.ts';

const BATCH_SIZE = 200;

export async function evaluateModel(path: string, flags: Record<string, string | boolean>): Promise<number> {
  const terminal = openTerminal(flags);
  const model = await readModel(path);
  const data = (flags.data as string | undefined) ?? ownSource(path, model);
  const split = flags.split as Split;
  const source = await openData(data, [split], model.classes.length).catch((error) => {
    if (flags.data === undefined && error instanceof FileError) {
      throw new FileError(`${error.message}; ${path} was trained on it, give other samples with --data`);
    }
    throw error;
  });
  if (source.inputs !== model.spec.inputs) {
    const [rows, cols] = source.shape;
    throw new FileError(
      `${data}: expected samples of ${model.spec.inputs} values, as ${path} takes, got ${source.inputs} (${rows} × ${cols})`,
    );
  }
  const samples: Samples = { ...(source[split] as Samples), scale: model.preprocessing.scale };
  const kernels = new WasmKernels(memoryFor(model.spec, [samples], BATCH_SIZE, 0));
  const result = evaluate(kernels, buildNetwork(kernels, model, BATCH_SIZE), allOf(samples));
  const perClass = classMetrics(result.confusion, model.classes);
  const { correct, accuracy, loss, confusion } = result;
  if (flags.json) {
    const head = { model: path, data, split, samples: result.samples, correct, accuracy, loss };
    terminal.out(JSON.stringify({ ...head, confusion, perClass }));
    return EXIT.done;
  }
  const { colour } = terminal;
  terminal.out(
    `${colour.green(`accuracy ${percent(accuracy)}`)}  loss ${loss.toFixed(4)}  ` +
      `${grouped(correct)} of ${grouped(result.samples)} samples right  ${colour.dim(`${data}, ${split}`)}`,
  );
  for (const line of ['', ...confusionLines(terminal, confusion, model.classes)]) terminal.out(line);
  for (const line of ['', ...metricLines(terminal, perClass)]) terminal.out(line);
  return EXIT.done;
}

function ownSource(path: string, model: Model): string {
  const { source } = (model.training.data ?? {}) as { source?: unknown };
  if (typeof source === 'string') return source;
  throw new UsageError(
    `--data: expected the samples to evaluate on, as ${path} does not say what it was trained on`,
  );
}
