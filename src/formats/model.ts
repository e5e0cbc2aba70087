/** model.json: a trained network with its weights, its inputs' preprocessing and how it was trained. */

import * as v from 'valibot';
import { sha256 } from '../data/digest.ts';
import { DataError } from '../data/errors.ts';
import type { Preprocessing } from '../data/preprocessing.ts';
import type { Kernels } from '../kernels/kernels.ts';
import { ACTIVATION_NAMES } from '../network/activations.ts';
import { LOSS_NAMES } from '../network/losses.ts';
import { type NamedTensor, Network, type NetworkSpec } from '../network/network.ts';
import { float32Bytes, float32Values, fromBase64, toBase64 } from './base64.ts';
import { parseStrictJson } from './strict-json.ts';
import { decodeTraining, type TrainingRecord } from './training-record.ts';

export const MODEL_FORMAT = 'mlp-model';
export const MODEL_VERSION = 1;

const size = v.pipe(v.number(), v.integer(), v.minValue(1));

/** As many as an image file may have. */
const MAX_PIXELS = 2 ** 25;

const Header = v.object({ format: v.literal(MODEL_FORMAT), version: v.number() });

const TensorSchema = v.object({
  shape: v.array(size),
  dtype: v.literal('float32'),
  data: v.string(),
});

const finite = v.pipe(v.number(), v.finite());

const PreprocessingSchema = v.object({
  scale: finite,
  shape: v.optional(v.tuple([size, size])),
  cropFrom: v.optional(v.tuple([size, size])),
  transpose: v.optional(v.boolean()),
  imageFiles: v.optional(v.object({ invert: v.boolean() })),
  table: v.optional(
    v.object({
      columns: v.optional(v.array(v.string())),
      label: v.optional(v.string()),
      labelNumber: size,
      mean: v.array(finite),
      sd: v.array(v.pipe(finite, v.minValue(0))),
    }),
  ),
});

const ModelSchema = v.object({
  inputs: size,
  classes: v.pipe(v.array(v.string()), v.minLength(1)),
  preprocessing: PreprocessingSchema,
  layers: v.array(
    v.variant('type', [
      v.object({ type: v.literal('dense'), inputs: size, outputs: size }),
      v.object({ type: v.literal('activation'), name: v.picklist(ACTIVATION_NAMES) }),
    ]),
  ),
  loss: v.object({ name: v.picklist(LOSS_NAMES) }),
  l2: v.pipe(v.number(), v.minValue(0)),
  weights: v.record(v.string(), TensorSchema),
  training: v.optional(v.record(v.string(), v.unknown()), {}),
  sha256: v.string(),
  fileSha256: v.exactOptional(v.string()),
});

type ModelFile = v.InferOutput<typeof ModelSchema>;

/** What has a digest of its own, or decides no prediction. */
const NOT_DIGESTED = ['weights', 'training', 'sha256', 'fileSha256'];

/** What a model file holds besides its weights. */
export interface ModelInfo {
  readonly spec: NetworkSpec;
  /** The name of each class, by output. */
  readonly classes: readonly string[];
  /** How inputs come from raw values. */
  readonly preprocessing: Preprocessing;
  readonly training: TrainingRecord;
}

/** A model file as read: checked, its weights decoded. */
export interface Model extends ModelInfo {
  /** W1, b1, W2, b2, … */
  readonly tensors: readonly NamedTensor[];
  /** SHA-256 of the raw bytes of W1, b1, W2, b2, … in that order, 64 hex digits. */
  readonly sha256: string;
  /** As `fileDigest`; absent in files of programs that write none. */
  readonly fileSha256?: string;
}

/** SHA-256 over the parameters' float32 bytes, little-endian and row-major, in their order: 64 hex digits. */
export async function weightsDigest(tensors: readonly ArrayLike<number>[]): Promise<string> {
  const parts = tensors.map(float32Bytes);
  const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return sha256(all);
}

/**
 * SHA-256 over all that decides a prediction besides the weights, 64 hex digits: the fields of a model file but for
 * `weights`, `training` and the digests, as JSON in UTF-8 without blanks, keys in the order of their code units.
 */
export function fileDigest(file: object): Promise<string> {
  const deciding = Object.entries(file).filter(([key]) => !NOT_DIGESTED.includes(key));
  return sha256(new TextEncoder().encode(canonical(Object.fromEntries(deciding))));
}

