/**
 * Distorted images, as `src/kernels/distortion.ts` has them. A source lies as floats with a margin of zeros. Its bounds are
 * four floats, the last row above its nonzeros, the first below them, the last column before them and the first behind.
 */

import { bits4 } from './bits';

/** Floats in a row of a source image: one of the margin before it and two behind. The same goes for its rows. */
// @ts-ignore: decorator
@inline
function widthOf(cols: u32): u32 {
  return cols + 3;
}

/** Floats in a row of a field: `cols` in whole vectors. */
// @ts-ignore: decorator
@inline
function strideOf(cols: u32): u32 {
  return (cols + 3) & ~3;
}

/** The source image and bounds of a compressed sample. @param sample where its end stands (u32), preceded by its beginning */
export function imageOfEntries(sample: usize, rows: u32, cols: u32, image: usize, bounds: usize): void {
  const rowBytes = widthOf(cols) << 2;
  memory.fill(image, 0, (rows + 3) * rowBytes);
  let row = image + rowBytes + 4;
  let first: u32 = 0;
  let left = cols;
  let right: u32 = 0;
  const start = load<u32>(sample - 4) as usize;
  const end = load<u32>(sample) as usize;
  for (let at = start; at < end; at += 4) {
    const packed = load<u32>(at);
    const k = packed & 0xffff;
    while (k - first >= cols) {
      first += cols;
      row += rowBytes;
    }
    left = min<u32>(left, k - first);
    right = max<u32>(right, k - first);
    store<f32>(row + ((k - first) << 2), reinterpret<f32>(packed & 0xffff0000));
  }
  if (start == end) return storeBounds(bounds, 0, -1, 0, -1);
  storeBounds(bounds, (load<u32>(start) & 0xffff) / cols, first / cols, left, right);
}

/** @param top the first row that is not empty, and so on */
function storeBounds(at: usize, top: i32, bottom: i32, left: i32, right: i32): void {
  store<f32>(at, (top - 1) as f32);
  store<f32>(at, (bottom + 1) as f32, 4);
  store<f32>(at, (left - 1) as f32, 8);
  store<f32>(at, (right + 1) as f32, 12);
}

/** The source image of a sample whose every byte lies in memory; its bounds are those of the whole. */
export function imageOfBytes(bytes: usize, rows: u32, cols: u32, image: usize, bounds: usize): void {
  storeBounds(bounds, 0, rows - 1, 0, cols - 1);
  const rowBytes = widthOf(cols) << 2;
  memory.fill(image, 0, (rows + 3) * rowBytes);
  for (let i: u32 = 0; i < rows; i++) {
    image += rowBytes;
    for (let j: u32 = 0; j < cols; j++) store<f32>(image + (j << 2), load<u8>(bytes + j) as f32, 4);
    bytes += cols;
  }
}

/**
 * The elastic displacements along rows, then columns: two fields of `rows` rows in whole vectors. a and b are the key.
 *
 * @param first the number of the first random number
 * @param weights of the distances −radius to radius
 * @param noise room for one field
 * @param blurred room for one field with up to three times the columns
 */
export function elasticField(
  rows: u32,
  cols: u32,
  a: u32,
  b: u32,
  first: u32,
  weights: usize,
  radius: u32,
  alpha: f32,
  noise: usize,
  blurred: usize,
  field: usize,
): void {
  const rowBytes = strideOf(cols) << 2;
  const across = min<u32>(radius, cols - 1);
  const margin = strideOf(across) << 2;
  const middle = weights + (radius << 2);
  memory.fill(blurred, 0, rows * (rowBytes + 2 * margin));
  for (let axis: u32 = 0; axis < 2; axis++) {
    drawNoise(rows, cols, a, b, first + axis * rows * cols, noise);
    let to = blurred + margin;
    for (let i: u32 = 0; i < rows; i++) {
      const from = i > radius ? i - radius : 0;
      const count = min<u32>(rows, i + radius + 1) - from;
      const row = noise + from * rowBytes;
      const w = middle - ((i - from) << 2);
      for (let v: u32 = 0; v < rowBytes; v += 64) {
        const left = (rowBytes - v) >> 4;
        if (left >= 4) blurDown(row + v, rowBytes, count, w, 4, to + v);
        else if (left == 3) blurDown(row + v, rowBytes, count, w, 3, to + v);
        else if (left == 2) blurDown(row + v, rowBytes, count, w, 2, to + v);
        else blurDown(row + v, rowBytes, count, w, 1, to + v);
      }
      to += rowBytes + 2 * margin;
    }
    let row = blurred + margin;
    for (let i: u32 = 0; i < rows; i++) {
      for (let v: u32 = 0; v < rowBytes; v += 64) {
        const left = (rowBytes - v) >> 4;
        if (left >= 4) blurAcross(row + v, across, middle, alpha, 4, field + v);
        else if (left == 3) blurAcross(row + v, across, middle, alpha, 3, field + v);
        else if (left == 2) blurAcross(row + v, across, middle, alpha, 2, field + v);
        else blurAcross(row + v, across, middle, alpha, 1, field + v);
      }
      row += rowBytes + 2 * margin;
      field += rowBytes;
    }
  }
}

