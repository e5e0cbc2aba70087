/** Products of dense matrices where the output is wide: panels of 20 columns. */

import { PANEL_ROW } from './layout';
import { sumEach } from './vector';

/**
 * z (+)= x w for one panel of columns and `kCount` terms of the sum. x is given by the address of its first term in
 * row 0 and the bytes from row to row, w by that term's row. With `start` the sum begins at b, else at z.
 *
 * 4 rows and 2 vectors at a time: 8 sums and the 6 values they are made of are what 16 registers hold at once.
 */
export function denseForward(
  x: usize,
  xRow: usize,
  count: u32,
  kCount: u32,
  w: usize,
  b: usize,
  start: bool,
  z: usize,
): void {
  let i: u32 = 0;
  for (; i + 4 <= count; i += 4) {
    forward4(x, xRow, kCount, w, b, start, z, 2);
    forward4(x, xRow, kCount, w + 32, b + 32, start, z + 32, 2);
    forward4(x, xRow, kCount, w + 64, b + 64, start, z + 64, 1);
    x += xRow << 2;
    z += PANEL_ROW << 2;
  }
  for (; i < count; i++) {
    const a = start ? b : z;
    let z0 = v128.load(a);
    let z1 = v128.load(a, 16);
    let z2 = v128.load(a, 32);
    let z3 = v128.load(a, 48);
    let z4 = v128.load(a, 64);
    let row = w;
    const end = x + (kCount << 2);
    for (let at = x; at < end; at += 4) {
      const u = v128.load_splat<f32>(at);
      z0 = f32x4.add(z0, f32x4.mul(u, v128.load(row)));
      z1 = f32x4.add(z1, f32x4.mul(u, v128.load(row, 16)));
      z2 = f32x4.add(z2, f32x4.mul(u, v128.load(row, 32)));
      z3 = f32x4.add(z3, f32x4.mul(u, v128.load(row, 48)));
      z4 = f32x4.add(z4, f32x4.mul(u, v128.load(row, 64)));
      row += PANEL_ROW;
    }
    store5(z, z0, z1, z2, z3, z4);
    x += xRow;
    z += PANEL_ROW;
  }
}

/** 4 rows of z and 1 or 2 of its vectors. */
// @ts-ignore: decorator
@inline
function forward4(
  x: usize,
  xRow: usize,
  kCount: u32,
  w: usize,
  b: usize,
  start: bool,
  z: usize,
  vectors: u32,
): void {
  const from = start ? b : z;
  const step: usize = start ? 0 : PANEL_ROW;
  let p0 = v128.load(from);
  let q0 = v128.load(from + step);
  let r0 = v128.load(from + (step << 1));
  let s0 = v128.load(from + step * 3);
  let p1 = vectors > 1 ? v128.load(from, 16) : p0;
  let q1 = vectors > 1 ? v128.load(from + step, 16) : p0;
  let r1 = vectors > 1 ? v128.load(from + (step << 1), 16) : p0;
  let s1 = vectors > 1 ? v128.load(from + step * 3, 16) : p0;
  const third = xRow << 1;
  const fourth = xRow * 3;
  const end = x + (kCount << 2);
  let row = w;
  for (let at = x; at < end; at += 4) {
    const p = v128.load_splat<f32>(at);
    const q = v128.load_splat<f32>(at + xRow);
    const r = v128.load_splat<f32>(at + third);
    const s = v128.load_splat<f32>(at + fourth);
    const w0 = v128.load(row);
    p0 = f32x4.add(p0, f32x4.mul(p, w0));
    q0 = f32x4.add(q0, f32x4.mul(q, w0));
    r0 = f32x4.add(r0, f32x4.mul(r, w0));
    s0 = f32x4.add(s0, f32x4.mul(s, w0));
    if (vectors > 1) {
      const w1 = v128.load(row, 16);
      p1 = f32x4.add(p1, f32x4.mul(p, w1));
      q1 = f32x4.add(q1, f32x4.mul(q, w1));
      r1 = f32x4.add(r1, f32x4.mul(r, w1));
      s1 = f32x4.add(s1, f32x4.mul(s, w1));
    }
    row += PANEL_ROW;
  }
  store4(z, p0, q0, r0, s0);
  if (vectors > 1) store4(z + 16, p1, q1, r1, s1);
}

/** dw = xᵀ delta for one panel of columns and `kCount` rows of dw, 4 of them and 2 vectors at a time as above. */
export function denseGradient(x: usize, xRow: usize, count: u32, kCount: u32, delta: usize, dw: usize): void {
  let k: u32 = 0;
  const end = delta + (count as usize) * PANEL_ROW;
  for (; k + 4 <= kCount; k += 4) {
    gradient4(x, xRow, delta, end, dw, 2);
    gradient4(x, xRow, delta + 32, end, dw + 32, 2);
    gradient4(x, xRow, delta + 64, end, dw + 64, 1);
    x += 16;
    dw += PANEL_ROW << 2;
  }
  for (; k < kCount; k++) {
    let d0 = f32x4.splat(0);
    let d1 = d0;
    let d2 = d0;
    let d3 = d0;
    let d4 = d0;
    let at = x;
    for (let row = delta; row < end; row += PANEL_ROW) {
      const u = v128.load_splat<f32>(at);
      d0 = f32x4.add(d0, f32x4.mul(u, v128.load(row)));
      d1 = f32x4.add(d1, f32x4.mul(u, v128.load(row, 16)));
      d2 = f32x4.add(d2, f32x4.mul(u, v128.load(row, 32)));
      d3 = f32x4.add(d3, f32x4.mul(u, v128.load(row, 48)));
      d4 = f32x4.add(d4, f32x4.mul(u, v128.load(row, 64)));
      at += xRow;
    }
    store5(dw, d0, d1, d2, d3, d4);
    x += 4;
    dw += PANEL_ROW;
  }
}

