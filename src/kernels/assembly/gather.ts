/** Samples into a batch: dense inputs, one-hot targets; and panels into rows and back. */

import { PANEL_ROW } from './layout';

/** x[i] = bytes of sample order[i] times scale. `cols` bytes a sample, `xRow` bytes a row of x. */
export function gatherBytes(
  order: usize,
  count: u32,
  cols: u32,
  bytes: usize,
  scale: f32,
  x: usize,
  xRow: u32,
): void {
  const s = f32x4.splat(scale);
  for (let i: u32 = 0; i < count; i++) {
    const from = bytes + (load<u32>(order + (i << 2)) as usize) * cols;
    let k: u32 = 0;
    for (; k + 8 <= cols; k += 8) {
      const pair = v128.load8x8_u(from + k);
      const to = x + (k << 2);
      v128.store(to, f32x4.mul(f32x4.convert_i32x4_u(i32x4.extend_low_i16x8_u(pair)), s));
      v128.store(to, f32x4.mul(f32x4.convert_i32x4_u(i32x4.extend_high_i16x8_u(pair)), s), 16);
    }
    for (; k < cols; k++) store<f32>(x + (k << 2), (load<u8>(from + k) as f32) * scale);
    x += xRow;
  }
}

/** x[i] = floats of sample order[i] times scale. */
export function gatherFloats(
  order: usize,
  count: u32,
  cols: u32,
  floats: usize,
  scale: f32,
  x: usize,
  xRow: u32,
): void {
  for (let i: u32 = 0; i < count; i++) {
    const from = floats + (load<u32>(order + (i << 2)) as usize) * (cols << 2);
    for (let k: u32 = 0; k < cols; k++) store<f32>(x + (k << 2), load<f32>(from + (k << 2)) * scale);
    x += xRow;
  }
}

/** y[i] = 0 but for 1 at the label (u8) of sample order[i]. */
export function oneHot(order: usize, count: u32, labels: usize, y: usize, rowBytes: u32): void {
  memory.fill(y, 0, count * rowBytes);
  for (let i: u32 = 0; i < count; i++) {
    store<f32>(y + ((load<u8>(labels + load<u32>(order + (i << 2))) as usize) << 2), 1);
    y += rowBytes;
  }
}

/** Panels as rows of `panels` times 80 bytes. */
export function panelsToRows(from: usize, panelBytes: usize, panels: u32, count: u32, rows: usize): void {
  const rowBytes = (panels as usize) * PANEL_ROW;
  for (let p: u32 = 0; p < panels; p++) {
    for (let i: u32 = 0; i < count; i++) {
      memory.copy(rows + (i as usize) * rowBytes, from + (i as usize) * PANEL_ROW, PANEL_ROW);
    }
    from += panelBytes;
    rows += PANEL_ROW;
  }
}

/** The panels from `first` to `last` of such rows. */
export function rowsToPanels(
  rows: usize,
  rowBytes: usize,
  count: u32,
  first: u32,
  last: u32,
  to: usize,
  panelBytes: usize,
): void {
  for (let p = first; p < last; p++) {
    const panel = to + (p as usize) * panelBytes;
    const column = rows + (p as usize) * PANEL_ROW;
    for (let i: u32 = 0; i < count; i++) {
      memory.copy(panel + (i as usize) * PANEL_ROW, column + (i as usize) * rowBytes, PANEL_ROW);
    }
  }
}
