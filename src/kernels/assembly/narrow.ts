/** Products with a narrow output (at most 64 columns), row-major: up to 4 vectors of its columns at a time. */

import { sumEach } from './vector';

/**
 * out (+)= x w for `kCount` terms of the sum and up to 4 vectors of columns. x is given by the address of its first
 * term in row 0 and the bytes from row to row, w by that term's row. With `start` the sum begins at 0, else at out.
 */
export function narrowForward(
  x: usize,
  xRow: usize,
  count: u32,
  kCount: u32,
  w: usize,
  rowBytes: u32,
  vectors: u32,
  start: bool,
  out: usize,
): void {
  if (vectors == 1) forward(x, xRow, count, kCount, w, rowBytes, 1, start, out);
  else if (vectors == 2) forward(x, xRow, count, kCount, w, rowBytes, 2, start, out);
  else if (vectors == 3) forward(x, xRow, count, kCount, w, rowBytes, 3, start, out);
  else forward(x, xRow, count, kCount, w, rowBytes, 4, start, out);
}

// @ts-expect-error: decorator
@inline
function forward(
  x: usize,
  xRow: usize,
  count: u32,
  kCount: u32,
  w: usize,
  rowBytes: u32,
  vectors: u32,
  start: bool,
  out: usize,
): void {
  const zero = f32x4.splat(0);
  let i: u32 = 0;
  for (; i + 2 <= count; i += 2) {
    const second = out + rowBytes;
    let z0 = start ? zero : v128.load(out);
    let z1 = start || vectors < 2 ? zero : v128.load(out, 16);
    let z2 = start || vectors < 3 ? zero : v128.load(out, 32);
    let z3 = start || vectors < 4 ? zero : v128.load(out, 48);
    let y0 = start ? zero : v128.load(second);
    let y1 = start || vectors < 2 ? zero : v128.load(second, 16);
    let y2 = start || vectors < 3 ? zero : v128.load(second, 32);
    let y3 = start || vectors < 4 ? zero : v128.load(second, 48);
    let row = w;
    const end = x + (kCount << 2);
    for (let at = x; at < end; at += 4) {
      const u = v128.load_splat<f32>(at);
      const v = v128.load_splat<f32>(at + xRow);
      const w0 = v128.load(row);
      z0 = f32x4.add(z0, f32x4.mul(u, w0));
      y0 = f32x4.add(y0, f32x4.mul(v, w0));
      if (vectors > 1) {
        const w1 = v128.load(row, 16);
        z1 = f32x4.add(z1, f32x4.mul(u, w1));
        y1 = f32x4.add(y1, f32x4.mul(v, w1));
      }
      if (vectors > 2) {
        const w2 = v128.load(row, 32);
        z2 = f32x4.add(z2, f32x4.mul(u, w2));
        y2 = f32x4.add(y2, f32x4.mul(v, w2));
      }
      if (vectors > 3) {
        const w3 = v128.load(row, 48);
        z3 = f32x4.add(z3, f32x4.mul(u, w3));
        y3 = f32x4.add(y3, f32x4.mul(v, w3));
      }
      row += rowBytes;
    }
    storeUpTo4(out, vectors, z0, z1, z2, z3);
    storeUpTo4(second, vectors, y0, y1, y2, y3);
    x += xRow << 1;
    out += rowBytes << 1;
  }
  if (i < count) {
    let z0 = start ? zero : v128.load(out);
    let z1 = start || vectors < 2 ? zero : v128.load(out, 16);
    let z2 = start || vectors < 3 ? zero : v128.load(out, 32);
    let z3 = start || vectors < 4 ? zero : v128.load(out, 48);
    let row = w;
    const end = x + (kCount << 2);
    for (let at = x; at < end; at += 4) {
      const u = v128.load_splat<f32>(at);
      z0 = f32x4.add(z0, f32x4.mul(u, v128.load(row)));
      if (vectors > 1) z1 = f32x4.add(z1, f32x4.mul(u, v128.load(row, 16)));
      if (vectors > 2) z2 = f32x4.add(z2, f32x4.mul(u, v128.load(row, 32)));
      if (vectors > 3) z3 = f32x4.add(z3, f32x4.mul(u, v128.load(row, 48)));
      row += rowBytes;
    }
    storeUpTo4(out, vectors, z0, z1, z2, z3);
  }
}

/** dw = xᵀ delta for `kCount` rows of dw and up to 4 vectors of columns; x is given as above. */
export function narrowGradient(
  x: usize,
  xRow: usize,
  count: u32,
  kCount: u32,
  delta: usize,
  rowBytes: u32,
  vectors: u32,
  dw: usize,
): void {
  if (vectors == 1) gradient(x, xRow, count, kCount, delta, rowBytes, 1, dw);
  else if (vectors == 2) gradient(x, xRow, count, kCount, delta, rowBytes, 2, dw);
  else if (vectors == 3) gradient(x, xRow, count, kCount, delta, rowBytes, 3, dw);
  else gradient(x, xRow, count, kCount, delta, rowBytes, 4, dw);
}

