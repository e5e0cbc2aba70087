/** A grey image as a PNG file. */

import type { GreyImage } from '../../../../data/images/png.ts';

const SIGNATURE = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a);

/** The bytes of a PNG file, 8 bits a pixel. Not the canvas's own: some browsers falsify those. */
export async function pngFile({ rows, cols, values }: GreyImage): Promise<Blob> {
  const header = new Uint8Array(13);
  const sizes = new DataView(header.buffer);
  sizes.setUint32(0, cols);
  sizes.setUint32(4, rows);
  // 8 bits, grey; the usual compression, filters, no interlacing.
  header[8] = 8;
  // Each row begins with its filter: none.
  const lines = new Uint8Array(rows * (cols + 1));
  for (let row = 0; row < rows; row++) {
    lines.set(values.subarray(row * cols, (row + 1) * cols), row * (cols + 1) + 1);
  }
  const stream = new Blob([lines]).stream().pipeThrough(new CompressionStream('deflate'));
  const data = new Uint8Array(await new Response(stream).arrayBuffer());
  const parts = [SIGNATURE, chunk('IHDR', header), chunk('IDAT', data), chunk('IEND', new Uint8Array())];
  return new Blob(parts, { type: 'image/png' });
}

/** Length, name, data, checksum of name and data. */
function chunk(name: string, data: Uint8Array): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(data.length + 12);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, data.length);
  for (let i = 0; i < 4; i++) bytes[4 + i] = name.charCodeAt(i);
  bytes.set(data, 8);
  view.setUint32(8 + data.length, crc32(bytes.subarray(4, 8 + data.length)));
  return bytes;
}

/** The checksum of PNG and gzip, bit by bit: the files are small. */
function crc32(bytes: Uint8Array): number {
  let crc = ~0;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  return ~crc >>> 0;
}
