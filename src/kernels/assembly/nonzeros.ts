/**
 * The nonzeros of a data set and of a batch. In a data set a nonzero is packed into a word: the upper half is its byte
 * as the upper half of a float32, which is exact below 2⁸, the lower half its column. A batch's nonzeros are unpacked
 * before they are used, by rows and by columns, since every panel of a product goes through all of them.
 */

/** How many of `count` bytes are not 0; `count` is a multiple of 16, or bytes up to the next multiple are 0. */
export function countNonzeros(bytes: usize, count: usize): u32 {
  const zero = i8x16.splat(0);
  let nonzeros: u32 = 0;
  for (let k: usize = 0; k < count; k += 16) {
    nonzeros += popcnt<u32>(i8x16.bitmask(i8x16.ne(v128.load(bytes + k), zero)) as u32);
  }
  return nonzeros;
}

/** What of a packed word is the value. */
const VALUE: u32 = 0xffff0000;
const INDEX: u32 = 0x0000ffff;

/**
 * Appends the nonzeros of `count` rows of bytes to those at `entries`, of which there are `next`, and to `ends` (u32)
 * the address where each row's end. Gives the number afterwards.
 */
export function compress(bytes: usize, count: u32, cols: u32, ends: usize, entries: usize, next: u32): u32 {
  const zero = i8x16.splat(0);
  let to = entries + (next << 2);
  for (let i: u32 = 0; i < count; i++) {
    for (let k: u32 = 0; k < cols; k += 16) {
      let lit = i8x16.bitmask(i8x16.ne(v128.load(bytes + k), zero)) as u32;
      // The last vector may reach into the next row.
      if (cols - k < 16) lit &= (1 << (cols - k)) - 1;
      for (; lit != 0; lit &= lit - 1) {
        const column = k + ctz(lit);
        store<u32>(to, reinterpret<u32>(load<u8>(bytes + column) as f32) | column);
        to += 4;
      }
    }
    bytes += cols;
    store<u32>(ends + (i << 2), to as u32);
  }
  return ((to - entries) >> 2) as u32;
}

/**
 * A batch's nonzeros row by row: entry by entry the byte offset of its row of weights (u32, column · `rowBytes`) and
 * its value (f32, byte · scale). The address where each row's end goes to `ends` (u32). Writes up to 3 entries more.
 *
 * @param order the batch's rows in the data set (u32)
 * @param rowEnds where the data set's rows end (u32), preceded by where the first begins
 */
export function decodeRows(
  order: usize,
  count: u32,
  rowEnds: usize,
  scale: f32,
  rowBytes: u32,
  entries: usize,
  ends: usize,
): void {
  const value = i32x4.splat(VALUE);
  const index = i32x4.splat(INDEX);
  const factor = i32x4.splat(rowBytes);
  const s = f32x4.splat(scale);
  for (let i: u32 = 0; i < count; i++) {
    const sample = rowEnds + (load<u32>(order + (i << 2)) << 2);
    let at = load<u32>(sample - 4) as usize;
    const end = load<u32>(sample) as usize;
    const rowEnd = entries + ((end - at) << 1);
    for (; at < end; at += 16) {
      const packed = v128.load(at);
      const offsets = i32x4.mul(v128.and(packed, index), factor);
      const values = f32x4.mul(v128.and(packed, value), s);
      v128.store(entries, v128.shuffle<i32>(offsets, values, 0, 4, 1, 5));
      v128.store(entries, v128.shuffle<i32>(offsets, values, 2, 6, 3, 7), 16);
      entries += 32;
    }
    entries = rowEnd;
    store<u32>(ends + (i << 2), rowEnd as u32);
  }
}

/**
 * A batch's nonzeros of the columns from `from` to `to`, column by column (a counting sort), the rows ascending: entry
 * by entry the byte offset of its row of delta (u32, row · `rowBytes`) and its value (f32). The address where each
 * column's end goes to `ends`.
 */
export function decodeColumns(
  order: usize,
  count: u32,
  rowEnds: usize,
  scale: f32,
  rowBytes: u32,
  from: u32,
  to: u32,
  entries: usize,
  ends: usize,
): void {
  memory.fill(ends, 0, (to - from) << 2);
  const columns = ends - (from << 2);
  for (let i: u32 = 0; i < count; i++) {
    const sample = rowEnds + (load<u32>(order + (i << 2)) << 2);
    const end = load<u32>(sample) as usize;
    for (let at = firstFrom(load<u32>(sample - 4) as usize, end, from); at < end; at += 4) {
      const k = load<u32>(at) & INDEX;
      if (k >= to) break;
      const column = columns + (k << 2);
      store<u32>(column, load<u32>(column) + 8);
    }
  }
  let next = entries as u32;
  for (let k = from; k < to; k++) {
    const column = columns + (k << 2);
    const bytes = load<u32>(column);
    store<u32>(column, next);
    next += bytes;
  }
  for (let i: u32 = 0; i < count; i++) {
    const sample = rowEnds + (load<u32>(order + (i << 2)) << 2);
    const end = load<u32>(sample) as usize;
    const row = i * rowBytes;
    for (let at = firstFrom(load<u32>(sample - 4) as usize, end, from); at < end; at += 4) {
      const packed = load<u32>(at);
      const k = packed & INDEX;
      if (k >= to) break;
      const column = columns + (k << 2);
      const entry = load<u32>(column) as usize;
      store<u32>(entry, row);
      store<f32>(entry, reinterpret<f32>(packed & VALUE) * scale, 4);
      store<u32>(column, (entry + 8) as u32);
    }
  }
}

/** Where a row's first nonzero is whose column is not below `from`: columns ascend, so by bisection. */
// @ts-ignore: decorator
@inline
function firstFrom(at: usize, end: usize, from: u32): usize {
  if (from == 0) return at;
  while (at < end) {
    const middle = at + (((end - at) >> 3) << 2);
    if ((load<u32>(middle) & INDEX) < from) at = middle + 4;
    else end = middle;
  }
  return at;
}
