/** PNG images, read as grey values. */

import { type DecodedPng, decode } from 'fast-png';
import { DataError } from '../errors.ts';
import { type PngHeader, safeChunks } from './png-chunks.ts';

/** One image in grey. */
export interface GreyImage {
  readonly rows: number;
  readonly cols: number;
  /** Row-major, [rows, cols]; 0 is black, 255 white. */
  readonly values: Uint8Array;
}

const SIGNATURE = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];
/** The name IHDR. */
const IHDR = 0x49484452;
/** Signature, then the chunk IHDR: length, name, 13 bytes, checksum. */
const HEADER_BYTES = 33;
/** The colour type whose values are places in a palette. */
const INDEXED = 3;
/** A header may claim any size; what is larger than this is no input of a perceptron. */
const MAX_PIXELS = 1 << 24;

/**
 * Reads a PNG image: grey, RGB or palette, of any bit depth, with or without transparency. Colours become grey by
 * their luminance, 0.299 R + 0.587 G + 0.114 B; what is transparent lies over black; 16 bits are rounded to 8.
 *
 * @param name the file's name, for messages
 * @throws {DataError} no PNG, truncated, damaged, more than 2²⁴ pixels, pixels that unpack to far more than that, or
 *   interlaced with less than 8 bits
 */
export function readPng(bytes: Uint8Array, name: string): GreyImage {
  if (!SIGNATURE.every((byte, i) => bytes[i] === byte)) {
    throw new DataError(`${name}: expected a PNG image, got ${kindOf(bytes)}`);
  }
  if (bytes.length < HEADER_BYTES) {
    throw new DataError(`${name}: expected a PNG header of ${HEADER_BYTES} bytes, got ${bytes.length}`);
  }
  const header = headerOf(bytes);
  if (header === undefined) {
    throw new DataError(`${name}: expected a PNG image that begins with its header, got another chunk`);
  }
  const { rows, cols, depth, interlaced, colourType } = header;
  if (rows * cols === 0 || rows * cols > MAX_PIXELS) {
    throw new DataError(`${name}: expected 1 to ${MAX_PIXELS} pixels, got ${rows} × ${cols}`);
  }
  if (interlaced && depth < 8) {
    throw new DataError(`${name}: expected 8 or 16 bits a channel in an interlaced image, got ${depth}`);
  }
  try {
    // A copy, as the decoder reads beyond the end of a view into whatever its buffer holds there.
    const image = decode(safeChunks(bytes, header, name), { checkCrc: true });
    if (colourType === INDEXED && image.palette === undefined) throw new Error('no palette');
    return { rows, cols, values: greyValues(image) };
  } catch (error) {
    if (error instanceof DataError) throw error;
    const why = (error as Error).message.split('\n')[0];
    throw new DataError(
      `${name}: expected a complete PNG image, got ${bytes.length} damaged bytes (${why})`,
      {
        cause: error,
      },
    );
  }
}

/** The chunk that a PNG image begins with; undefined if it is another. */
function headerOf(bytes: Uint8Array): PngHeader | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (view.getUint32(8) !== 13 || view.getUint32(12) !== IHDR) return undefined;
  return {
    cols: view.getUint32(16),
    rows: view.getUint32(20),
    depth: view.getUint8(24),
    colourType: view.getUint8(25),
    interlaced: view.getUint8(28) !== 0,
  };
}

function greyValues(image: DecodedPng): Uint8Array {
  const { width, height, channels, depth, palette, transparency } = image;
  const samples = unpacked(image);
  const max = palette === undefined ? (1 << depth) - 1 : 255;
  const grey = new Uint8Array(width * height);
  for (let n = 0; n < grey.length; n++) {
    const pixel = samples.subarray(n * channels, (n + 1) * channels);
    const colour = palette === undefined ? pixel : palette[pixel[0]];
    if (colour === undefined) throw new RangeError(`colour ${pixel[0]} of ${palette?.length} in the palette`);
    const isKey = palette === undefined && transparency?.every((value, c) => value === pixel[c]);
    // Two and four values a colour end in its opacity.
    const alpha = isKey ? 0 : colour.length % 2 === 0 ? colour[colour.length - 1] : max;
    const luminance =
      colour.length < 3 ? colour[0] : (299 * colour[0] + 587 * colour[1] + 114 * colour[2]) / 1000;
    grey[n] = Math.round((255 * luminance * alpha) / (max * max));
  }
  return grey;
}

/** One value an entry: below 8 bits, the decoder leaves several in a byte and begins each row with a new one. */
function unpacked({ data, width, height, channels, depth }: DecodedPng): DecodedPng['data'] {
  if (depth >= 8) return data;
  const perRow = Math.ceil((width * channels * depth) / 8);
  const values = new Uint8Array(width * channels * height);
  for (let row = 0; row < height; row++) {
    for (let k = 0; k < width * channels; k++) {
      const bit = k * depth;
      const byte = data[row * perRow + (bit >> 3)];
      values[row * width * channels + k] = (byte >> (8 - depth - (bit & 7))) & ((1 << depth) - 1);
    }
  }
  return values;
}

function kindOf(bytes: Uint8Array): string {
  if (bytes.length === 0) return 'an empty file';
  if (bytes[0] === 0xff && bytes[1] === 0xd8) return 'a JPEG image';
  const start = [...bytes.subarray(0, 4)].map((byte) => byte.toString(16).padStart(2, '0'));
  return `a file that begins with ${start.join(' ')}`;
}
