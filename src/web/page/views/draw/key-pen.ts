/** A pen that keys move, lower and lift. */

/** Where the pen is, in pixels, and whether it draws. */
export interface Pen {
  readonly x: number;
  readonly y: number;
  readonly down: boolean;
}

/** What a key asks for. `down` is undefined where the pen is to be lifted if it is down and lowered if not. */
export type Wish =
  | { readonly type: 'move'; readonly x: number; readonly y: number }
  | { readonly type: 'pen'; readonly down: boolean | undefined }
  | { readonly type: 'undo' | 'clear' };

/** What of a keyboard event is looked at. */
export interface KeyPress {
  readonly key: string;
  readonly repeat?: boolean;
  readonly shiftKey?: boolean;
  readonly ctrlKey?: boolean;
  readonly metaKey?: boolean;
  readonly altKey?: boolean;
}

/** Pixels that the pen goes at a press: with Shift finely. */
const [STEP, FINE] = [8, 2];

const WAYS: Readonly<Record<string, readonly [x: number, y: number]>> = {
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
};

/** The pen above the middle, where most digits begin. */
export const startOf = (rows: number, cols: number): Pen => ({ x: cols / 2, y: rows / 5, down: false });

/** The keys of a pen. Two arrows held together go aslant: browsers repeat only the last of them. */
export function heldKeys() {
  const arrows = new Set<string>();
  return {
    /** What the key asks for; undefined where it is none of the pen's. */
    press({ key, repeat, shiftKey, ctrlKey, metaKey, altKey }: KeyPress): Wish | undefined {
      if (altKey) return undefined;
      if (ctrlKey || metaKey) return key.toLowerCase() === 'z' && !shiftKey ? { type: 'undo' } : undefined;
      if (key === 'Delete') return { type: 'clear' };
      if (key === 'Backspace') return { type: 'undo' };
      if (key === ' ') return repeat ? { type: 'move', x: 0, y: 0 } : { type: 'pen', down: true };
      if (key === 'Enter') return repeat ? { type: 'move', x: 0, y: 0 } : { type: 'pen', down: undefined };
      if (WAYS[key] === undefined) return undefined;
      arrows.add(key);
      const step = shiftKey ? FINE : STEP;
      const sum = (axis: 0 | 1) => [...arrows].reduce((all, name) => all + WAYS[name][axis] * step, 0);
      return { type: 'move', x: sum(0), y: sum(1) };
    },
    /** Whether the key that is let go was the one that held the pen down. */
    release({ key }: KeyPress): boolean {
      arrows.delete(key);
      return key === ' ';
    },
  };
}