// @ts-expect-error: decorator
@inline
function gradient(
  x: usize,
  xRow: usize,
  count: u32,
  kCount: u32,
  delta: usize,
  rowBytes: u32,
  vectors: u32,
  dw: usize,
): void {
  let k: u32 = 0;
  const end = delta + count * rowBytes;
  for (; k + 2 <= kCount; k += 2) {
    let d0 = f32x4.splat(0);
    let d1 = d0;
    let d2 = d0;
    let d3 = d0;
    let e0 = d0;
    let e1 = d0;
    let e2 = d0;
    let e3 = d0;
    let at = x + (k << 2);
    for (let row = delta; row < end; row += rowBytes) {
      const u = v128.load_splat<f32>(at);
      const v = v128.load_splat<f32>(at, 4);
      const r0 = v128.load(row);
      d0 = f32x4.add(d0, f32x4.mul(u, r0));
      e0 = f32x4.add(e0, f32x4.mul(v, r0));
      if (vectors > 1) {
        const r1 = v128.load(row, 16);
        d1 = f32x4.add(d1, f32x4.mul(u, r1));
        e1 = f32x4.add(e1, f32x4.mul(v, r1));
      }
      if (vectors > 2) {
        const r2 = v128.load(row, 32);
        d2 = f32x4.add(d2, f32x4.mul(u, r2));
        e2 = f32x4.add(e2, f32x4.mul(v, r2));
      }
      if (vectors > 3) {
        const r3 = v128.load(row, 48);
        d3 = f32x4.add(d3, f32x4.mul(u, r3));
        e3 = f32x4.add(e3, f32x4.mul(v, r3));
      }
      at += xRow;
    }
    storeUpTo4(dw, vectors, d0, d1, d2, d3);
    storeUpTo4(dw + rowBytes, vectors, e0, e1, e2, e3);
    dw += rowBytes << 1;
  }
  if (k < kCount) {
    let d0 = f32x4.splat(0);
    let d1 = d0;
    let d2 = d0;
    let d3 = d0;
    let at = x + (k << 2);
    for (let row = delta; row < end; row += rowBytes) {
      const u = v128.load_splat<f32>(at);
      d0 = f32x4.add(d0, f32x4.mul(u, v128.load(row)));
      if (vectors > 1) d1 = f32x4.add(d1, f32x4.mul(u, v128.load(row, 16)));
      if (vectors > 2) d2 = f32x4.add(d2, f32x4.mul(u, v128.load(row, 32)));
      if (vectors > 3) d3 = f32x4.add(d3, f32x4.mul(u, v128.load(row, 48)));
      at += xRow;
    }
    storeUpTo4(dw, vectors, d0, d1, d2, d3);
  }
}

/** dx = delta wᵀ for `kCount` columns of dx, rounded up to whole vectors; w has that many rows, the last ones 0. */
export function narrowInputGradient(
  delta: usize,
  count: u32,
  rowBytes: u32,
  w: usize,
  kCount: u32,
  dx: usize,
  dxRow: usize,
): void {
  for (let i: u32 = 0; i < count; i++) {
    let row = w;
    let out = dx;
    for (let k: u32 = 0; k < kCount; k += 4) {
      let s0 = f32x4.splat(0);
      let s1 = s0;
      let s2 = s0;
      let s3 = s0;
      const third = row + (rowBytes << 1);
      for (let v: usize = 0; v < rowBytes; v += 16) {
        const r = v128.load(delta + v);
        s0 = f32x4.add(s0, f32x4.mul(r, v128.load(row + v)));
        s1 = f32x4.add(s1, f32x4.mul(r, v128.load(row + rowBytes + v)));
        s2 = f32x4.add(s2, f32x4.mul(r, v128.load(third + v)));
        s3 = f32x4.add(s3, f32x4.mul(r, v128.load(third + rowBytes + v)));
      }
      v128.store(out, sumEach(s0, s1, s2, s3));
      row += rowBytes << 2;
      out += 16;
    }
    delta += rowBytes;
    dx += dxRow;
  }
}

/** z = b + the parts in their order: `parts` of them, `partBytes` apart, each [count, rowBytes]. */
export function addParts(
  count: u32,
  rowBytes: u32,
  b: usize,
  parts: u32,
  part: usize,
  partBytes: usize,
  z: usize,
): void {
  for (let i: u32 = 0; i < count; i++) {
    for (let v: usize = 0; v < rowBytes; v += 16) {
      let sum = v128.load(b + v);
      let at = part + v;
      for (let p: u32 = 0; p < parts; p++) {
        sum = f32x4.add(sum, v128.load(at));
        at += partBytes;
      }
      v128.store(z + v, sum);
    }
    part += rowBytes;
    z += rowBytes;
  }
}

/** db = the column sums of delta [count, rowBytes]. */
export function narrowSums(delta: usize, count: u32, rowBytes: u32, db: usize): void {
  for (let v: usize = 0; v < rowBytes; v += 16) {
    let sum = f32x4.splat(0);
    let at = delta + v;
    for (let i: u32 = 0; i < count; i++) {
      sum = f32x4.add(sum, v128.load(at));
      at += rowBytes;
    }
    v128.store(db + v, sum);
  }
}

// @ts-expect-error: decorator
@inline
function storeUpTo4(to: usize, vectors: u32, v0: v128, v1: v128, v2: v128, v3: v128): void {
  v128.store(to, v0);
  if (vectors > 1) v128.store(to, v1, 16);
  if (vectors > 2) v128.store(to, v2, 32);
  if (vectors > 3) v128.store(to, v3, 48);
}
