/** Builds IDX files and folders in memory for the tests of their readers. */

/** An IDX file of unsigned bytes with these dimensions and values; the two need not agree. */
export function idxBytes(
  dimensions: number[],
  values: ArrayLike<number>,
  magic?: number,
): Uint8Array<ArrayBuffer> {
  const headerBytes = 4 + 4 * dimensions.length;
  const bytes = new Uint8Array(headerBytes + values.length);
  const header = new DataView(bytes.buffer);
  header.setUint32(0, magic ?? 0x0800 + dimensions.length);
  for (const [i, size] of dimensions.entries()) header.setUint32(4 + 4 * i, size);
  bytes.set(values, headerBytes);
  return bytes;
}

/** A `read` over files in memory that also records which names were asked for. */
export function memoryFolder(files: Record<string, Uint8Array>) {
  const asked: string[] = [];
  const read = async (name: string): Promise<Uint8Array | undefined> => {
    asked.push(name);
    return files[name];
  };
  return { read, asked };
}
