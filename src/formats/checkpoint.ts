/**
 * Checkpoint files: a training run between two steps. A file is, in this order:
 *
 * - 8 bytes of ASCII, `mlp-ckpt`
 * - the version of the format and the length of the header, each a 32-bit word, little-endian
 * - the header, JSON in UTF-8; where it has a tensor, it gives its name, shape and dtype
 * - the tensors' values one after the other in the order of the header: parameters, optimizer, best; little-endian
 * - the SHA-256 of all bytes before it, in 64 hex digits
 */

import * as v from 'valibot';
import { sha256 } from '../data/digest.ts';
import { DataError } from '../data/errors.ts';
import type { NamedTensor } from '../network/network.ts';
import { parseStrictJson } from './strict-json.ts';

/** The version of the format that this code writes and reads. */
export const CHECKPOINT_VERSION = 1;

const MAGIC = new TextEncoder().encode('mlp-ckpt');
const PREFIX_BYTES = MAGIC.length + 8;
const DIGEST_BYTES = 64;

const natural = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const word = v.pipe(natural, v.maxValue(2 ** 32 - 1));
const TensorHeader = v.object({
  name: v.string(),
  shape: v.array(v.pipe(natural, v.minValue(1))),
  dtype: v.picklist(['float32', 'float64']),
});
const Figures = v.object({
  epoch: natural,
  trainLoss: v.number(),
  trainAccuracy: v.number(),
  validationLoss: v.exactOptional(v.number()),
  validationAccuracy: v.exactOptional(v.number()),
});
const Header = v.object({
  mlp: v.string(),
  config: v.record(v.string(), v.unknown()),
  data: v.object({ source: v.string(), sha256: v.string() }),
  state: v.object({
    epoch: v.pipe(natural, v.minValue(1)),
    batch: natural,
    steps: natural,
    lossSum: v.number(),
    correctSum: v.number(),
    samples: natural,
    epochSeconds: v.number(),
    seconds: v.number(),
    generators: v.record(
      v.string(),
      v.pipe(
        v.array(word),
        v.length(4),
        v.check((words) => words.some((one) => one !== 0), 'expected words that are not all 0'),
      ),
    ),
    parameters: v.array(TensorHeader),
    optimizer: v.object({ steps: natural, state: v.array(TensorHeader) }),
    last: v.exactOptional(Figures),
    best: v.exactOptional(v.object({ figures: Figures, parameters: v.array(TensorHeader) })),
  }),
});

type HeaderState = v.InferOutput<typeof Header>['state'];

/** What a checkpoint holds of a run: numbers and tensors, as a trainer gives and takes them. */
export interface CheckpointState
  extends Omit<HeaderState, 'parameters' | 'optimizer' | 'best' | 'generators'> {
  readonly generators: Readonly<Record<string, readonly number[]>>;
  readonly parameters: readonly NamedTensor[];
  readonly optimizer: { readonly steps: number; readonly state: readonly NamedTensor[] };
  readonly best?: {
    readonly figures: v.InferOutput<typeof Figures>;
    readonly parameters: readonly NamedTensor[];
  };
}

/** A checkpoint: where a run stands, and which run it is. */
export interface Checkpoint {
  /** The version of mlp that wrote it. */
  readonly mlp: string;
  /** The run's configuration, by the keys of a config file. */
  readonly config: Readonly<Record<string, unknown>>;
  /** The data of the run and their digest. */
  readonly data: { readonly source: string; readonly sha256: string };
  readonly state: CheckpointState;
}

/** The bytes of a checkpoint file. */
export async function encodeCheckpoint(checkpoint: Checkpoint): Promise<Uint8Array<ArrayBuffer>> {
  const { mlp, config, data, state } = checkpoint;
  const { parameters, optimizer, best } = state;
  const headers = (tensors: readonly NamedTensor[]) =>
    tensors.map(({ name, shape, values }) => ({ name, shape, dtype: dtypeOf(values) }));
  const header = new TextEncoder().encode(
    JSON.stringify({
      ...{ mlp, config, data },
      state: {
        ...state,
        parameters: headers(parameters),
        optimizer: { steps: optimizer.steps, state: headers(optimizer.state) },
        ...(best && { best: { figures: best.figures, parameters: headers(best.parameters) } }),
      },
    }),
  );
  const tensors = [...parameters, ...optimizer.state, ...(best?.parameters ?? [])];
  const length = tensors.reduce((sum, { values }) => sum + values.byteLength, PREFIX_BYTES + header.length);
  const bytes = new Uint8Array(length + DIGEST_BYTES);
  const view = new DataView(bytes.buffer);
  bytes.set(MAGIC);
  view.setUint32(MAGIC.length, CHECKPOINT_VERSION, true);
  view.setUint32(MAGIC.length + 4, header.length, true);
  bytes.set(header, PREFIX_BYTES);
  let at = PREFIX_BYTES + header.length;
  for (const { values } of tensors) {
    const float32 = dtypeOf(values) === 'float32';
    for (const value of values) {
      if (float32) view.setFloat32(at, value, true);
      else view.setFloat64(at, value, true);
      at += values.BYTES_PER_ELEMENT;
    }
  }
  bytes.set(new TextEncoder().encode(await sha256(bytes.subarray(0, length))), length);
  return bytes;
}

