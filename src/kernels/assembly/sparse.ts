/**
 * Products with sparse inputs. In a data set a nonzero is packed into a word: the upper half is its byte as the upper
 * half of a float32, which is exact below 2⁸, the lower half its column. A batch's nonzeros are unpacked before they
 * are used, by rows and by columns, since every panel of a product goes through all of them.
 */

import { PANEL_ROW } from './layout';

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

/** z = x w + b for one panel of columns, x by rows as `decodeRows` leaves it. */
export function sparseForward(count: u32, entries: usize, ends: usize, w: usize, b: usize, z: usize): void {
  for (let i: u32 = 0; i < count; i++) {
    let z0 = v128.load(b);
    let z1 = v128.load(b, 16);
    let z2 = v128.load(b, 32);
    let z3 = v128.load(b, 48);
    let z4 = v128.load(b, 64);
    const end = load<u32>(ends + (i << 2)) as usize;
    for (; entries < end; entries += 8) {
      const row = w + (load<u32>(entries) as usize);
      const v = v128.load_splat<f32>(entries, 4);
      z0 = f32x4.add(z0, f32x4.mul(v, v128.load(row)));
      z1 = f32x4.add(z1, f32x4.mul(v, v128.load(row, 16)));
      z2 = f32x4.add(z2, f32x4.mul(v, v128.load(row, 32)));
      z3 = f32x4.add(z3, f32x4.mul(v, v128.load(row, 48)));
      z4 = f32x4.add(z4, f32x4.mul(v, v128.load(row, 64)));
    }
    v128.store(z, z0);
    v128.store(z, z1, 16);
    v128.store(z, z2, 32);
    v128.store(z, z3, 48);
    v128.store(z, z4, 64);
    z += PANEL_ROW;
  }
}

/** dw = xᵀ delta for one panel of columns, x by columns as `decodeColumns` leaves it. */
export function sparseGradient(cols: u32, entries: usize, ends: usize, delta: usize, dw: usize): void {
  for (let k: u32 = 0; k < cols; k++) {
    const end = load<u32>(ends + (k << 2)) as usize;
    let d0 = f32x4.splat(0);
    let d1 = d0;
    let d2 = d0;
    let d3 = d0;
    let d4 = d0;
    for (; entries < end; entries += 8) {
      const row = delta + (load<u32>(entries) as usize);
      const v = v128.load_splat<f32>(entries, 4);
      d0 = f32x4.add(d0, f32x4.mul(v, v128.load(row)));
      d1 = f32x4.add(d1, f32x4.mul(v, v128.load(row, 16)));
      d2 = f32x4.add(d2, f32x4.mul(v, v128.load(row, 32)));
      d3 = f32x4.add(d3, f32x4.mul(v, v128.load(row, 48)));
      d4 = f32x4.add(d4, f32x4.mul(v, v128.load(row, 64)));
    }
    v128.store(dw, d0);
    v128.store(dw, d1, 16);
    v128.store(dw, d2, 32);
    v128.store(dw, d3, 48);
    v128.store(dw, d4, 64);
    dw += PANEL_ROW;
  }
}

/** w += factor · xᵀ delta for one panel of columns: `sparseGradient` and `addScaled` in one pass, with the same bits. */
export function sparseDescent(
  cols: u32,
  entries: usize,
  ends: usize,
  delta: usize,
  factor: f32,
  w: usize,
): void {
  const f = f32x4.splat(factor);
  for (let k: u32 = 0; k < cols; k++, w += PANEL_ROW) {
    const end = load<u32>(ends + (k << 2)) as usize;
    if (entries == end) continue;
    let d0 = f32x4.splat(0);
    let d1 = d0;
    let d2 = d0;
    let d3 = d0;
    let d4 = d0;
    for (; entries < end; entries += 8) {
      const row = delta + (load<u32>(entries) as usize);
      const v = v128.load_splat<f32>(entries, 4);
      d0 = f32x4.add(d0, f32x4.mul(v, v128.load(row)));
      d1 = f32x4.add(d1, f32x4.mul(v, v128.load(row, 16)));
      d2 = f32x4.add(d2, f32x4.mul(v, v128.load(row, 32)));
      d3 = f32x4.add(d3, f32x4.mul(v, v128.load(row, 48)));
      d4 = f32x4.add(d4, f32x4.mul(v, v128.load(row, 64)));
    }
    v128.store(w, f32x4.add(v128.load(w), f32x4.mul(f, d0)));
    v128.store(w, f32x4.add(v128.load(w, 16), f32x4.mul(f, d1)), 16);
    v128.store(w, f32x4.add(v128.load(w, 32), f32x4.mul(f, d2)), 32);
    v128.store(w, f32x4.add(v128.load(w, 48), f32x4.mul(f, d3)), 48);
    v128.store(w, f32x4.add(v128.load(w, 64), f32x4.mul(f, d4)), 64);
  }
}