function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join()}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const entries = Object.entries(value).filter(([, entry]) => entry !== undefined);
  const keys = entries.sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${keys.map(([key, entry]) => `${JSON.stringify(key)}:${canonical(entry)}`).join()}}`;
}

/**
 * The text of a model file with these tensors (W1, b1, W2, …; stored as float32), and the digest of its weights.
 *
 * @throws {DataError} what `decodeModel` would refuse: shapes that do not fit, a class twice, weights that are not finite
 */
export async function encodeModel(
  info: ModelInfo,
  tensors: readonly NamedTensor[],
): Promise<{ text: string; sha256: string }> {
  const { spec, classes, preprocessing, training } = info;
  const digest = await weightsDigest(tensors.map(({ values }) => values));
  const weights = Object.fromEntries(
    tensors.map(({ name, shape, values }) => [
      name,
      { shape, dtype: 'float32', data: toBase64(float32Bytes(values)) },
    ]),
  );
  const { inputs, layers, loss, l2 } = spec;
  const file = {
    format: MODEL_FORMAT,
    version: MODEL_VERSION,
    inputs,
    classes,
    preprocessing,
    layers,
    loss,
    l2,
    weights,
    training,
    sha256: digest,
  };
  const fail = (message: string) => new DataError(`model: ${message}`);
  checkedFile(JSON.parse(JSON.stringify({ ...file, weights: {}, training: {} })), fail);
  for (const { name, values } of tensors) requireFinite(name, values, fail);
  const whole = { ...file, fileSha256: await fileDigest(file) };
  return { text: `${JSON.stringify(whole, null, 1)}\n`, sha256: digest };
}

/**
 * Reads and checks the text of a model file.
 *
 * @param name the file's name, for messages
 * @throws {DataError} it is not JSON, not a model, of a newer version, or its shapes or digests do not fit
 */
export async function decodeModel(text: string, name: string): Promise<Model> {
  const fail = (message: string) => new DataError(`${name}: ${message}`);
  const json = parseStrictJson(text, fail);
  const header = v.safeParse(Header, json);
  if (!header.success) throw fail(`expected an mlp model ("format": "${MODEL_FORMAT}"), got other JSON`);
  const { version } = header.output;
  if (version !== MODEL_VERSION) {
    const hint = version > MODEL_VERSION ? '; a newer mlp wrote it, update to read it' : '';
    throw fail(`expected version ${MODEL_VERSION} of the model format, got ${version}${hint}`);
  }
  const { file, spec, shapes, preprocessing } = checkedFile(json, fail);
  const { classes, training, sha256: stated, fileSha256 } = file;
  const tensors: NamedTensor[] = [];
  for (const { name: parameter, shape } of shapes) {
    const tensor = Object.hasOwn(file.weights, parameter) ? file.weights[parameter] : undefined;
    if (tensor === undefined) throw fail(`weights: expected ${parameter}, got none`);
    if (tensor.shape.join() !== shape.join()) {
      throw fail(`weights: expected ${parameter} of shape [${shape}], got [${tensor.shape}]`);
    }
    const bytes = decodeBytes(tensor.data, () => fail(`weights: ${parameter} is not base64`));
    const expected = shape.reduce((product, n) => product * n, 4);
    if (bytes.length !== expected) {
      throw fail(`weights: expected ${expected} bytes in ${parameter}, got ${bytes.length}`);
    }
    const values = float32Values(bytes);
    requireFinite(parameter, values, fail);
    tensors.push({ name: parameter, shape, values });
  }
  const extra = Object.keys(file.weights).find(
    (parameter) => !tensors.some(({ name }) => name === parameter),
  );
  if (extra !== undefined) throw fail(`weights: ${extra} belongs to none of the layers`);
  const digest = await weightsDigest(tensors.map(({ values }) => values));
  if (digest !== stated)
    throw fail(`expected weights with the SHA-256 ${stated}, as it states, got ${digest}`);
  if (fileSha256 !== undefined) {
    const found = await fileDigest(json as object);
    if (found !== fileSha256) {
      const what = 'layers, loss, preprocessing and classes';
      throw fail(`expected ${what} with the SHA-256 ${fileSha256}, as fileSha256 states, got ${found}`);
    }
  }
  return {
    spec,
    classes,
    preprocessing,
    training: decodeTraining(training, fail),
    tensors,
    sha256: digest,
    ...(fileSha256 !== undefined && { fileSha256 }),
  };
}

/** All of a model file but its weights, if its parts fit together; what its parameters must be. */
function checkedFile(json: unknown, fail: (message: string) => DataError) {
  const parsed = v.safeParse(ModelSchema, json);
  if (!parsed.success) {
    const issue = parsed.issues[0];
    const got = issue.received === 'undefined' ? 'none' : issue.received;
    throw fail(`${v.getDotPath(issue) ?? 'model'}: expected ${issue.expected}, got ${got}`);
  }
  const file: ModelFile = parsed.output;
  const { inputs, layers, loss, l2, classes } = file;
  const spec: NetworkSpec = { inputs, layers, loss, l2 };
  const shapes = parameterShapes(spec, fail);
  const outputs = shapes.at(-1)?.shape[0];
  if (outputs !== classes.length)
    throw fail(`expected ${outputs} class names, one an output, got ${classes.length}`);
  const names = new Set<string>();
  for (const name of classes) {
    if (names.has(name)) throw fail(`classes: expected different names, got "${name}" twice`);
    names.add(name);
  }
  return { file, spec, shapes, preprocessing: checkedPreprocessing(file.preprocessing, inputs, fail) };
}

function requireFinite(name: string, values: ArrayLike<number>, fail: (message: string) => DataError): void {
  for (let i = 0; i < values.length; i++) {
    const stored = Math.fround(values[i]);
    if (!Number.isFinite(stored)) throw fail(`weights: expected finite numbers in ${name}, got ${stored}`);
  }
}

/** The network of a model, with its weights, for batches of up to `batchSize` rows. */
export function buildNetwork(kernels: Kernels, model: Model, batchSize: number): Network {
  const network = new Network(kernels, model.spec, batchSize);
  network.setTensors(model.tensors);
  return network;
}

/** The preprocessing without absent fields, if its sizes fit the inputs and each other. */
function checkedPreprocessing(
  parsed: v.InferOutput<typeof PreprocessingSchema>,
  inputs: number,
  fail: (message: string) => DataError,
): Preprocessing {
  const { scale, shape, cropFrom, transpose, imageFiles, table } = parsed;
  const isImage = shape !== undefined || cropFrom !== undefined || imageFiles !== undefined;
  if (isImage && (shape === undefined || shape[0] * shape[1] !== inputs)) {
    throw fail(`preprocessing: expected a shape of ${inputs} pixels, got ${shape?.join(' × ') ?? 'none'}`);
  }
  if (shape !== undefined && cropFrom !== undefined) {
    const got = `got ${cropFrom.join(' × ')}`;
    if (cropFrom[0] < shape[0] || cropFrom[1] < shape[1]) {
      throw fail(`preprocessing: expected cropFrom of at least ${shape.join(' × ')}, ${got}`);
    }
    if (cropFrom[0] * cropFrom[1] > MAX_PIXELS) {
      throw fail(`preprocessing: expected cropFrom of at most ${MAX_PIXELS} pixels, ${got}`);
    }
  }
  if (table !== undefined) {
    for (const key of ['mean', 'sd', 'columns'] as const) {
      const length = table[key]?.length;
      if (length !== undefined && length !== inputs) {
        throw fail(`preprocessing: expected ${inputs} entries in table.${key}, one an input, got ${length}`);
      }
    }
    if (shape !== undefined) throw fail('preprocessing: expected a shape or a table, got both');
  }
  return {
    scale,
    ...(shape && { shape }),
    ...(cropFrom && { cropFrom }),
    ...(transpose !== undefined && { transpose }),
    ...(imageFiles && { imageFiles }),
    ...(table && {
      table: {
        ...(table.columns && { columns: table.columns }),
        ...(table.label !== undefined && { label: table.label }),
        labelNumber: table.labelNumber,
        mean: table.mean,
        sd: table.sd,
      },
    }),
  };
}

function decodeBytes(data: string, fail: () => DataError): Uint8Array {
  try {
    return fromBase64(data);
  } catch {
    throw fail();
  }
}

/** Name and shape of each parameter, from the layers alone, so that nothing is allocated for sizes that do not fit. */
function parameterShapes(
  spec: NetworkSpec,
  fail: (message: string) => DataError,
): { name: string; shape: number[] }[] {
  const shapes: { name: string; shape: number[] }[] = [];
  let width = spec.inputs;
  let number = 0;
  for (const layer of spec.layers) {
    if (layer.type === 'activation') {
      if (number === 0) throw fail(`layers: expected a dense layer first, got ${layer.name}`);
      continue;
    }
    number++;
    if (layer.inputs !== width) {
      throw fail(`layers: expected dense layer ${number} to have ${width} inputs, got ${layer.inputs}`);
    }
    width = layer.outputs;
    shapes.push({ name: `W${number}`, shape: [layer.inputs, width] }, { name: `b${number}`, shape: [width] });
  }
  if (number === 0) throw fail('layers: expected at least one dense layer, got none');
  return shapes;
}
