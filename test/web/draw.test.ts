/** The view «Draw» without a browser: ink, undoing, keys, and that a saved picture makes the same input as the drawing. */

import { describe, expect, test } from 'vitest';
import { imageInput } from '../../src/data/images/image-input.ts';
import { readPng } from '../../src/data/images/png.ts';
import type { Preprocessing } from '../../src/data/preprocessing.ts';
import { encodeModel } from '../../src/formats/model.ts';
import { Random } from '../../src/kernels/random.ts';
import { ReferenceKernels } from '../../src/kernels/reference.ts';
import { Network, perceptron } from '../../src/network/network.ts';
import { type LoadedModel, loadModel } from '../../src/web/page/kernels.ts';
import { Drawing } from '../../src/web/page/views/draw/drawing.ts';
import { Ink } from '../../src/web/page/views/draw/ink.ts';
import { heldKeys } from '../../src/web/page/views/draw/key-pen.ts';
import { drawingFor, inputPicture, look, picture } from '../../src/web/page/views/draw/look.ts';
import { pngFile } from '../../src/web/page/views/draw/png-file.ts';

/** An untrained model of images. */
async function modelOf(preprocessing: Preprocessing, inputs = 784): Promise<LoadedModel> {
  const spec = perceptron({ inputs, hidden: [12], classes: 3 });
  const network = new Network(new ReferenceKernels('float32'), spec, 1);
  network.initialize(new Random(5, 'weights'));
  const info = { spec, classes: ['cat', 'dog', 'eel'], preprocessing, training: {} };
  return loadModel((await encodeModel(info, network.tensors())).text, 'model.json');
}

/** A hook, off the middle. */
function scribble(drawing: Drawing): void {
  drawing.begin(drawing.point(60, 50));
  drawing.extend(drawing.point(170, 60));
  drawing.extend(drawing.point(120, 230));
  drawing.end();
}

/** Faster than a matcher that could tell where two large images differ. */
const isSame = (a: Uint8Array, b: Uint8Array | undefined) => b !== undefined && Buffer.compare(a, b) === 0;

const sum = (values: Uint8Array): number => values.reduce((all, value) => all + value, 0);

describe('ink', () => {
  test('a dot covers π r², a line its length more, whatever lies at its borders', () => {
    const ink = new Ink(100, 100);
    const [left, right] = [
      { x: 30.3, y: 50.2, radius: 8 },
      { x: 70.3, y: 50.2, radius: 8 },
    ];
    ink.line(left, left);
    expect(sum(ink.values) / 255 / (Math.PI * 64)).toBeCloseTo(1, 2);
    ink.line(left, right);
    expect(sum(ink.values) / 255 / (Math.PI * 64 + 16 * 40)).toBeCloseTo(1, 2);
  });

  test('beyond the field there is none', () => {
    const ink = new Ink(10, 20);
    ink.line({ x: -5, y: -5, radius: 2 }, { x: 30, y: -5, radius: 2 });
    expect(sum(ink.values)).toBe(0);
    ink.line({ x: -50, y: 5, radius: 1000 }, { x: 500, y: 5, radius: 1000 });
    expect(sum(ink.values)).toBe(255 * 200);
  });
});

describe('a drawing', () => {
  test('undoes strokes, samples and clearing, one by one, to the same pixels', () => {
    const drawing = new Drawing([28, 28]);
    const pixels = Uint8Array.from({ length: 784 }, (_, i) => (i % 28 === 14 ? 255 : 0));
    const looks = [drawing.ink.values.slice()];
    const turn = (act: () => void) => {
      act();
      looks.push(drawing.ink.values.slice());
    };
    turn(() => scribble(drawing));
    turn(() => drawing.clear());
    turn(() => drawing.take({ index: 3, label: 1, pixels }));
    expect(drawing.untouched?.index).toBe(3);
    turn(() => scribble(drawing));
    expect(drawing.untouched).toBeUndefined();
    expect(sum(looks[4])).toBeGreaterThan(sum(looks[3]));
    while (looks.length > 0) {
      expect(isSame(drawing.ink.values, looks.pop())).toBe(true);
      expect(drawing.canUndo).toBe(looks.length > 0);
      drawing.undo();
    }
    expect(drawing.isEmpty).toBe(true);
    drawing.undo();
    expect(drawing.isEmpty).toBe(true);
  });

  test('keeps off its rim, however far the pen goes and however hard it presses', () => {
    const drawing = new Drawing([28, 20]);
    const { rows, cols, values } = drawing.ink;
    expect([rows, cols]).toEqual([280, 200]);
    drawing.begin(drawing.point(-500, -500, 9));
    for (const [x, y] of [
      [900, -500],
      [900, 900],
      [-500, 900],
      [-500, -500],
    ]) {
      drawing.extend(drawing.point(x, y, 1));
    }
    expect(sum(values)).toBeGreaterThan(0);
    const rim = values.filter((_, i) => {
      const [row, col] = [Math.floor(i / cols), i % cols];
      return row === 0 || row === rows - 1 || col === 0 || col === cols - 1;
    });
    expect(rim).toHaveLength(2 * (rows + cols) - 4);
    expect(sum(rim)).toBe(0);
  });
});

