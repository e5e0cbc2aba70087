/** The chunks of a PNG file, looked through before they are decoded: a small file can claim or unpack to gigabytes. */

import { Unzlib } from 'fflate';
import { DataError } from '../errors.ts';

/** What the header of a PNG file says. */
export interface PngHeader {
  readonly rows: number;
  readonly cols: number;
  /** Bits a channel. */
  readonly depth: number;
  readonly colourType: number;
  readonly interlaced: boolean;
}

const SIGNATURE_BYTES = 8;
/** Length, name and checksum of a chunk. */
const FRAME_BYTES = 12;
const MAX_COLOURS = 256;
/** By colour type. */
const CHANNELS: Readonly<Record<number, number>> = { 0: 1, 2: 3, 3: 1, 4: 2 };
const MAX_CHANNELS = 4;
/** What pixels may unpack to beyond what the header asks for: some writers leave a little more. */
const SPARE_BYTES = 1 << 16;
/** Packed bytes that are unpacked at a time; a byte gives 1032 at most. */
const PIECE_BYTES = 1 << 14;

/**
 * A copy of a PNG file that is safe to decode: all of its chunks up to the end, but for colour profiles, which are
 * packed too and not needed for grey.
 *
 * @param bytes a file that begins with a signature and this header
 * @param name the file's name, for messages
 * @throws {DataError} pixels that unpack to far more than the header asks for, in 17 MB at a time
 * @throws {Error} a chunk that is cut short, a second header, a palette of more than 256 colours, pixels that cannot
 *   be unpacked
 */
export function safeChunks(bytes: Uint8Array, header: PngHeader, name: string): Uint8Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const kept = [bytes.subarray(0, SIGNATURE_BYTES)];
  const count = unpackedCounter(header, name);
  for (let at = SIGNATURE_BYTES, type = ''; type !== 'IEND'; ) {
    if (at + FRAME_BYTES > bytes.length) throw new Error('cut short');
    const length = view.getUint32(at);
    const end = at + FRAME_BYTES + length;
    if (end > bytes.length) throw new Error('cut short');
    type = String.fromCharCode(...bytes.subarray(at + 4, at + 8));
    if (type === 'IHDR' && at > SIGNATURE_BYTES) throw new Error('a second header');
    if (type === 'PLTE' && length > 3 * MAX_COLOURS)
      throw new Error(`a palette of more than ${MAX_COLOURS} colours`);
    if (type === 'IDAT') count(bytes.subarray(at + 8, at + 8 + length));
    if (type !== 'iCCP') kept.push(bytes.subarray(at, end));
    at = end;
  }
  const copy = new Uint8Array(kept.reduce((sum, chunk) => sum + chunk.length, 0));
  let at = 0;
  for (const chunk of kept) {
    copy.set(chunk, at);
    at += chunk.length;
  }
  return copy;
}

/** Unpacks the pixels chunk by chunk, keeps nothing, and refuses too many. */
function unpackedCounter(header: PngHeader, name: string): (packed: Uint8Array) => void {
  const most = mostBytes(header) + SPARE_BYTES;
  const refuse = () => {
    const size = `${header.rows} × ${header.cols}`;
    throw new DataError(`${name}: expected ${size} pixels that unpack to at most ${most} bytes, got more`);
  };
  let taken = 0;
  let given = 0;
  const inflator = new Unzlib((unpacked) => {
    given += unpacked.length;
  });
  return (packed) => {
    taken += packed.length;
    // Packing adds a few bytes to what it cannot make smaller, and never doubles it.
    if (taken > 2 * most) refuse();
    for (let at = 0; at < packed.length; at += PIECE_BYTES) {
      inflator.push(packed.subarray(at, at + PIECE_BYTES));
      if (given > most) refuse();
    }
  };
}

/** All rows with the byte that begins each; interlaced, the seven passes have less than twice as many rows. */
function mostBytes({ rows, cols, depth, colourType, interlaced }: PngHeader): number {
  const bits = cols * Math.min(depth, 16) * (CHANNELS[colourType] ?? MAX_CHANNELS);
  return rows * (Math.ceil(bits / 8) + 1) + (interlaced ? rows + 7 : 0);
}