/** 4 rows of dw and 1 or 2 of its vectors. */
// @ts-ignore: decorator
@inline
function gradient4(x: usize, xRow: usize, delta: usize, end: usize, dw: usize, vectors: u32): void {
  let p0 = f32x4.splat(0);
  let q0 = p0;
  let r0 = p0;
  let s0 = p0;
  let p1 = p0;
  let q1 = p0;
  let r1 = p0;
  let s1 = p0;
  let at = x;
  for (let row = delta; row < end; row += PANEL_ROW) {
    const p = v128.load_splat<f32>(at);
    const q = v128.load_splat<f32>(at, 4);
    const r = v128.load_splat<f32>(at, 8);
    const s = v128.load_splat<f32>(at, 12);
    const d0 = v128.load(row);
    p0 = f32x4.add(p0, f32x4.mul(p, d0));
    q0 = f32x4.add(q0, f32x4.mul(q, d0));
    r0 = f32x4.add(r0, f32x4.mul(r, d0));
    s0 = f32x4.add(s0, f32x4.mul(s, d0));
    if (vectors > 1) {
      const d1 = v128.load(row, 16);
      p1 = f32x4.add(p1, f32x4.mul(p, d1));
      q1 = f32x4.add(q1, f32x4.mul(q, d1));
      r1 = f32x4.add(r1, f32x4.mul(r, d1));
      s1 = f32x4.add(s1, f32x4.mul(s, d1));
    }
    at += xRow;
  }
  store4(dw, p0, q0, r0, s0);
  if (vectors > 1) store4(dw + 16, p1, q1, r1, s1);
}

/**
 * dx = delta wᵀ for 4 rows of w, that is 4 columns of dx: vectors along the summand, their lanes added at the end.
 * delta and w lie in `panels` panels; `w` is the first row in panel 0.
 */
function inputGradient4(
  delta: usize,
  deltaPanel: usize,
  count: u32,
  panels: u32,
  w: usize,
  wPanel: usize,
  dx: usize,
  dxRow: usize,
): void {
  for (let i: u32 = 0; i < count; i++) {
    let s0 = f32x4.splat(0);
    let s1 = s0;
    let s2 = s0;
    let s3 = s0;
    let d = delta + (i as usize) * PANEL_ROW;
    let row = w;
    for (let p: u32 = 0; p < panels; p++) {
      for (let v: usize = 0; v < PANEL_ROW; v += 16) {
        const r = v128.load(d + v);
        const at = row + v;
        s0 = f32x4.add(s0, f32x4.mul(r, v128.load(at)));
        s1 = f32x4.add(s1, f32x4.mul(r, v128.load(at, 80)));
        s2 = f32x4.add(s2, f32x4.mul(r, v128.load(at, 160)));
        s3 = f32x4.add(s3, f32x4.mul(r, v128.load(at, 240)));
      }
      d += deltaPanel;
      row += wPanel;
    }
    v128.store(dx, sumEach(s0, s1, s2, s3));
    dx += dxRow;
  }
}

/** dx = delta wᵀ for `kCount` columns of dx, rounded up to whole vectors; w has that many rows, the last ones 0. */
export function denseInputGradient(
  delta: usize,
  deltaPanel: usize,
  count: u32,
  panels: u32,
  w: usize,
  wPanel: usize,
  kCount: u32,
  dx: usize,
  dxRow: usize,
): void {
  for (let k: u32 = 0; k < kCount; k += 4) {
    inputGradient4(delta, deltaPanel, count, panels, w, wPanel, dx, dxRow);
    w += PANEL_ROW << 2;
    dx += 16;
  }
}

/** db = the column sums of one panel of delta. */
export function panelSums(delta: usize, count: u32, db: usize): void {
  let d0 = f32x4.splat(0);
  let d1 = d0;
  let d2 = d0;
  let d3 = d0;
  let d4 = d0;
  const end = delta + (count as usize) * PANEL_ROW;
  for (; delta < end; delta += PANEL_ROW) {
    d0 = f32x4.add(d0, v128.load(delta));
    d1 = f32x4.add(d1, v128.load(delta, 16));
    d2 = f32x4.add(d2, v128.load(delta, 32));
    d3 = f32x4.add(d3, v128.load(delta, 48));
    d4 = f32x4.add(d4, v128.load(delta, 64));
  }
  store5(db, d0, d1, d2, d3, d4);
}

// @ts-expect-error: decorator
@inline
function store5(to: usize, v0: v128, v1: v128, v2: v128, v3: v128, v4: v128): void {
  v128.store(to, v0);
  v128.store(to, v1, 16);
  v128.store(to, v2, 32);
  v128.store(to, v3, 48);
  v128.store(to, v4, 64);
}

/** A vector into each of 4 rows of a panel. */
// @ts-ignore: decorator
@inline
function store4(to: usize, p: v128, q: v128, r: v128, s: v128): void {
  v128.store(to, p);
  v128.store(to, q, 80);
  v128.store(to, r, 160);
  v128.store(to, s, 240);
}
