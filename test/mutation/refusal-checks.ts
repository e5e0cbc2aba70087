/** The battery's checks that what does not fit is refused: a backward without its forward, other rows, other columns. */

import { ACTIVATION_NAMES } from '../../src/kernels/activations.ts';
import { LOSS_NAMES } from '../../src/kernels/losses.ts';
import type { Matrix } from '../../src/kernels/matrix.ts';
import type { Check } from './check.ts';
import type { Finding } from './finding.ts';
import type { Program } from './linker.ts';
import { drawn } from './samples.ts';

function refused(what: string, backward: () => unknown): Finding {
  try {
    backward();
  } catch (error) {
    const passed = error instanceof RangeError && /expected/.test(error.message);
    return { what, error: passed ? 0 : Infinity, passed };
  }
  return { what, error: Infinity, passed: false };
}

const LAYERS = ['Dense', 'Dropout', ...ACTIVATION_NAMES] as const;

function layerOf(program: Program, name: (typeof LAYERS)[number]) {
  const kernels = new program.ReferenceKernels();
  if (name === 'Dense') return new program.Dense(kernels, 4, 4, { batchSize: 5 });
  if (name === 'Dropout') return new program.Dropout(kernels, 4, 5, 0.5);
  return new program.Activation(kernels, name, 4, 5);
}

const layerChecks: Check[] = LAYERS.map((name) => ({
  name: `${name}: what does not fit is refused`,
  run(program) {
    const layer = layerOf(program, name);
    const random = new program.Random(9, name);
    const rows = (count: number): Matrix => drawn(new program.ReferenceKernels(), count, 4, random);
    const wide = (): Matrix => drawn(new program.ReferenceKernels(), 3, 5, random);
    const findings = [refused('before forward', () => layer.backward(rows(3)))];
    layer.forward(rows(3));
    return [
      ...findings,
      refused('of other rows', () => layer.backward(rows(2))),
      refused('forward on other columns', () => layer.forward(wide())),
      refused('backward on other columns', () => layer.backward(wide())),
    ];
  },
}));

const lossChecks: Check[] = LOSS_NAMES.map((name) => ({
  name: `${name}: backward without its forward`,
  run(program) {
    const loss = new program.MeanLoss(new program.ReferenceKernels(), name, 4, 5);
    return [refused('before forward', () => loss.backward())];
  },
}));

/** Of every layer and loss. */
export const REFUSAL_CHECKS: readonly Check[] = [...layerChecks, ...lossChecks];
