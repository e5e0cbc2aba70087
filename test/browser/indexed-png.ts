/** PNG files of at most 128 colours: pictures of the page in a third of their bytes, and to the eye the same. */

import { decode, encode } from 'fast-png';

const MAX_COLOURS = 128;

interface Colour {
  readonly rgb: readonly number[];
  readonly count: number;
}

/** The picture with a palette: of more than 128 colours those that are close become one. */
export function indexedPng(png: Uint8Array): Uint8Array {
  const { width, height, data, channels } = decode(png);
  const pixels = width * height;
  const keyAt = (i: number) =>
    (data[channels * i] << 16) | (data[channels * i + 1] << 8) | data[channels * i + 2];
  const counts = new Map<number, number>();
  for (let i = 0; i < pixels; i++) counts.set(keyAt(i), (counts.get(keyAt(i)) ?? 0) + 1);
  const colours = [...counts].map(([key, count]) => ({
    key,
    rgb: [key >> 16, (key >> 8) & 255, key & 255],
    count,
  }));

  let boxes = [colours];
  while (boxes.length < MAX_COLOURS) {
    const widest = boxes.reduce((best, box) => (weight(box) > weight(best) ? box : best));
    if (widest.length < 2) break;
    boxes = boxes.flatMap((box) => (box === widest ? halves(box) : [box]));
  }
  const places = new Map(boxes.flatMap((box, place) => box.map(({ key }) => [key, place] as const)));
  const indices = Uint8Array.from({ length: pixels }, (_, i) => places.get(keyAt(i)) ?? 0);
  const palette = boxes.map(commonest);
  return encode({ width, height, data: indices, channels: 1, palette }, { zlib: { level: 9 } });
}

const sizeOf = (box: readonly Colour[], axis: number) => {
  const values = box.map(({ rgb }) => rgb[axis]);
  return Math.max(...values) - Math.min(...values);
};

const longest = (box: readonly Colour[]) =>
  [0, 1, 2].reduce((best, axis) => (sizeOf(box, axis) > sizeOf(box, best) ? axis : best));

/** How much is won by cutting the box: far apart colours first, and common ones. */
function weight(box: readonly Colour[]): number {
  const count = box.reduce((sum, colour) => sum + colour.count, 0);
  return sizeOf(box, longest(box)) ** 2 * Math.sqrt(count);
}

function halves<C extends Colour>(box: readonly C[]): C[][] {
  const axis = longest(box);
  const sorted = [...box].sort((a, b) => a.rgb[axis] - b.rgb[axis]);
  const middle = (sorted[0].rgb[axis] + sorted[sorted.length - 1].rgb[axis]) / 2;
  const at = sorted.findIndex(({ rgb }) => rgb[axis] > middle);
  return [sorted.slice(0, at), sorted.slice(at)];
}

/** The commonest colour of the box: flat areas keep theirs to the bit. */
const commonest = (box: readonly Colour[]) => [
  ...box.reduce((best, colour) => (colour.count > best.count ? colour : best)).rgb,
];
