// Medians, ranges and tables: how a list of timings becomes a line to read.

/** @param {readonly number[]} values */
export function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** @param {readonly number[]} values */
export const range = (values) => [Math.min(...values), Math.max(...values)];

/**
 * What a runner reports of its epochs: the first is the warm-up (compilers, caches, threads starting) and not counted.
 *
 * @param {readonly number[]} epochs seconds of each epoch, the warm-up first
 * @param {number} scale 60,000 / samples trained on
 */
export function epochTimes(epochs, scale = 1) {
  const timed = epochs.slice(1).map((seconds) => seconds * scale);
  return { secondsPerEpoch: median(timed), range: range(timed), epochs: epochs.length };
}

/** Seconds with about three significant digits. @param {number} s */
export const seconds = (s) => (s >= 100 ? s.toFixed(0) : s >= 10 ? s.toFixed(1) : s.toFixed(3));

/** @param {readonly number[]} range */
export const span = ([low, high]) => `${seconds(low)}–${seconds(high)}`;

/** 159010 as `159,010`. @param {number} n */
export const grouped = (n) => Math.round(n).toLocaleString('en');

/**
 * Prints rows as a Markdown table, so that it can go into a document as it is.
 *
 * @param {readonly string[]} head
 * @param {readonly (readonly string[])[]} rows
 * @param {number} flushLeft how many columns from the left hold words
 */
export function printTable(head, rows, flushLeft) {
  const widths = head.map((name, c) => Math.max(3, name.length, ...rows.map((row) => row[c].length)));
  const line = (/** @type {readonly string[]} */ cells) =>
    `| ${cells.map((cell, c) => (c < flushLeft ? cell.padEnd(widths[c]) : cell.padStart(widths[c]))).join(' | ')} |`;
  console.log(line(head));
  console.log(
    `| ${widths.map((w, c) => (c < flushLeft ? '-'.repeat(w) : `${'-'.repeat(w - 1)}:`)).join(' | ')} |`,
  );
  for (const row of rows) console.log(line(row));
}
