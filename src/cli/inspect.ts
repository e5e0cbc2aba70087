/** `mlp inspect`. */

import { MODEL_VERSION } from '../formats/model.ts';
import { EXIT } from './errors.ts';
import { readModel } from './files.ts';
import { networkLine } from './network-text.ts';
import { grouped, openTerminal, table } from './terminal.ts';

export async function inspect(path: string, flags: Record<string, string | boolean>): Promise<number> {
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
  terminal.out(`${colour.bold(path)}  mlp model, version ${MODEL_VERSION}`);
  terminal.out(networkLine(spec));
  for (const line of ['', colour.bold(head), ...body, '']) terminal.out(line);
  const image = preprocessing.shape === undefined ? '' : ` (${preprocessing.shape.join(' × ')})`;
  terminal.out(`inputs   ${inputs}${image}, scaled by ${preprocessing.scale}`);
  terminal.out(`classes  ${classes.join(' ')}`);
  terminal.out(`sha256   ${sha256}`);
  for (const [key, value] of Object.entries(training)) {
    if (key === 'data') continue;
    terminal.out(`${key.padEnd(8)} ${plain(value)}`);
  }
  const { source, sha256: dataDigest } = (training.data ?? {}) as { source?: string; sha256?: string };
  if (source !== undefined) terminal.out(`data     ${source}${dataDigest ? ` (sha256 ${dataDigest})` : ''}`);
  return EXIT.done;
}

/** A JSON value in words: `epochs 12, batchSize 64`. */
function plain(value: unknown): string {
  if (Array.isArray(value)) return value.length === 0 ? 'none' : value.map(plain).join(' ');
  if (typeof value !== 'object' || value === null) return String(value);
  return Object.entries(value)
    .map(([key, entry]) => `${key} ${plain(entry)}`)
    .join(', ');
}