/** Uniform in [−1, 1), 0 behind the last column. */
function drawNoise(rows: u32, cols: u32, a: u32, b: u32, first: u32, noise: usize): void {
  const start = i32x4.splat(a);
  const middle = i32x4.splat(b);
  const unit = f32x4.splat(1.0 / 2147483648);
  const lanes = i32x4(0, 1, 2, 3);
  const stride = strideOf(cols);
  const end = i32x4.splat(cols);
  for (let i: u32 = 0; i < rows; i++) {
    for (let j: u32 = 0; j < stride; j += 4) {
      const column = i32x4.add(i32x4.splat(j), lanes);
      const bits = bits4(i32x4.add(i32x4.splat(first), column), start, middle);
      const value = f32x4.mul(f32x4.convert_i32x4_s(bits), unit);
      v128.store(noise + (j << 2), v128.and(value, i32x4.lt_s(column, end)));
    }
    first += cols;
    noise += stride << 2;
  }
}

/** Up to 4 vectors of a row: the weighted sum of `count` rows. */
// @ts-ignore: decorator
@inline
function blurDown(from: usize, rowBytes: u32, count: u32, weights: usize, vectors: u32, to: usize): void {
  let s0 = f32x4.splat(0);
  let s1 = s0;
  let s2 = s0;
  let s3 = s0;
  const end = weights + (count << 2);
  for (; weights < end; weights += 4) {
    const w = v128.load_splat<f32>(weights);
    s0 = f32x4.add(s0, f32x4.mul(w, v128.load(from)));
    if (vectors > 1) s1 = f32x4.add(s1, f32x4.mul(w, v128.load(from, 16)));
    if (vectors > 2) s2 = f32x4.add(s2, f32x4.mul(w, v128.load(from, 32)));
    if (vectors > 3) s3 = f32x4.add(s3, f32x4.mul(w, v128.load(from, 48)));
    from += rowBytes;
  }
  v128.store(to, s0);
  if (vectors > 1) v128.store(to, s1, 16);
  if (vectors > 2) v128.store(to, s2, 32);
  if (vectors > 3) v128.store(to, s3, 48);
}

/** Up to 4 vectors of a row, each the weighted sum of its `radius` neighbours on both sides, times alpha. */
// @ts-ignore: decorator
@inline
function blurAcross(from: usize, radius: u32, middle: usize, alpha: f32, vectors: u32, to: usize): void {
  const w0 = v128.load_splat<f32>(middle);
  let s0 = f32x4.mul(w0, v128.load(from));
  let s1 = s0;
  let s2 = s0;
  let s3 = s0;
  if (vectors > 1) s1 = f32x4.mul(w0, v128.load(from, 16));
  if (vectors > 2) s2 = f32x4.mul(w0, v128.load(from, 32));
  if (vectors > 3) s3 = f32x4.mul(w0, v128.load(from, 48));
  const end = (radius << 2) + 4;
  for (let d: usize = 4; d < end; d += 4) {
    const w = v128.load_splat<f32>(middle + d);
    const l = from - d;
    const r = from + d;
    s0 = f32x4.add(s0, f32x4.mul(w, f32x4.add(v128.load(l), v128.load(r))));
    if (vectors > 1) s1 = f32x4.add(s1, f32x4.mul(w, f32x4.add(v128.load(l, 16), v128.load(r, 16))));
    if (vectors > 2) s2 = f32x4.add(s2, f32x4.mul(w, f32x4.add(v128.load(l, 32), v128.load(r, 32))));
    if (vectors > 3) s3 = f32x4.add(s3, f32x4.mul(w, f32x4.add(v128.load(l, 48), v128.load(r, 48))));
  }
  const factor = f32x4.splat(alpha);
  v128.store(to, f32x4.mul(factor, s0));
  if (vectors > 1) v128.store(to, f32x4.mul(factor, s1), 16);
  if (vectors > 2) v128.store(to, f32x4.mul(factor, s2), 32);
  if (vectors > 3) v128.store(to, f32x4.mul(factor, s3), 48);
}

