/** The sheet that is drawn on: by mouse, pen or finger, or by a pen that the arrow keys move. */

import { useId, useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { GreyImage } from '../../../../data/images/png.ts';
import type { Drawing } from './drawing.ts';
import { heldKeys, type Pen, startOf } from './key-pen.ts';

interface PenPadProps {
  readonly drawing: Drawing;
  /** How it looks at present. */
  readonly picture: () => GreyImage;
  /** Another one says that the drawing has changed. */
  readonly version: number;
  /** Something was drawn, or the pen lifted. */
  readonly onChange: () => void;
  /** Keys ask for it. */
  readonly onUndo: () => void;
  readonly onClear: () => void;
}

/** The pad. */
export function PenPad({ drawing, picture, version, onChange, onUndo, onClear }: PenPadProps) {
  const help = useId();
  const canvas = useRef<HTMLCanvasElement>(null);
  const pointer = useRef<number | undefined>(undefined);
  const held = useRef(heldKeys());
  const [pen, setPen] = useState<Pen | undefined>(undefined);
  const { rows, cols } = drawing.ink;

  // The version stands for the pixels.
  useLayoutEffect(() => {
    const context = canvas.current?.getContext('2d');
    if (!context) return;
    const image = context.createImageData(cols, rows);
    const { values } = picture();
    const pixels = new Uint32Array(image.data.buffer);
    for (let i = 0; i < values.length; i++) pixels[i] = 0xff000000 | (values[i] * 0x010101);
    context.putImageData(image, 0, 0);
  }, [drawing, version]);

  const pointOf = (event: PointerEvent) => {
    const box = (canvas.current as HTMLCanvasElement).getBoundingClientRect();
    const x = ((event.clientX - box.left) / box.width) * cols;
    const y = ((event.clientY - box.top) / box.height) * rows;
    // A mouse has no pressure, and what fingers say of theirs is not to be relied on.
    return drawing.point(x, y, event.pointerType === 'pen' ? event.pressure : undefined);
  };
  const lift = () => {
    pointer.current = undefined;
    drawing.end();
    onChange();
  };
  const onPointerDown = (event: PointerEvent) => {
    if (event.button !== 0 || pointer.current !== undefined) return;
    pointer.current = event.pointerId;
    (event.currentTarget as HTMLElement).setPointerCapture(event.pointerId);
    setPen(undefined);
    drawing.begin(pointOf(event));
    onChange();
  };
  const onPointerMove = (event: PointerEvent) => {
    if (event.pointerId !== pointer.current) return;
    const passed = event.getCoalescedEvents?.() ?? [];
    for (const each of passed.length > 0 ? passed : [event]) drawing.extend(pointOf(each));
    onChange();
  };
  const onPointerUp = (event: PointerEvent) => {
    if (event.pointerId === pointer.current) lift();
  };

  const lower = (at: Pen, down: boolean) => {
    if (down) drawing.begin(drawing.point(at.x, at.y));
    else drawing.end();
    setPen({ ...at, down });
    onChange();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Tab' || pointer.current !== undefined) return;
    const wish = held.current.press(event);
    if (wish === undefined) return;
    event.preventDefault();
    const at = pen ?? startOf(rows, cols);
    if (wish.type === 'undo') onUndo();
    else if (wish.type === 'clear') onClear();
    else if (wish.type === 'pen') lower(at, wish.down ?? !at.down);
    else if (wish.type === 'move') {
      const { x, y } = drawing.point(at.x + wish.x, at.y + wish.y);
      if (at.down) drawing.extend(drawing.point(x, y));
      setPen({ ...at, x, y });
      if (at.down) onChange();
    }
    if (wish.type === 'undo' || wish.type === 'clear') setPen({ ...at, down: false });
  };
  const onKeyUp = (event: KeyboardEvent) => {
    if (held.current.release(event) && pen?.down) lower(pen, false);
  };
  const onBlur = () => {
    held.current = heldKeys();
    if (pen?.down) drawing.end();
    setPen(undefined);
  };

  const place = pen && { left: `${(100 * pen.x) / cols}%`, top: `${(100 * pen.y) / rows}%` };
  return (
    <div class="pad">
      <div
        class="pad-sheet"
        role="application"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: the arrow keys move its pen
        tabIndex={0}
        aria-label="Drawing"
        aria-describedby={help}
        style={{ aspectRatio: `${cols} / ${rows}` }}
        // A quick stroke is no fling: after one the browser would take the next tap for its end.
        onTouchStart={(event) => event.preventDefault()}
        onPointerDown={onPointerDown}
        onPointerMove={onPointerMove}
        onPointerUp={onPointerUp}
        onPointerCancel={onPointerUp}
        onKeyDown={onKeyDown}
        onKeyUp={onKeyUp}
        onFocus={(event) => event.currentTarget.matches(':focus-visible') && setPen(startOf(rows, cols))}
        onBlur={onBlur}
      >
        <canvas class="pad-canvas" ref={canvas} width={cols} height={rows} />
        {place && <span class={pen.down ? 'pad-pen pad-pen-down' : 'pad-pen'} style={place} />}
      </div>
      <p class="note pad-help" id={help}>
        Mouse, pen or finger; or <kbd>arrow keys</kbd> with <kbd>Space</kbd> held, or after <kbd>Enter</kbd>.{' '}
        <kbd>Ctrl Z</kbd> undoes, <kbd>Delete</kbd> clears.
      </p>
    </div>
  );
}
