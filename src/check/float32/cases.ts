/** The networks and batches on which float32 is compared with float64. */

import type { Samples } from '../../kernels/matrix.ts';
import { Random } from '../../kernels/random.ts';
import { ReferenceKernels } from '../../kernels/reference.ts';
import { ACTIVATION_NAMES, type ActivationName } from '../../network/activations.ts';
import { LOSS_NAMES, type LossName } from '../../network/losses.ts';
import { type NamedTensor, Network, type NetworkSpec, perceptron } from '../../network/network.ts';
import { Float32Bounds } from './bounds.ts';

/** A network, its parameters, and the samples that it is run on. */
export interface Float32Case {
  /** `784 → 100 relu → 10, softmax-cross-entropy, batch of 128`. */
  readonly name: string;
  readonly spec: NetworkSpec;
  readonly tensors: readonly NamedTensor[];
  readonly samples: Samples;
  /** Rows of a batch; the last has as many as are left. */
  readonly batchSize: number;
}

/** Bytes of which 19 % are not 0, as of MNIST; bytes of which nearly all are not; floats. As a name ends with them. */
const INPUTS = { sparse: '', bytes: ', dense bytes', floats: ', floats' } as const;

/** Inputs, hidden layers and classes; samples, and how many of them make a batch. */
interface CaseShape {
  readonly kind: keyof typeof INPUTS;
  readonly inputs: number;
  readonly hidden: readonly number[];
  readonly classes: number;
  readonly count: number;
  readonly batchSize?: number;
}

/** As of MNIST. */
const DIGITS: CaseShape = { kind: 'sparse', inputs: 784, hidden: [100], classes: 10, count: 128 };

/** 64 units and fewer are computed otherwise than more; a short last batch is computed where a full one was before. */
const SHAPES: readonly CaseShape[] = [
  { kind: 'floats', inputs: 250, hidden: [70], classes: 5, count: 16 },
  { kind: 'bytes', inputs: 200, hidden: [30], classes: 10, count: 1 },
  { kind: 'sparse', inputs: 90, hidden: [30, 70], classes: 66, count: 37, batchSize: 32 },
  { kind: 'floats', inputs: 9, hidden: [12, 66, 8], classes: 4, count: 11, batchSize: 8 },
  { kind: 'bytes', inputs: 66, hidden: [65], classes: 70, count: 4 },
];

const LINEAR: readonly CaseShape[] = [
  { kind: 'sparse', inputs: 784, hidden: [], classes: 10, count: 128 },
  { kind: 'bytes', inputs: 40, hidden: [], classes: 7, count: 1 },
];

const PAIRS = LOSS_NAMES.flatMap((loss) => ACTIVATION_NAMES.map((activation) => ({ loss, activation })));

/** Every loss on digits and without a hidden layer, and every pair of loss and activation, over the shapes in turn. */
export function float32Cases(seed: number): Float32Case[] {
  const pick = <T>(list: readonly T[], i: number) => list[i % list.length];
  return [
    ...LOSS_NAMES.map((loss, i) => drawCase(seed, DIGITS, loss, ACTIVATION_NAMES[i], 0)),
    ...LOSS_NAMES.map((loss, i) => drawCase(seed, pick(LINEAR, i), loss, pick(['tanh', 'sigmoid'], i), 0)),
    ...PAIRS.map(({ loss, activation }, i) =>
      drawCase(seed, pick(SHAPES, i), loss, activation, pick([0, 0.01], i)),
    ),
  ];
}

function drawCase(
  seed: number,
  shape: CaseShape,
  loss: LossName,
  activation: ActivationName,
  l2: number,
): Float32Case {
  const { kind, inputs, hidden, classes, count, batchSize = count } = shape;
  const spec = perceptron({ inputs, hidden, classes, activation, loss, l2 });
  const last = count % batchSize || batchSize;
  const batch = last === batchSize ? `batch of ${last}` : `batch of ${last} after ${batchSize}`;
  const name = `${describe(spec)}, ${batch}${INPUTS[kind]}`;
  const random = new Random(seed, name);

  const kernels = new ReferenceKernels('float32');
  const network = new Network(kernels, spec, 1);
  network.initialize(random);
  for (const { value, isWeight } of network.parameters) {
    if (isWeight) continue;
    const biases = Float64Array.from({ length: value.cols }, () => random.uniform(-0.1, 0.1));
    kernels.write(value, biases);
  }
  const tensors = network.tensors();
  const samples = drawSamples(shape, random);
  drawAwayFromCorners(spec, tensors, samples, (i) => drawRow(kind, samples, i, random));
  return { name, spec, tensors, samples, batchSize };
}

function drawSamples({ kind, inputs, classes, count }: CaseShape, random: Random): Samples {
  const floats = kind === 'floats';
  const values = floats ? new Float32Array(count * inputs) : new Uint8Array(count * inputs);
  const labels = Uint8Array.from({ length: count }, () => random.below(classes));
  const samples = { count, cols: inputs, values, scale: floats ? 1 : 1 / 255, labels, classes };
  for (let i = 0; i < count; i++) drawRow(kind, samples, i, random);
  return samples;
}

function drawRow(kind: keyof typeof INPUTS, { values, cols }: Samples, i: number, random: Random): void {
  const share = kind === 'sparse' ? 0.19 : 0.9;
  for (let k = i * cols; k < (i + 1) * cols; k++) {
    if (kind === 'floats') values[k] = random.uniform(-1, 1);
    else values[k] = random.uniform() < share ? 1 + random.below(255) : 0;
  }
}

/**
 * Draws rows anew until float32 is on the same side as float64 of every corner of a ReLU and of the SVM.
 *
 * @throws RangeError if 100 times are not enough
 */
function drawAwayFromCorners(
  spec: NetworkSpec,
  tensors: readonly NamedTensor[],
  samples: Samples,
  redraw: (row: number) => void,
): void {
  for (let i = 0; i < 100; i++) {
    const rows = rowsInDoubt(spec, tensors, samples);
    if (rows.size === 0) return;
    for (const row of rows) redraw(row);
  }
  throw new RangeError('float32Cases: expected samples away from every corner within 100 draws');
}

/** The rows that are so near to a corner of the network that float32 may be on its other side. */
function rowsInDoubt(spec: NetworkSpec, tensors: readonly NamedTensor[], samples: Samples): Set<number> {
  const kernels = new Float32Bounds();
  const { count, cols, classes } = samples;
  const network = new Network(kernels, spec, count);
  network.setTensors(tensors);
  const [x, y] = [kernels.matrix(count, cols), kernels.matrix(count, classes)];
  const order = Uint32Array.from({ length: count }, (_, i) => i);
  kernels.gather(samples, order, 0, count, x, y);
  network.forward(x);
  network.loss(y);
  return new Set(kernels.doubts);
}

/** `784 → 100 relu → 10, softmax-cross-entropy, λ 0.01`. */
function describe({ inputs, layers, loss, l2 }: NetworkSpec): string {
  const parts = layers.map((layer) => (layer.type === 'dense' ? ` → ${layer.outputs}` : ` ${layer.name}`));
  return `${inputs}${parts.join('')}, ${loss.name}${l2 > 0 ? `, λ ${l2}` : ''}`;
}
