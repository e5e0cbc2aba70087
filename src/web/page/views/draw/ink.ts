/** Ink on a field of pixels: lines of a round pen, with smooth borders. */

/** A place on the field in pixels, from its top left corner, and the pen's radius there. */
export interface PenPoint {
  readonly x: number;
  readonly y: number;
  readonly radius: number;
}

/**
 * Pixels from 0 to 255, and what draws on them. Not the browser's canvas: its pixels differ from browser to browser,
 * and some falsify what is read back.
 */
export class Ink {
  /** Row-major, [rows, cols]. */
  readonly values: Uint8Array;
  readonly rows: number;
  readonly cols: number;

  constructor(rows: number, cols: number) {
    this.rows = rows;
    this.cols = cols;
    this.values = new Uint8Array(rows * cols);
  }

  /** A line with round ends, as wide as the pen is at its end. A pixel that is covered in part is grey. */
  line(from: PenPoint, to: PenPoint): void {
    const { radius } = to;
    const reach = radius + 1;
    const [dx, dy] = [to.x - from.x, to.y - from.y];
    const squared = dx * dx + dy * dy;
    const top = Math.max(0, Math.floor(Math.min(from.y, to.y) - reach));
    const bottom = Math.min(this.rows, Math.ceil(Math.max(from.y, to.y) + reach));
    const left = Math.max(0, Math.floor(Math.min(from.x, to.x) - reach));
    const right = Math.min(this.cols, Math.ceil(Math.max(from.x, to.x) + reach));
    for (let row = top; row < bottom; row++) {
      for (let col = left; col < right; col++) {
        const [x, y] = [col + 0.5 - from.x, row + 0.5 - from.y];
        const along = squared === 0 ? 0 : Math.max(0, Math.min(1, (x * dx + y * dy) / squared));
        const [offX, offY] = [x - along * dx, y - along * dy];
        const cover = radius + 0.5 - Math.sqrt(offX * offX + offY * offY);
        if (cover <= 0) continue;
        const i = row * this.cols + col;
        this.values[i] = Math.max(this.values[i], Math.round(255 * Math.min(1, cover)));
      }
    }
  }

  clear(): void {
    this.values.fill(0);
  }

  /** An image in the field's middle; what it does not cover stays. */
  put(image: { readonly rows: number; readonly cols: number; readonly values: Uint8Array }): void {
    const [top, left] = [(this.rows - image.rows) >> 1, (this.cols - image.cols) >> 1];
    for (let row = 0; row < image.rows; row++) {
      const line = image.values.subarray(row * image.cols, (row + 1) * image.cols);
      this.values.set(line, (top + row) * this.cols + left);
    }
  }
}
