/** JPEG images, read as grey values, the right way up. */

import { decode } from 'jpeg-js';
import { DataError } from '../errors.ts';
import { exifOrientation, turned } from './exif.ts';
import type { GreyImage } from './png.ts';

/** What is larger than this is no input of a perceptron, and takes gigabytes to decode. */
const MAX_PIXELS = 1 << 25;
/** A photo has up to 10 scans or so, and each may take as long as the first however few bytes it has. */
const MAX_SCANS = 100;
/** Pixels of all scans together. */
const MAX_SCANNED = 1 << 29;
/** What the decoder may count for a pixel, of four components at most, and for tables. */
const MEMORY = { bytesAPixel: 32, megabytes: 16 };
/** Pixels of one minimum coded unit, to which the sides are filled up. */
const UNIT = 32;
/** A block of 8 × 8 pixels takes a bit or more, so that a file with fewer is not whole, whatever its header claims. */
const MAX_PIXELS_A_BYTE = 8 * 64;

/**
 * Reads a JPEG image, baseline or progressive, grey or in colour. Colours become grey by their luminance,
 * 0.299 R + 0.587 G + 0.114 B, and a photo is turned as its Exif orientation says.
 *
 * @param name the file's name, for messages
 * @throws {DataError} no JPEG, truncated, damaged, no pixels or more than 2²⁵, more than 100 scans, or scans of
 *   more than 2²⁹ pixels together
 */
export function readJpeg(bytes: Uint8Array, name: string): GreyImage {
  if (bytes[0] !== 0xff || bytes[1] !== 0xd8) {
    throw new DataError(`${name}: expected a JPEG image, got another file`);
  }
  const size = frame(bytes);
  if (size !== undefined && (size.rows * size.cols === 0 || size.rows * size.cols > MAX_PIXELS)) {
    throw new DataError(`${name}: expected 1 to ${MAX_PIXELS} pixels, got ${size.rows} × ${size.cols}`);
  }
  if (size !== undefined && size.rows * size.cols > MAX_PIXELS_A_BYTE * bytes.length) {
    throw new DataError(
      `${name}: expected a JPEG image of ${size.rows} × ${size.cols} pixels, got only ${bytes.length} bytes`,
    );
  }
  const scans = size === undefined ? 0 : scansFrom(bytes, size.at);
  if (size !== undefined && (scans > MAX_SCANS || scans * size.rows * size.cols > MAX_SCANNED)) {
    const most = Math.min(MAX_SCANS, Math.floor(MAX_SCANNED / (size.rows * size.cols)));
    throw new DataError(
      `${name}: expected at most ${most} scans in a JPEG image of ${size.rows} × ${size.cols}, got ${scans}`,
    );
  }
  try {
    // The decoder fills up what is missing at the end with grey; a whole file says where it ends.
    if (size === undefined || !hasEnd(bytes, size.at)) throw new Error('cut short');
    const { width, height, data } = decode(bytes, {
      useTArray: true,
      formatAsRGBA: false,
      tolerantDecoding: false,
      maxResolutionInMP: MAX_PIXELS / 1e6,
      maxMemoryUsageInMB: megabytes(size),
    });
    const values = new Uint8Array(width * height);
    for (let n = 0; n < values.length; n++) {
      values[n] = Math.round((299 * data[3 * n] + 587 * data[3 * n + 1] + 114 * data[3 * n + 2]) / 1000);
    }
    return turned({ rows: height, cols: width, values }, exifOrientation(bytes));
  } catch (error) {
    // The decoder stumbles over parts that refer to others which are not there.
    const why = error instanceof TypeError ? 'parts are missing' : (error as Error).message.split('\n')[0];
    throw new DataError(
      `${name}: expected a complete JPEG image, got ${bytes.length} damaged bytes (${why})`,
      { cause: error },
    );
  }
}

/** The first frame header (SOF0 to SOF15): where it stands, rows and columns; undefined if there is none. */
function frame(bytes: Uint8Array): { at: number; rows: number; cols: number } | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let at = 2; at + 9 <= bytes.length && bytes[at] === 0xff; ) {
    const marker = bytes[at + 1];
    if (marker === 0xff) {
      at++;
      continue;
    }
    // Three among these markers are no frames: tables, a reserved one, conditioning.
    if (marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker)) {
      return { at, rows: view.getUint16(at + 5), cols: view.getUint16(at + 7) };
    }
    at += 2 + view.getUint16(at + 2);
  }
  return undefined;
}

/** How often a scan begins (0xffda): within pixels, a zero follows every 0xff. */
function scansFrom(bytes: Uint8Array, from: number): number {
  let count = 0;
  for (let at = bytes.indexOf(0xff, from); at !== -1; at = bytes.indexOf(0xff, at + 1)) {
    if (bytes[at + 1] === 0xda) count++;
  }
  return count;
}

/** What decoding one frame of this size takes; a file that repeats its frame asks for more. */
const megabytes = ({ rows, cols }: { rows: number; cols: number }) =>
  Math.ceil(((rows + UNIT) * (cols + UNIT) * MEMORY.bytesAPixel) / (1 << 20)) + MEMORY.megabytes;

/** Whether the end marker 0xffd9 stands behind the frame header, before which a thumbnail has its own. */
function hasEnd(bytes: Uint8Array, from: number): boolean {
  // From the back, as some cameras write more behind the end.
  for (let at = bytes.length - 2; at > from; at--) {
    if (bytes[at] === 0xff && bytes[at + 1] === 0xd9) return true;
  }
  return false;
}
