/** Products with sparse inputs: a data set's nonzeros, and a batch's of them by rows and by columns. */

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

/**
 * Appends the nonzeros of `count` rows of bytes: their columns (u16) at `columns`, their values (u8) at `values`, and
 * to `starts` (u32) the end of each row. `next` is the number of nonzeros so far; gives the number afterwards.
 */
export function compress(
  bytes: usize,
  count: u32,
  cols: u32,
  starts: usize,
  columns: usize,
  values: usize,
  next: u32,
): u32 {
  const zero = i8x16.splat(0);
  for (let i: u32 = 0; i < count; i++) {
    for (let k: u32 = 0; k < cols; k += 16) {
      let lit = i8x16.bitmask(i8x16.ne(v128.load(bytes + k), zero)) as u32;
      // The last vector may reach into the next row.
      if (cols - k < 16) lit &= (1 << (cols - k)) - 1;
      for (; lit != 0; lit &= lit - 1) {
        const column = k + ctz(lit);
        store<u16>(columns + (next << 1), column as u16);
        store<u8>(values + next, load<u8>(bytes + column));
        next++;
      }
    }
    bytes += cols;
    store<u32>(starts + (i << 2), next);
  }
  return next;
}

/**
 * A batch's nonzeros row by row, ready for the products: entry by entry the byte offset of its row of weights (u32,
 * column · `rowBytes`) and its value (f32). The end of each row of the batch, as an address, goes to `ends` (u32).
 *
 * @param order the batch's rows in the data set (u32)
 * @param table the float of each byte
 */
export function decodeRows(
  order: usize,
  count: u32,
  starts: usize,
  columns: usize,
  values: usize,
  table: usize,
  rowBytes: u32,
  entries: usize,
  ends: usize,
): void {
  for (let i: u32 = 0; i < count; i++) {
    const sample = load<u32>(order + (i << 2)) << 2;
    const last = load<u32>(starts + sample, 4);
    for (let e = load<u32>(starts + sample); e < last; e++) {
      store<u32>(entries, (load<u16>(columns + (e << 1)) as u32) * rowBytes);
      store<f32>(entries, load<f32>(table + ((load<u8>(values + e) as usize) << 2)), 4);
      entries += 8;
    }
    store<u32>(ends + (i << 2), entries as u32);
  }
}

/**
 * A batch's nonzeros column by column (a counting sort), the rows ascending: entry by entry the byte offset of its
 * row of delta (u32, row · `rowBytes`) and its value (f32). The end of each column, as an address, goes to `ends`.
 */
export function decodeColumns(
  order: usize,
  count: u32,
  cols: u32,
  starts: usize,
  columns: usize,
  values: usize,
  table: usize,
  rowBytes: u32,
  entries: usize,
  ends: usize,
): void {
  memory.fill(ends, 0, cols << 2);
  for (let i: u32 = 0; i < count; i++) {
    const sample = load<u32>(order + (i << 2)) << 2;
    const end = columns + (load<u32>(starts + sample, 4) << 1);
    for (let at = columns + (load<u32>(starts + sample) << 1); at < end; at += 2) {
      const column = ends + ((load<u16>(at) as usize) << 2);
      store<u32>(column, load<u32>(column) + 8);
    }
  }
  let next = entries as u32;
  for (let k: u32 = 0; k < cols; k++) {
    const column = ends + (k << 2);
    const bytes = load<u32>(column);
    store<u32>(column, next);
    next += bytes;
  }
  for (let i: u32 = 0; i < count; i++) {
    const sample = load<u32>(order + (i << 2)) << 2;
    const last = load<u32>(starts + sample, 4);
    const row = i * rowBytes;
    for (let e = load<u32>(starts + sample); e < last; e++) {
      const column = ends + ((load<u16>(columns + (e << 1)) as usize) << 2);
      const entry = load<u32>(column) as usize;
      store<u32>(entry, row);
      store<f32>(entry, load<f32>(table + ((load<u8>(values + e) as usize) << 2)), 4);
      store<u32>(column, (entry + 8) as u32);
    }
  }
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
