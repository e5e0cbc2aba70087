/** Products of dense matrices where the output is wide: panels of 20 columns. */

import { PANEL_ROW } from './layout';
import { sumEach } from './vector';

/**
 * z (+)= x w for one panel of columns and `kCount` terms of the sum. x is given by the address of its first term in
 * row 0 and the bytes from row to row, w by that term's row. With `start` the sum begins at b, else at z.
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
  for (; i + 2 <= count; i += 2) {
    const a = start ? b : z;
    const c = start ? b : z + PANEL_ROW;
    let z0 = v128.load(a);
    let z1 = v128.load(a, 16);
    let z2 = v128.load(a, 32);
    let z3 = v128.load(a, 48);
    let z4 = v128.load(a, 64);
    let y0 = v128.load(c);
    let y1 = v128.load(c, 16);
    let y2 = v128.load(c, 32);
    let y3 = v128.load(c, 48);
    let y4 = v128.load(c, 64);
    let row = w;
    const end = x + (kCount << 2);
    for (let at = x; at < end; at += 4) {
      const u = v128.load_splat<f32>(at);
      const v = v128.load_splat<f32>(at + xRow);
      const w0 = v128.load(row);
      z0 = f32x4.add(z0, f32x4.mul(u, w0));
      y0 = f32x4.add(y0, f32x4.mul(v, w0));
      const w1 = v128.load(row, 16);
      z1 = f32x4.add(z1, f32x4.mul(u, w1));
      y1 = f32x4.add(y1, f32x4.mul(v, w1));
      const w2 = v128.load(row, 32);
      z2 = f32x4.add(z2, f32x4.mul(u, w2));
      y2 = f32x4.add(y2, f32x4.mul(v, w2));
      const w3 = v128.load(row, 48);
      z3 = f32x4.add(z3, f32x4.mul(u, w3));
      y3 = f32x4.add(y3, f32x4.mul(v, w3));
      const w4 = v128.load(row, 64);
      z4 = f32x4.add(z4, f32x4.mul(u, w4));
      y4 = f32x4.add(y4, f32x4.mul(v, w4));
      row += PANEL_ROW;
    }
    store5(z, z0, z1, z2, z3, z4);
    store5(z + PANEL_ROW, y0, y1, y2, y3, y4);
    x += xRow << 1;
    z += PANEL_ROW << 1;
  }
  if (i < count) {
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
  }
}

/** dw = xᵀ delta for one panel of columns and `kCount` rows of dw; x is given as above. */
export function denseGradient(x: usize, xRow: usize, count: u32, kCount: u32, delta: usize, dw: usize): void {
  let k: u32 = 0;
  for (; k + 2 <= kCount; k += 2) {
    let d0 = f32x4.splat(0);
    let d1 = d0;
    let d2 = d0;
    let d3 = d0;
    let d4 = d0;
    let e0 = d0;
    let e1 = d0;
    let e2 = d0;
    let e3 = d0;
    let e4 = d0;
    let at = x + (k << 2);
    const end = delta + (count as usize) * PANEL_ROW;
    for (let row = delta; row < end; row += PANEL_ROW) {
      const u = v128.load_splat<f32>(at);
      const v = v128.load_splat<f32>(at, 4);
      const r0 = v128.load(row);
      d0 = f32x4.add(d0, f32x4.mul(u, r0));
      e0 = f32x4.add(e0, f32x4.mul(v, r0));
      const r1 = v128.load(row, 16);
      d1 = f32x4.add(d1, f32x4.mul(u, r1));
      e1 = f32x4.add(e1, f32x4.mul(v, r1));
      const r2 = v128.load(row, 32);
      d2 = f32x4.add(d2, f32x4.mul(u, r2));
      e2 = f32x4.add(e2, f32x4.mul(v, r2));
      const r3 = v128.load(row, 48);
      d3 = f32x4.add(d3, f32x4.mul(u, r3));
      e3 = f32x4.add(e3, f32x4.mul(v, r3));
      const r4 = v128.load(row, 64);
      d4 = f32x4.add(d4, f32x4.mul(u, r4));
      e4 = f32x4.add(e4, f32x4.mul(v, r4));
      at += xRow;
    }
    store5(dw, d0, d1, d2, d3, d4);
    store5(dw + PANEL_ROW, e0, e1, e2, e3, e4);
    dw += PANEL_ROW << 1;
  }
  if (k < kCount) {
    let d0 = f32x4.splat(0);
    let d1 = d0;
    let d2 = d0;
    let d3 = d0;
    let d4 = d0;
    let at = x + (k << 2);
    const end = delta + (count as usize) * PANEL_ROW;
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
  }
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