/**
 * The part of z = x w that the weight rows from `from` to `to` make, for up to 4 vectors of a narrow w's columns
 * starting at byte `at`: out[i] overwritten. x by rows as `decodeRows` leaves it for rows of `rowBytes`.
 */
export function sparseNarrowForward(
  count: u32,
  entries: usize,
  ends: usize,
  from: u32,
  to: u32,
  rowBytes: u32,
  w: usize,
  vectors: u32,
  out: usize,
): void {
  const first = from * rowBytes;
  const last = to * rowBytes;
  for (let i: u32 = 0; i < count; i++) {
    const end = load<u32>(ends + (i << 2)) as usize;
    let z0 = f32x4.splat(0);
    let z1 = z0;
    let z2 = z0;
    let z3 = z0;
    for (; entries < end && load<u32>(entries) < first; entries += 8) {}
    for (; entries < end; entries += 8) {
      const offset = load<u32>(entries);
      if (offset >= last) break;
      const row = w + (offset as usize);
      const v = v128.load_splat<f32>(entries, 4);
      z0 = f32x4.add(z0, f32x4.mul(v, v128.load(row)));
      if (vectors > 1) z1 = f32x4.add(z1, f32x4.mul(v, v128.load(row, 16)));
      if (vectors > 2) z2 = f32x4.add(z2, f32x4.mul(v, v128.load(row, 32)));
      if (vectors > 3) z3 = f32x4.add(z3, f32x4.mul(v, v128.load(row, 48)));
    }
    entries = end;
    v128.store(out, z0);
    if (vectors > 1) v128.store(out, z1, 16);
    if (vectors > 2) v128.store(out, z2, 32);
    if (vectors > 3) v128.store(out, z3, 48);
    out += rowBytes;
  }
}

/** dw = xᵀ delta for the rows from `from` to `to` and up to 4 vectors of columns of a narrow w. */
export function sparseNarrowGradient(
  from: u32,
  to: u32,
  entries: usize,
  ends: usize,
  delta: usize,
  vectors: u32,
  rowBytes: u32,
  dw: usize,
): void {
  if (from > 0) entries = load<u32>(ends + ((from - 1) << 2)) as usize;
  dw += from * rowBytes;
  for (let k = from; k < to; k++) {
    const end = load<u32>(ends + (k << 2)) as usize;
    let d0 = f32x4.splat(0);
    let d1 = d0;
    let d2 = d0;
    let d3 = d0;
    for (; entries < end; entries += 8) {
      const row = delta + (load<u32>(entries) as usize);
      const v = v128.load_splat<f32>(entries, 4);
      d0 = f32x4.add(d0, f32x4.mul(v, v128.load(row)));
      if (vectors > 1) d1 = f32x4.add(d1, f32x4.mul(v, v128.load(row, 16)));
      if (vectors > 2) d2 = f32x4.add(d2, f32x4.mul(v, v128.load(row, 32)));
      if (vectors > 3) d3 = f32x4.add(d3, f32x4.mul(v, v128.load(row, 48)));
    }
    v128.store(dw, d0);
    if (vectors > 1) v128.store(dw, d1, 16);
    if (vectors > 2) v128.store(dw, d2, 32);
    if (vectors > 3) v128.store(dw, d3, 48);
    dw += rowBytes;
  }
}
