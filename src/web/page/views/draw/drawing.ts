/** What is drawn: a sample to start with, strokes over it, and how to take back the last of them. */

import { resizeByArea } from '../../../../data/images/image-shape.ts';
import type { ImageShape } from '../../../../data/preprocessing.ts';
import { Ink, type PenPoint } from './ink.ts';

/** The longer side in pixels; digit-photo.ts would reduce a larger image to it. */
const SIDE = 280;
/** The pen's radius, as a share of that. */
const PEN = 0.042;

/** An image of the test set that is drawn on. */
export interface Base {
  /** Its place in the set, from 0. */
  readonly index: number;
  /** Its class, from 0. */
  readonly label: number;
  /** As the model takes them. */
  readonly pixels: Uint8Array;
}

interface Sheet {
  readonly base: Base | undefined;
  readonly strokes: readonly (readonly PenPoint[])[];
}

const EMPTY: Sheet = { base: undefined, strokes: [] };

/** A drawing, and its pixels: light ink on black. */
export class Drawing {
  readonly ink: Ink;
  /** What a base covers of it. */
  readonly #middle: ImageShape;
  readonly #shape: ImageShape;
  readonly #past: Sheet[] = [];
  #sheet = EMPTY;
  #stroke: PenPoint[] | undefined;

  /**
   * @param shape rows and columns of the model's inputs
   * @param field of the images that they are the middle of
   */
  constructor(shape: ImageShape, field: ImageShape = shape) {
    const scale = SIDE / Math.max(...field);
    const scaled = (length: number) => Math.max(1, Math.round(length * scale));
    this.ink = new Ink(scaled(field[0]), scaled(field[1]));
    this.#shape = shape;
    this.#middle = [scaled(shape[0]), scaled(shape[1])];
  }

  get isEmpty(): boolean {
    return this.#sheet === EMPTY;
  }

  get canUndo(): boolean {
    return this.#past.length > 0;
  }

  /** Whether the pen is down. */
  get isDrawing(): boolean {
    return this.#stroke !== undefined;
  }

  /** The sample that was taken, as long as nothing is drawn over it. */
  get untouched(): Base | undefined {
    return this.#sheet.strokes.length === 0 ? this.#sheet.base : undefined;
  }

  /** A point of the pen. Ink stays off the border, whose brightness defines the background. */
  point(x: number, y: number, pressure = 0.5): PenPoint {
    const { rows, cols } = this.ink;
    const most = Math.min(rows, cols) / 2 - 2;
    const radius = Math.min(most, SIDE * PEN * (0.5 + Math.max(0, Math.min(1, pressure))));
    const kept = (at: number, length: number) => Math.max(radius + 2, Math.min(length - radius - 2, at));
    return { x: kept(x, cols), y: kept(y, rows), radius };
  }

  /** Lowers the pen. */
  begin(point: PenPoint): void {
    this.#stroke = [point];
    this.#turn({ ...this.#sheet, strokes: [...this.#sheet.strokes, this.#stroke] });
    this.ink.line(point, point);
  }

  /** Moves the pen that was lowered. */
  extend(point: PenPoint): void {
    const last = this.#stroke?.at(-1);
    if (last === undefined || (last.x === point.x && last.y === point.y)) return;
    this.#stroke?.push(point);
    this.ink.line(last, point);
  }

  /** Lifts the pen. */
  end(): void {
    this.#stroke = undefined;
  }

  /** Puts a sample in the place of all that was drawn. */
  take(base: Base): void {
    this.end();
    this.#turn({ base, strokes: [] });
    this.#redraw();
  }

  /** Takes back the last stroke, sample or clearing. */
  undo(): void {
    this.end();
    this.#sheet = this.#past.pop() ?? this.#sheet;
    this.#redraw();
  }

  clear(): void {
    this.end();
    if (!this.isEmpty) this.#turn(EMPTY);
    this.#redraw();
  }

  #turn(next: Sheet): void {
    this.#past.push(this.#sheet);
    this.#sheet = next;
  }

  #redraw(): void {
    const { ink } = this;
    const { base, strokes } = this.#sheet;
    ink.clear();
    if (base !== undefined) {
      const [rows, cols] = this.#shape;
      ink.put(resizeByArea({ rows, cols, values: base.pixels }, ...this.#middle));
    }
    for (const stroke of strokes) {
      for (const [i, point] of stroke.entries()) ink.line(stroke[Math.max(0, i - 1)], point);
    }
  }
}
