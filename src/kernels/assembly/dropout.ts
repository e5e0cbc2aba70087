/** Dropout: which entries are dropped follows from a key and their number alone, as `src/kernels/dropout-mask.ts` has it. */

import { bits4 } from './bits';

/**
 * out = x · scale, or x · 0 where the 32 bits of an entry are below `below`. Entry j of row i, j counted from the first column
 * that is in x, has the number first + i · cols + j.
 */
export function dropout(
  x: usize,
  out: usize,
  rows: u32,
  rowBytes: u32,
  cols: u32,
  first: u32,
  a: u32,
  b: u32,
  below: u32,
  scale: f32,
): void {
  const start = i32x4.splat(a);
  const middle = i32x4.splat(b);
  const least = i32x4.splat(below);
  const factor = f32x4.splat(scale);
  const lanes = i32x4(0, 1, 2, 3);
  for (let i: u32 = 0; i < rows; i++) {
    const number = first + i * cols;
    for (let v: u32 = 0; v < rowBytes; v += 16) {
      const k = i32x4.add(i32x4.splat(number + (v >> 2)), lanes);
      const kept = i32x4.ge_u(bits4(k, start, middle), least);
      v128.store(out + v, f32x4.mul(v128.load(x + v), v128.and(kept, factor)));
    }
    x += rowBytes;
    out += rowBytes;
  }
}

/**
 * The same of unpacked nonzeros, in place. Of group i of entries, an entry with the offset n · `unit` has the number
 * (first + i) · outer + n · inner: a group is a row and n a column, or the other way round.
 */
export function dropNonzeros(
  count: u32,
  entries: usize,
  ends: usize,
  unit: u32,
  first: u32,
  outer: u32,
  inner: u32,
  a: u32,
  b: u32,
  below: u32,
  scale: f32,
): void {
  const inverse: f64 = 1 / (unit as f64);
  for (let i: u32 = 0; i < count; i++) {
    const number = (first + i) * outer;
    const end = load<u32>(ends + (i << 2)) as usize;
    for (; entries < end; entries += 8) {
      const n = ((load<u32>(entries) as f64) * inverse + 0.5) as u32;
      let z = a + (number + n * inner) * 0x9e3779b9;
      z = (z ^ (z >> 16)) * 0x21f0aaad;
      z = (z ^ (z >> 15) ^ b) * 0x735a2d97;
      z = z ^ (z >> 15);
      store<f32>(entries, load<f32>(entries, 4) * (z < below ? 0 : scale), 4);
    }
  }
}
