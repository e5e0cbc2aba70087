/** Which way up a photo is: the orientation that cameras write into a JPEG file's Exif data. */

import type { GreyImage } from './png.ts';

const ORIENTATION = 0x0112;

/** The Exif orientation of a JPEG file, 1 to 8; 1, upright, where it says none or nothing sensible. */
export function exifOrientation(bytes: Uint8Array): number {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let at = 2; at + 4 <= bytes.length && bytes[at] === 0xff; at += 2 + view.getUint16(at + 2)) {
    const [marker, length] = [bytes[at + 1], view.getUint16(at + 2)];
    // After the start of scan there are no headers any more.
    if (marker === 0xda || length < 2) return 1;
    const isExif = marker === 0xe1 && [0x45, 0x78, 0x69, 0x66].every((byte, i) => bytes[at + 4 + i] === byte);
    if (isExif && at + 2 + length <= bytes.length && length > 16) {
      return orientationOf(new DataView(view.buffer, view.byteOffset + at + 10, length - 8));
    }
  }
  return 1;
}

/** @param tiff the Exif data from their byte order mark on */
function orientationOf(tiff: DataView): number {
  const little = tiff.getUint16(0) === 0x4949;
  const directory = tiff.getUint32(4, little);
  if (directory + 2 > tiff.byteLength) return 1;
  const entries = tiff.getUint16(directory, little);
  for (let i = 0; i < entries; i++) {
    const entry = directory + 2 + 12 * i;
    if (entry + 12 > tiff.byteLength) return 1;
    if (tiff.getUint16(entry, little) !== ORIENTATION) continue;
    const value = tiff.getUint16(entry + 8, little);
    return value >= 1 && value <= 8 ? value : 1;
  }
  return 1;
}

/** The image turned and mirrored so that it is upright, by its Exif orientation. */
export function turned(image: GreyImage, orientation: number): GreyImage {
  if (orientation === 1) return image;
  const { rows, cols, values } = image;
  const sideways = orientation >= 5;
  const [newRows, newCols] = sideways ? [cols, rows] : [rows, cols];
  const fromBelow = [3, 4, 7, 8].includes(orientation);
  const fromRight = [2, 3, 6, 7].includes(orientation);
  const upright = new Uint8Array(values.length);
  for (let row = 0; row < newRows; row++) {
    for (let col = 0; col < newCols; col++) {
      const i = fromBelow ? newRows - 1 - row : row;
      const j = fromRight ? newCols - 1 - col : col;
      upright[row * newCols + col] = values[sideways ? j * cols + i : i * cols + j];
    }
  }
  return { rows: newRows, cols: newCols, values: upright };
}
