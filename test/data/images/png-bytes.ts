/** PNG files chunk by chunk, such as no encoder writes them. */

import { crc32 } from 'node:zlib';

const SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);

/** A chunk: length, name, what it holds, checksum. */
export function pngChunk(type: string, data: Uint8Array): Buffer {
  const chunk = Buffer.alloc(12 + data.length);
  chunk.writeUInt32BE(data.length, 0);
  chunk.write(type, 4, 'latin1');
  chunk.set(data, 8);
  chunk.writeUInt32BE(crc32(chunk.subarray(4, 8 + data.length)), 8 + data.length);
  return chunk;
}

/** The header of an image of 8 bits a channel, grey by default. */
export function pngHeader(rows: number, cols: number, colourType = 0): Buffer {
  const data = Buffer.alloc(13);
  data.writeUInt32BE(cols, 0);
  data.writeUInt32BE(rows, 4);
  data.set([8, colourType], 8);
  return pngChunk('IHDR', data);
}

/** A file of these chunks and an end. */
export const pngOf = (...chunks: readonly Uint8Array[]): Uint8Array<ArrayBuffer> =>
  new Uint8Array(Buffer.concat([SIGNATURE, ...chunks, pngChunk('IEND', new Uint8Array(0))]));
