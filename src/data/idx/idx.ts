/** A strict reader of IDX, the format of MNIST's files: magic number, sizes, then the values, all big-endian. */

import { DataError } from '../errors.ts';

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
/** No byte of a deflate stream gives more than this many: a match of 258 for two bits. */
const MAX_DEFLATED = 1032;
/** More samples than this no kernels can hold. */
const MAX_BYTES = 2 ** 32;

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
  const headerBytes = 4 + 4 * dims;
  if (given[0] === 0x1f && given[1] === 0x8b) {
    const { file, dimensions } = await gunzip(given, name, dims);
    return { dimensions, values: file.subarray(headerBytes), file };
  }
  const { dimensions, fileBytes } = readHeader(given, name, dims, `got ${given.length}`);
  if (given.length !== fileBytes) throw wrongLength(name, dimensions, fileBytes, `got ${given.length}`);
  return { dimensions, values: given.subarray(headerBytes), file: given };
}

/** What a file's first bytes say of it: its dimensions, and with them how long it is. */
function readHeader(
  file: Uint8Array,
  name: string,
  dims: 1 | 3,
  got: string,
): { dimensions: number[]; fileBytes: number } {
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
  return { dimensions, fileBytes: headerBytes + dimensions.reduce((product, size) => product * size, 1) };
}

function wrongLength(name: string, dimensions: readonly number[], expected: number, got: string): DataError {
  const [count, rows, cols] = dimensions;
  const content = dimensions.length === 1 ? `${count} labels` : `${count} images of ${rows} × ${cols}`;
  return new DataError(`${name}: expected ${expected} bytes for ${content}, ${got}`);
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

/**
 * Decompresses no more than the header says: a stream that holds more is left off there, and one that cannot hold as much
 * is refused before there is memory for it.
 */
async function gunzip(
  bytes: Uint8Array<ArrayBuffer>,
  name: string,
  dims: 1 | 3,
): Promise<{ file: Uint8Array<ArrayBuffer>; dimensions: number[] }> {
  const headerBytes = 4 + 4 * dims;
  const damaged = (cause: unknown) => {
    const came = `got ${bytes.length} bytes that are truncated or corrupt`;
    return new DataError(`${name}: expected a complete gzip file, ${came}`, { cause });
  };
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('gzip'));
  const reader: ReadableStreamDefaultReader<Uint8Array> = stream.getReader();
  const next = async () => {
    const { done, value } = await reader.read().catch((cause) => {
      throw damaged(cause);
    });
    return done ? undefined : value;
  };
  try {
    let begin = new Uint8Array(0);
    for (let chunk = await next(); chunk !== undefined; chunk = await next()) {
      const longer = new Uint8Array(begin.length + chunk.length);
      longer.set(begin);
      longer.set(chunk, begin.length);
      begin = longer;
      if (begin.length >= headerBytes) break;
    }
    const { dimensions, fileBytes } = readHeader(
      begin,
      name,
      dims,
      `got ${begin.length} after decompression`,
    );
    if (fileBytes > bytes.length * MAX_DEFLATED + begin.length) {
      throw wrongLength(
        name,
        dimensions,
        fileBytes,
        `got a gzip file of ${bytes.length} bytes, too few for that`,
      );
    }
    if (fileBytes > MAX_BYTES) {
      throw wrongLength(name, dimensions, fileBytes, `and can take at most ${MAX_BYTES}`);
    }
    const file = new Uint8Array(fileBytes);
    let at = 0;
    for (let chunk: Uint8Array | undefined = begin; chunk !== undefined; chunk = await next()) {
      if (at + chunk.length > fileBytes) {
        throw wrongLength(name, dimensions, fileBytes, 'got more after decompression');
      }
      file.set(chunk, at);
      at += chunk.length;
    }
    if (at < fileBytes) throw wrongLength(name, dimensions, fileBytes, `got ${at} after decompression`);
    return { file, dimensions };
  } finally {
    await reader.cancel().catch(() => {});
  }
}

function hex32(value: number): string {
  return `0x${value.toString(16).padStart(8, '0')}`;
}
