/** Colours of numbers, for canvases. */

import type { Theme } from '../theme.ts';

type Rgb = readonly [red: number, green: number, blue: number];

/** Negative, zero, positive. Blue and orange are distinguishable with every kind of colour vision. */
const DIVERGING: Record<Theme, readonly [Rgb, Rgb, Rgb]> = {
  light: [
    [20, 84, 148],
    [250, 249, 246],
    [186, 74, 8],
  ],
  dark: [
    [110, 184, 245],
    [29, 33, 39],
    [255, 164, 84],
  ],
};

/** The colour of t from −1 (blue) over 0 (the ground) to 1 (orange). */
export function diverging(t: number, theme: Theme): Rgb {
  const [negative, zero, positive] = DIVERGING[theme];
  const share = Math.min(1, Math.abs(t));
  return mixed(zero, t < 0 ? negative : positive, share);
}

/** The colour of t from 0, black, to 1, white: an image's pixel, the same in both themes. */
export function grey(t: number): Rgb {
  const level = Math.round(255 * Math.max(0, Math.min(1, t)));
  return [level, level, level];
}

/** The colour of t from 0, the ground, to 1: a count, a share, a probability. */
export function sequential(t: number, theme: Theme): Rgb {
  const [blue, zero] = DIVERGING[theme];
  return mixed(zero, blue, Math.max(0, Math.min(1, t)));
}

function mixed(from: Rgb, to: Rgb, share: number): Rgb {
  const at = (i: 0 | 1 | 2) => Math.round(from[i] + (to[i] - from[i]) * share);
  return [at(0), at(1), at(2)];
}
