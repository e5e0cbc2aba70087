/** A file to compare: a model or a run log, recognised by its content. */

import { decodeModel, type Model } from '../../../../formats/model.ts';
import { type ComparedItem, finalFigures, isRecord } from './item.ts';
import { runsOfLog } from './run-log.ts';

/**
 * What a file holds.
 *
 * @throws Error if it is neither, or does not fit its format, in one line
 */
export async function itemsOf(text: string, file: string): Promise<ComparedItem[]> {
  if (!isModel(text)) return runsOfLog(text, file);
  return [modelItem(await decodeModel(text, file), file)];
}

function isModel(text: string): boolean {
  try {
    const whole: unknown = JSON.parse(text);
    return isRecord(whole) && !('event' in whole);
  } catch {
    // Lines of JSON are no JSON, nor is what is no log either.
    return false;
  }
}

function modelItem({ spec, training, tensors, sha256 }: Model, file: string): ComparedItem {
  const { epochs: epochsDone } = training;
  return {
    name: file,
    file,
    layers: layersText(spec.inputs, spec.layers),
    parameters: tensors.reduce((sum, { values }) => sum + values.length, 0),
    config: { loss: spec.loss.name, ...training.config },
    epochs: [],
    final: finalFigures(training.metrics ?? {}),
    sha256,
    ...(epochsDone !== undefined && { epochsDone }),
    ...(training.interrupted && { unfinished: true }),
  };
}

/** `784 → 200 relu → 10`. */
function layersText(inputs: number, layers: Model['spec']['layers']): string {
  let text = String(inputs);
  for (const layer of layers) {
    if (layer.type === 'dense') text += ` → ${layer.outputs}`;
    else if (layer.type === 'activation') text += ` ${layer.name}`;
  }
  return text;
}
