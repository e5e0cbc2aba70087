/** Products with sparse inputs, unpacked by rows or by columns as nonzeros.ts leaves them. */

import { PANEL_ROW } from './layout';

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
