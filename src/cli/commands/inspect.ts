/** `mlp inspect`. */

import { MODEL_VERSION, type Model } from '../../formats/model.ts';
import { EXIT } from '../errors.ts';
import { readModel } from '../files/reading.ts';
import type { InspectFlags } from '../options/model-flags.ts';
import { networkLine } from '../text/network-text.ts';
import { grouped, oneLine, openTerminal, table } from '../text/terminal.ts';

export async function inspect(path: string, flags: InspectFlags): Promise<number> {
  const terminal = openTerminal(flags);
  const { spec, classes, preprocessing, training, sha256 } = await readModel(path);
  const sizes = spec.layers.map((layer) => (layer.type === 'dense' ? (layer.inputs + 1) * layer.outputs : 0));
  const parameters = sizes.reduce((sum, n) => sum + n, 0);
  const { inputs, layers, loss, l2 } = spec;
  if (flags.json) {
    const shown = { inputs, layers, parameters, loss, l2, classes, preprocessing, training, sha256 };
    terminal.out(JSON.stringify(shown));
    return EXIT.done;
  }
  const { colour } = terminal;
  const rows = layers.map((layer, i) =>
    layer.type === 'dense'
      ? ['dense', `${layer.inputs} → ${layer.outputs}`, grouped(sizes[i])]
      : [layer.name, '', ''],
  );
  const [head, ...body] = table([
    ['layer', 'shape', 'parameters'],
    ...rows,
    ['total', '', grouped(parameters)],
  ]);
  terminal.out(`${colour.bold(oneLine(path))}  mlp model, version ${MODEL_VERSION}`);
  terminal.out(networkLine(spec));
  for (const line of ['', colour.bold(head), ...body, '']) terminal.out(line);
  const { data, ...facts } = training;
  const { source, sha256: dataDigest } = data ?? {};
  const entries = Object.entries({
    inputs: `${inputs}${inputsText(preprocessing)}`,
    classes: classes.join(' '),
    sha256,
    ...facts,
    ...(source !== undefined && { data: `${source}${dataDigest ? ` (sha256 ${dataDigest})` : ''}` }),
  });
  const width = Math.max(...entries.map(([key]) => key.length));
  for (const [key, value] of entries) terminal.out(oneLine(`${key.padEnd(width)}  ${plain(value)}`));
  return EXIT.done;
}

/** What the inputs are and how they come about: ` (20 × 20, the middle of 28 × 28), scaled by 0.0039`. */
function inputsText({
  shape,
  cropFrom,
  transpose,
  imageFiles,
  table,
  scale,
}: Model['preprocessing']): string {
  if (table !== undefined) return ` columns${table.label ? ` beside "${table.label}"` : ''}, standardised`;
  const parts = [
    shape?.join(' × '),
    cropFrom && `the middle of ${cropFrom.join(' × ')}`,
    transpose && 'transposed',
    imageFiles?.invert && 'inverted',
  ].filter((part) => typeof part === 'string');
  return `${parts.length === 0 ? '' : ` (${parts.join(', ')})`}, scaled by ${scale}`;
}

/** A JSON value in words: `epochs 12, batchSize 64`. */
function plain(value: unknown): string {
  if (Array.isArray(value)) return value.length === 0 ? 'none' : value.map(plain).join(' ');
  if (typeof value !== 'object' || value === null) return String(value);
  return Object.entries(value)
    .map(([key, entry]) => `${key} ${plain(entry)}`)
    .join(', ');
}