describe('what the network sees', () => {
  const MODELS: readonly [string, Preprocessing, number][] = [
    ['MNIST', { scale: 1 / 255, shape: [28, 28] }, 784],
    ['the middle 20 × 20', { scale: 1 / 255, shape: [20, 20], cropFrom: [28, 28] }, 400],
    ['an oblong', { scale: 1 / 255, shape: [16, 12] }, 192],
    [
      'files of images, light on dark',
      { scale: 1 / 255, shape: [28, 28], imageFiles: { invert: false } },
      784,
    ],
    [
      'files of images, dark on light',
      { scale: 1 / 255, shape: [28, 28], imageFiles: { invert: true } },
      784,
    ],
  ];

  test.each(MODELS)(
    'saved as PNG and read again it is the same, the drawing too: %s',
    async (_, preprocessing, inputs) => {
      const loaded = await modelOf(preprocessing, inputs);
      const drawing = drawingFor(loaded);
      expect(look(loaded, drawing)).toBeUndefined();
      scribble(drawing);
      const seen = look(loaded, drawing);
      if (seen === undefined) throw new Error('nothing seen');
      // Light ink on black, wherever it comes from.
      expect(sum(seen.pixels)).toBeGreaterThan(0);
      expect(sum(seen.pixels)).toBeLessThan(255 * 0.5 * inputs);
      const taker = { name: 'model.json', inputs, preprocessing };
      for (const image of [picture(loaded, drawing), inputPicture(loaded, seen)]) {
        const bytes = new Uint8Array(await (await pngFile(image)).arrayBuffer());
        const read = readPng(bytes, 'saved.png');
        expect([read.rows, read.cols]).toEqual([image.rows, image.cols]);
        expect(isSame(read.values, image.values)).toBe(true);
        expect(imageInput(read, 'saved.png', taker, 'as-mnist').values).toEqual(seen.pixels);
      }
      expect(seen.prediction).toEqual(loaded.predict(seen.pixels));
    },
  );

  test('a sample is taken as it is, until it is drawn over', async () => {
    const loaded = await modelOf({ scale: 1 / 255, shape: [28, 28] });
    const drawing = drawingFor(loaded);
    const random = new Random(3, 'sample');
    const pixels = Uint8Array.from({ length: 784 }, (_, i) =>
      i % 28 > 9 && i % 28 < 16 ? random.below(256) : 0,
    );
    drawing.take({ index: 12, label: 2, pixels });
    expect(look(loaded, drawing)).toMatchObject({ pixels, note: 'sample 12 of the test set, as it is' });
    scribble(drawing);
    expect(look(loaded, drawing)?.note).toMatch(/^light on dark; cropped to .* centred by mass in 28 × 28$/);
  });

  test('every field may be full, and a dot is a digit too', async () => {
    const loaded = await modelOf({ scale: 1 / 255, shape: [28, 28] });
    const drawing = drawingFor(loaded);
    drawing.begin(drawing.point(5, 5));
    expect(sum(look(loaded, drawing)?.pixels as Uint8Array)).toBeGreaterThan(255 * 200);
    for (let y = 0; y < 280; y += 10) {
      drawing.extend(drawing.point(0, y));
      drawing.extend(drawing.point(280, y));
    }
    expect(look(loaded, drawing)?.pixels).toHaveLength(784);
  });

  test('a model whose inputs are no image is refused', async () => {
    const loaded = await modelOf({ scale: 1 }, 10);
    expect(() => drawingFor(loaded)).toThrow('takes 10 values that are no image');
  });
});

describe('the keys of the pen', () => {
  const arrow = (key: string, more = {}) => ({ key: `Arrow${key}`, ...more });

  test('two arrows go aslant until one is let go', () => {
    const keys = heldKeys();
    expect(keys.press(arrow('Down'))).toEqual({ type: 'move', x: 0, y: 8 });
    expect(keys.press(arrow('Left'))).toEqual({ type: 'move', x: -8, y: 8 });
    expect(keys.press(arrow('Left', { repeat: true, shiftKey: true }))).toEqual({
      type: 'move',
      x: -2,
      y: 2,
    });
    expect(keys.release(arrow('Down'))).toBe(false);
    expect(keys.press(arrow('Left'))).toEqual({ type: 'move', x: -8, y: 0 });
  });

  test('Space lowers the pen while it is held, Enter turns it, others are left to the browser', () => {
    const keys = heldKeys();
    expect(keys.press({ key: ' ' })).toEqual({ type: 'pen', down: true });
    expect(keys.press({ key: ' ', repeat: true })).toEqual({ type: 'move', x: 0, y: 0 });
    expect(keys.release({ key: ' ' })).toBe(true);
    expect(keys.press({ key: 'Enter' })).toEqual({ type: 'pen', down: undefined });
    expect(keys.press({ key: 'z', metaKey: true })).toEqual({ type: 'undo' });
    expect(keys.press({ key: 'Delete' })).toEqual({ type: 'clear' });
    for (const key of ['Tab', 'a', 'Escape']) expect(keys.press({ key })).toBeUndefined();
    expect(keys.press({ key: 'r', ctrlKey: true })).toBeUndefined();
    expect(keys.press(arrow('Left', { altKey: true }))).toBeUndefined();
  });
});