/**
 * The bytes of an image read at (y, x) = (yy yx; xy xx) (p − c) + (oy, ox) + u(p), bilinearly, and up to 3 bytes more.
 *
 * @param image a source image
 * @param bounds its bounds
 * @param field the fields of `elasticField`, or 0
 */
export function warp(
  image: usize,
  bounds: usize,
  rows: u32,
  cols: u32,
  yy: f32,
  yx: f32,
  xy: f32,
  xx: f32,
  oy: f32,
  ox: f32,
  field: usize,
  bytes: usize,
): void {
  const stride = strideOf(cols);
  const width = widthOf(cols);
  const rowBytes = (width << 2) as usize;
  const across = (rows * stride) << 2;
  const origin = image + rowBytes + 4;
  const half = f32x4.splat(0.5);
  const top = v128.load_splat<f32>(bounds);
  const bottom = v128.load_splat<f32>(bounds, 4);
  const left = v128.load_splat<f32>(bounds, 8);
  const right = v128.load_splat<f32>(bounds, 12);
  const widths = i32x4.splat(width);
  const lanes = f32x4(0, 1, 2, 3);
  for (let i: u32 = 0; i < rows; i++) {
    const dy = (i as f32) - 0.5 * ((rows - 1) as f32);
    const rowY = f32x4.splat(yy * dy + oy);
    const rowX = f32x4.splat(xy * dy + ox);
    for (let j: u32 = 0; j < stride; j += 4) {
      const dx = f32x4.add(f32x4.splat((j as f32) - 0.5 * ((cols - 1) as f32)), lanes);
      let y = f32x4.add(rowY, f32x4.mul(f32x4.splat(yx), dx));
      let x = f32x4.add(rowX, f32x4.mul(f32x4.splat(xx), dx));
      if (field != 0) {
        y = f32x4.add(y, v128.load(field));
        x = f32x4.add(x, v128.load(field + across));
        field += 16;
      }
      const inRows = v128.and(f32x4.gt(y, top), f32x4.lt(y, bottom));
      const inColumns = v128.and(f32x4.gt(x, left), f32x4.lt(x, right));
      if (!v128.any_true(v128.and(inRows, inColumns))) {
        store<u32>(bytes + j, 0);
        continue;
      }
      // Where all is 0 in any case; and within the margin, so that every address is one of the image.
      y = f32x4.min(f32x4.max(y, top), bottom);
      x = f32x4.min(f32x4.max(x, left), right);
      const y0 = f32x4.floor(y);
      const x0 = f32x4.floor(x);
      const fy = f32x4.sub(y, y0);
      const fx = f32x4.sub(x, x0);
      const at = i32x4.shl(
        i32x4.add(i32x4.mul(i32x4.trunc_sat_f32x4_s(y0), widths), i32x4.trunc_sat_f32x4_s(x0)),
        2,
      );
      const p0 = origin + i32x4.extract_lane(at, 0);
      const p1 = origin + i32x4.extract_lane(at, 1);
      const p2 = origin + i32x4.extract_lane(at, 2);
      const p3 = origin + i32x4.extract_lane(at, 3);
      const above = interpolated(pair(p0, p1), pair(p2, p3), fx);
      const below = interpolated(
        pair(p0 + rowBytes, p1 + rowBytes),
        pair(p2 + rowBytes, p3 + rowBytes),
        fx,
      );
      const value = f32x4.add(above, f32x4.add(f32x4.mul(fy, f32x4.sub(below, above)), half));
      const words = i32x4.trunc_sat_f32x4_s(value);
      const shorts = i16x8.narrow_i32x4_s(words, words);
      store<u32>(bytes + j, i32x4.extract_lane(i8x16.narrow_i16x8_u(shorts, shorts), 0));
    }
    bytes += cols;
  }
}

/** Two neighbours at each of two addresses. */
// @ts-ignore: decorator
@inline
function pair(first: usize, second: usize): v128 {
  return v128.load_lane<i64>(second, v128.load_zero<i64>(first), 1);
}

/** Between the neighbours of four pixels, given two by two. */
// @ts-ignore: decorator
@inline
function interpolated(first: v128, second: v128, share: v128): v128 {
  const left = v128.shuffle<i32>(first, second, 0, 2, 4, 6);
  const right = v128.shuffle<i32>(first, second, 1, 3, 5, 7);
  return f32x4.add(left, f32x4.mul(share, f32x4.sub(right, left)));
}
