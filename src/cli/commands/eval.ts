/** `mlp eval`. */

import { buildNetwork } from '../../formats/model.ts';
import { WasmKernels } from '../../kernels/wasm/wasm-kernels.ts';
import { memoryFor } from '../../network/memory.ts';
import { allOf } from '../../train/batches.ts';
import { classMetrics, evaluate, meanMetrics } from '../../train/evaluate.ts';
import { openModelData } from '../data/model-data.ts';
import { EXIT } from '../errors.ts';
import { readModel } from '../files/reading.ts';
import type { EvalFlags } from '../options/model-flags.ts';
import { confusionLines, metricLines } from '../text/confusion.ts';
import { grouped, oneLine, openTerminal, percent } from '../text/terminal.ts';

const BATCH_SIZE = 200;

/** Gives the exit code: 4 if the accuracy is below `--min-accuracy`. */
export async function evaluateModel(path: string, flags: EvalFlags): Promise<number> {
  const terminal = openTerminal(flags);
  const model = await readModel(path);
  const { split } = flags;
  const { data, samples } = await openModelData(path, model, { ...flags, report: terminal.err });
  const kernels = new WasmKernels(memoryFor(model.spec, [samples], BATCH_SIZE, 0));
  const result = evaluate(kernels, buildNetwork(kernels, model, BATCH_SIZE), allOf(samples));
  const perClass = classMetrics(result.confusion, model.classes);
  const means = meanMetrics(perClass);
  const { correct, accuracy, loss, confusion } = result;
  const { minAccuracy = 0 } = flags;
  const code = accuracy < minAccuracy ? EXIT.check : EXIT.done;
  if (code === EXIT.check) {
    terminal.err(`${path}: expected an accuracy of at least ${minAccuracy}, got ${accuracy}`);
  }
  if (flags.json) {
    const head = { model: path, data, split, samples: result.samples, correct, accuracy, loss };
    terminal.out(JSON.stringify({ ...head, confusion, perClass, ...means }));
    return code;
  }
  const { colour } = terminal;
  const names = model.classes.map(oneLine);
  terminal.out(
    `${colour.green(`accuracy ${percent(accuracy)}`)}  loss ${loss.toFixed(4)}  ` +
      `${grouped(correct)} of ${grouped(result.samples)} samples right  ${colour.dim(oneLine(`${data}, ${split}`))}`,
  );
  for (const line of ['', ...confusionLines(terminal, confusion, names)]) terminal.out(line);
  const named = perClass.map((metrics, i) => ({ ...metrics, class: names[i] }));
  for (const line of ['', ...metricLines(terminal, named, means)]) terminal.out(line);
  return code;
}
