/** Random bits by number, as `maskBits` of `src/kernels/dropout-mask.ts` has them. */

/** 32 bits for each of four numbers k; `start` and `middle` hold the words of the key. */
// @ts-ignore: decorator
@inline
export function bits4(k: v128, start: v128, middle: v128): v128 {
  let z = i32x4.add(start, i32x4.mul(k, i32x4.splat(0x9e3779b9)));
  z = i32x4.mul(v128.xor(z, i32x4.shr_u(z, 16)), i32x4.splat(0x21f0aaad));
  z = i32x4.mul(v128.xor(v128.xor(z, i32x4.shr_u(z, 15)), middle), i32x4.splat(0x735a2d97));
  return v128.xor(z, i32x4.shr_u(z, 15));
}
