/** Distorted samples in the wasm kernels' memory. */

import { FIELD_FROM, MOST_SIGMA, requireImages, type Warp } from '../distortion.ts';
import { type Arena, alignUp, type Thread, type WasmExports } from './memory.ts';
import type { SamplePlaces, WasmSamples } from './samples.ts';

/** Bytes of the weights of the widest blur, on both sides. */
const WEIGHT_BYTES = 4 * (6 * MOST_SIGMA + 1);

/** Samples that are made one after another. May be sent to other threads of the same memory. */
export interface WasmSlot extends WasmSamples {
  /** Where the parts of one image lie while it is being made. */
  readonly scratch: {
    readonly weights: number;
    readonly image: number;
    readonly bounds: number;
    readonly noise: number;
    readonly blurred: number;
    readonly field: number;
    readonly bytes: number;
  };
}

/** Upper bound of the bytes that `makeSlot` takes for images of so many pixels, whatever their shape. */
export function slotBytes(capacity: number, cols: number): number {
  return alignUp(capacity * 5 + capacity * cols * 4, 128) + 150 * cols + 16384;
}

/**
 * Room for distorted samples, in the form of the samples; every thread has its own.
 *
 * @throws RangeError if they are no byte images of the shape
 */
export function makeSlot(
  arena: Arena,
  thread: Thread,
  samples: WasmSamples,
  capacity: number,
  shape: Warp['shape'],
): WasmSlot {
  const { cols, scale, classes, places } = samples;
  requireImages(places.kind !== 'floats', cols, shape);
  const own = (bytes: number) => {
    const each = alignUp(bytes, 128);
    return arena.allocate(each * thread.count) + each * thread.index;
  };
  const labels = own(capacity);
  let room: SamplePlaces;
  if (places.kind === 'sparse') {
    const rowEnds = own(4 * (capacity + 1)) + 4;
    const entries = own(4 * (capacity * cols + 3));
    new Uint32Array(arena.memory.buffer)[rowEnds / 4 - 1] = entries;
    room = { kind: 'sparse', rowEnds, labels };
  } else {
    room = { kind: 'bytes', bytes: own(capacity * cols), labels };
  }
  const [rows, width] = shape;
  const stride = alignUp(width, 4);
  const scratch = {
    weights: own(WEIGHT_BYTES),
    image: own(4 * (rows + 3) * (width + 3)),
    bounds: own(16),
    noise: own(4 * rows * stride),
    blurred: own(4 * rows * 3 * stride),
    field: own(4 * rows * 2 * stride),
    bytes: own(cols + 16),
  };
  const none = new Uint8Array(0);
  return { count: capacity, cols, scale, classes, values: none, labels: none, places: room, scratch };
}

/** Makes distorted samples. */
export class Distorter {
  readonly #wasm: WasmExports;
  readonly #bytes: Uint8Array;
  readonly #words: Uint32Array;
  readonly #floats: Float32Array;
  /** The weights that this has written, by where. */
  readonly #written = new Map<number, Float64Array>();

  constructor({ buffer }: WebAssembly.Memory, wasm: WasmExports) {
    this.#wasm = wasm;
    this.#bytes = new Uint8Array(buffer);
    this.#words = new Uint32Array(buffer);
    this.#floats = new Float32Array(buffer);
  }

  /** Sample `place` of the slot becomes sample `row`, seen through the warp. */
  distort(samples: WasmSamples, row: number, warp: Warp, slot: WasmSlot, place: number): void {
    const { places, cols: pixels } = samples;
    const { shape, matrix, offset, elastic } = warp;
    const { weights, image, bounds, noise, blurred, field, bytes } = slot.scratch;
    const [rows, cols] = shape;
    const wasm = this.#wasm;
    if (places.kind === 'sparse') wasm.imageOfEntries(places.rowEnds + 4 * row, rows, cols, image, bounds);
    else if (places.kind === 'bytes')
      wasm.imageOfBytes(places.bytes + row * pixels, rows, cols, image, bounds);
    if (elastic !== undefined) {
      const { alpha, key } = elastic;
      const radius = this.#writeWeights(weights, elastic.weights);
      const [a, b] = key;
      wasm.elasticField(rows, cols, a, b, FIELD_FROM, weights, radius, alpha, noise, blurred, field);
    }
    const [yy, yx, xy, xx] = matrix;
    const [oy, ox] = [(rows - 1) / 2 + offset[0], (cols - 1) / 2 + offset[1]];
    const fields = elastic === undefined ? 0 : field;
    wasm.warp(image, bounds, rows, cols, yy, yx, xy, xx, oy, ox, fields, bytes);
    const room = slot.places;
    if (room.kind === 'sparse') {
      const { rowEnds } = room;
      const entries = this.#words[rowEnds / 4 - 1];
      const next = (this.#words[rowEnds / 4 - 1 + place] - entries) / 4;
      wasm.compress(bytes, 1, pixels, rowEnds + 4 * place, entries, next);
    } else if (room.kind === 'bytes') {
      this.#bytes.copyWithin(room.bytes + place * pixels, bytes, bytes + pixels);
    }
    this.#bytes[room.labels + place] = this.#bytes[places.labels + row];
  }

  /** Puts the weights there for both sides, unless they are there. Gives the radius. */
  #writeWeights(at: number, weights: Float64Array): number {
    const radius = weights.length - 1;
    if (this.#written.get(at) === weights) return radius;
    const middle = at / 4 + radius;
    for (let d = 0; d <= radius; d++) {
      this.#floats[middle - d] = weights[d];
      this.#floats[middle + d] = weights[d];
    }
    this.#written.set(at, weights);
    return radius;
  }
}
