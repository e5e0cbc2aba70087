/** An image in the terminal: two rows of pixels in each line of text. */

import type { ChalkInstance } from 'chalk';

/** Without colour, the two halves of a character differ from this difference in brightness on. */
const EDGE = 0.4;
const SHADES = [' ', '░', '▒', '▓', '█'];

/**
 * The image as lines of `cols` characters, half as many as it has rows: half blocks in grey where there are 256
 * colours or more, else the nearest shade or half block.
 *
 * @param pixels row-major, [rows, cols]; 0 is black, 1 white, and what lies beyond is taken for the nearer of them
 */
export function imageLines(
  colour: ChalkInstance,
  pixels: ArrayLike<number>,
  rows: number,
  cols: number,
): string[] {
  const at = (row: number, col: number) =>
    row < rows ? Math.max(0, Math.min(1, pixels[row * cols + col])) : 0;
  return Array.from({ length: Math.ceil(rows / 2) }, (_, line) => {
    const pairs = Array.from({ length: cols }, (_, col): [number, number] => [
      at(2 * line, col),
      at(2 * line + 1, col),
    ]);
    return colour.level < 2 ? pairs.map(shade).join('') : runs(pairs, colour);
  });
}

/** Equal neighbours share one colour code. */
function runs(pairs: readonly [number, number][], colour: ChalkInstance): string {
  const grey = (value: number) => Math.round(255 * value);
  let text = '';
  for (let start = 0, end = 0; start < pairs.length; start = end) {
    const [top, bottom] = pairs[start].map(grey);
    while (end < pairs.length && grey(pairs[end][0]) === top && grey(pairs[end][1]) === bottom) end++;
    text += colour.rgb(top, top, top).bgRgb(bottom, bottom, bottom)('▀'.repeat(end - start));
  }
  return text;
}

function shade([top, bottom]: [number, number]): string {
  if (top - bottom > EDGE) return '▀';
  if (bottom - top > EDGE) return '▄';
  return SHADES[Math.round(((top + bottom) / 2) * (SHADES.length - 1))];
}
