/** A strict reader of IDX, the format of MNIST's files: magic number, sizes, then the values, all big-endian. */

import { DataError } from './errors.ts';

/** One IDX file of unsigned bytes. */
export interface Idx {
  /** [count] for labels, [count, rows, cols] for images; every entry at least 1. */
  readonly dimensions: readonly number[];
  /** The values, row-major: a view into `file`. */
  readonly values: Uint8Array<ArrayBuffer>;
  /** The whole file, header included, decompressed: what its digest is taken of. */
  readonly file: Uint8Array<ArrayBuffer>;
}

const UNSIGNED_BYTE = 0x08;

/**
 * Reads an IDX file of unsigned bytes, plain or compressed with gzip (recognised by its first bytes, 1f 8b).
 * The values of a plain file are a view into `bytes`, not a copy, unless `bytes` is shared memory.
 *
 * @param bytes the file
 * @param name the file's name, for messages
 * @param dims 1 for labels (magic number 0x00000801), 3 for images (0x00000803)
 * @throws {DataError} a damaged gzip stream, another magic number, a dimension of 0, a file too short or too long
 */
export async function readIdx(bytes: Uint8Array, name: string, dims: 1 | 3): Promise<Idx> {
  const given = asPlainArray(bytes);
  const compressed = given[0] === 0x1f && given[1] === 0x8b;
  const file = compressed ? await gunzip(given, name) : given;
  const got = compressed ? `got ${file.length} after decompression` : `got ${file.length}`;

  const headerBytes = 4 + 4 * dims;
  if (file.length < 4) throw new DataError(`${name}: expected an IDX header of ${headerBytes} bytes, ${got}`);
  const header = new DataView(file.buffer, file.byteOffset, file.byteLength);
  const magic = (UNSIGNED_BYTE << 8) | dims;
  if (header.getUint32(0) !== magic) {
    const kind = dims === 1 ? 'labels' : 'images';
    const actual = hex32(header.getUint32(0));
    throw new DataError(`${name}: expected magic number ${hex32(magic)} (IDX ${kind}), got ${actual}`);
  }
  if (file.length < headerBytes) {
    throw new DataError(`${name}: expected an IDX header of ${headerBytes} bytes, ${got}`);
  }

  const dimensions = Array.from({ length: dims }, (_, i) => header.getUint32(4 + 4 * i));
  if (dimensions.includes(0)) {
    throw new DataError(`${name}: expected dimensions of at least 1, got ${dimensions.join(' × ')}`);
  }
  const expected = headerBytes + dimensions.reduce((product, size) => product * size, 1);
  if (file.length !== expected) {
    const [count, rows, cols] = dimensions;
    const content = dims === 1 ? `${count} labels` : `${count} images of ${rows} × ${cols}`;
    throw new DataError(`${name}: expected ${expected} bytes for ${content}, ${got}`);
  }
  return { dimensions, values: file.subarray(headerBytes), file };
}

/**
 * The same bytes as a plain Uint8Array. Node's Buffer is a Uint8Array whose `slice` does not copy, which code
 * handed samples must not have to know; shared memory is copied, because digests and streams refuse it.
 */
function asPlainArray(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  const { buffer, byteOffset, byteLength } = bytes;
  return buffer instanceof ArrayBuffer
    ? new Uint8Array(buffer, byteOffset, byteLength)
    : new Uint8Array(bytes);
}

async function gunzip(bytes: Uint8Array<ArrayBuffer>, name: string): Promise<Uint8Array<ArrayBuffer>> {
  try {
    const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('gzip'));
    return new Uint8Array(await new Response(stream).arrayBuffer());
  } catch (cause) {
    const came = `got ${bytes.length} bytes that are truncated or corrupt`;
    throw new DataError(`${name}: expected a complete gzip file, ${came}`, { cause });
  }
}

function hex32(value: number): string {
  return `0x${value.toString(16).padStart(8, '0')}`;
}