/**
 * Reads and checks the bytes of a checkpoint file.
 *
 * @param name the file's name, for messages
 * @throws {DataError} it is no checkpoint, of another version, or damaged
 */
export async function decodeCheckpoint(bytes: Uint8Array<ArrayBuffer>, name: string): Promise<Checkpoint> {
  const fail = (message: string) => new DataError(`${name}: ${message}`);
  if (MAGIC.some((letter, i) => bytes[i] !== letter)) {
    throw fail('expected a checkpoint of mlp, got another kind of file');
  }
  const end = bytes.length - DIGEST_BYTES;
  if (end < PREFIX_BYTES) throw fail(`damaged: cut off after ${bytes.length} bytes`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const version = view.getUint32(MAGIC.length, true);
  if (version !== CHECKPOINT_VERSION) {
    const hint = version > CHECKPOINT_VERSION ? '; a newer mlp wrote it, update to read it' : '';
    throw fail(`expected version ${CHECKPOINT_VERSION} of the checkpoint format, got ${version}${hint}`);
  }
  const stated = new TextDecoder().decode(bytes.subarray(end));
  if ((await sha256(bytes.subarray(0, end))) !== stated) {
    throw fail('damaged: its bytes do not have the SHA-256 that stands at its end');
  }
  const from = PREFIX_BYTES + view.getUint32(MAGIC.length + 4, true);
  if (from > end) throw fail(`damaged: expected a header of ${from - PREFIX_BYTES} bytes, got fewer`);
  const text = new TextDecoder().decode(bytes.subarray(PREFIX_BYTES, from));
  const header = v.safeParse(
    Header,
    parseStrictJson(text, (why) => fail(`header: ${why}`)),
  );
  if (!header.success) {
    const issue = header.issues[0];
    const got = issue.received === 'undefined' ? 'none' : issue.received;
    const why = issue.expected === null ? issue.message : `expected ${issue.expected}, got ${got}`;
    throw fail(`${v.getDotPath(issue) ?? 'header'}: ${why}`);
  }
  let at = from;
  const read = (tensors: readonly v.InferOutput<typeof TensorHeader>[]): NamedTensor[] =>
    tensors.map((tensor) => {
      const length = tensor.shape.reduce((product, n) => product * n, 1);
      const size = tensor.dtype === 'float32' ? 4 : 8;
      if (at + length * size > end) throw fail(`expected ${length} values of ${tensor.name}, got fewer`);
      const values = size === 4 ? new Float32Array(length) : new Float64Array(length);
      for (let i = 0; i < length; i++, at += size) {
        values[i] = size === 4 ? view.getFloat32(at, true) : view.getFloat64(at, true);
      }
      return { name: tensor.name, shape: tensor.shape, values };
    });
  const { state, ...rest } = header.output;
  const parameters = read(state.parameters);
  const optimizer = { steps: state.optimizer.steps, state: read(state.optimizer.state) };
  const best = state.best && { figures: state.best.figures, parameters: read(state.best.parameters) };
  if (at !== end) throw fail(`expected ${at - from} bytes of tensors, got ${end - from}`);
  requireSound(parameters, fail);
  if (best !== undefined) {
    requireSound(best.parameters, fail);
    requireAlike(parameters, best.parameters, fail);
  }
  const { best: _, ...numbers } = state;
  return { ...rest, state: { ...numbers, parameters, optimizer, ...(best && { best }) } };
}

/** What a run never saves: a parameter twice, or one that is not finite. */
function requireSound(parameters: readonly NamedTensor[], fail: (message: string) => DataError): void {
  const names = new Set<string>();
  for (const { name, values } of parameters) {
    if (names.has(name)) throw fail(`expected each parameter once, got ${name} twice`);
    names.add(name);
    const strange = values.findIndex((value) => !Number.isFinite(value));
    if (strange !== -1) throw fail(`expected finite numbers in ${name}, got ${values[strange]}`);
  }
}

/** The best parameters take the place of the last. */
function requireAlike(
  parameters: readonly NamedTensor[],
  best: readonly NamedTensor[],
  fail: (message: string) => DataError,
): void {
  const text = (tensors: readonly NamedTensor[]) =>
    tensors.map(({ name, shape }) => `${name} [${shape}]`).join(', ');
  const [expected, got] = [text(parameters), text(best)];
  if (got !== expected) throw fail(`expected the best parameters to be ${expected}, got ${got}`);
}

function dtypeOf(values: NamedTensor['values']): 'float32' | 'float64' {
  return values instanceof Float32Array ? 'float32' : 'float64';
}
