/** The samples that a run is looked at with while it trains. */

import type { Samples } from '../../kernels/matrix.ts';
import type { TrainData } from '../config.ts';

/** The most that a probe set holds. */
export const MAX_PROBE_SAMPLES = 1000;

export interface Probe {
  /** Where they are from; never the test set, which is opened once, at the end. */
  readonly set: 'validation' | 'training';
  /** The probe samples alone, as copies. */
  readonly samples: Samples;
}

/** Up to 1,000 of the samples held out, or without any of those trained on, evenly spread over their rows. */
export function probeOf({ train, validation }: TrainData): Probe {
  const { samples, rows } = validation ?? train;
  const { cols, values, labels } = samples;
  const count = Math.min(MAX_PROBE_SAMPLES, rows.length);
  const chosen = Array.from({ length: count }, (_, i) => rows[Math.floor((i * rows.length) / count)]);
  const picked = values instanceof Uint8Array ? new Uint8Array(count * cols) : new Float32Array(count * cols);
  for (const [i, row] of chosen.entries()) {
    picked.set(values.subarray(row * cols, (row + 1) * cols), i * cols);
  }
  return {
    set: validation === undefined ? 'training' : 'validation',
    samples: {
      ...samples,
      count,
      values: picked,
      labels: Uint8Array.from(chosen, (row) => labels[row]),
    },
  };
}
