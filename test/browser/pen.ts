/** Hands for the pad of the view «Draw»: a mouse, a finger. */

import type { Page } from 'playwright-core';

/** Corners of a stroke, from the pad's top left corner (0, 0) to its bottom right one (1, 1). */
export type Stroke = readonly (readonly [x: number, y: number])[];

/** A 7 in one stroke. */
export const SEVEN: Stroke = [
  [0.25, 0.2],
  [0.7, 0.22],
  [0.42, 0.85],
];

/** A 1. */
export const ONE: Stroke = [
  [0.55, 0.15],
  [0.48, 0.85],
];

/** A 0. */
export const ZERO: Stroke = Array.from({ length: 25 }, (_, i) => {
  const angle = (2 * Math.PI * i) / 24;
  return [0.5 + 0.22 * Math.sin(angle), 0.5 - 0.33 * Math.cos(angle)] as const;
});

/** Points between the corners. */
const BETWEEN = 5;

async function pointsOf(page: Page, stroke: Stroke): Promise<{ x: number; y: number }[]> {
  const pad = page.getByRole('application', { name: 'Drawing' });
  await pad.scrollIntoViewIfNeeded();
  const box = await pad.boundingBox();
  if (box === null) throw new Error('the pad is not shown');
  const corners = stroke.map(([x, y]) => ({ x: box.x + x * box.width, y: box.y + y * box.height }));
  return corners.flatMap((corner, i) => {
    const last = corners[Math.max(0, i - 1)];
    return Array.from({ length: BETWEEN }, (_, k) => {
      const share = (k + 1) / BETWEEN;
      return { x: last.x + share * (corner.x - last.x), y: last.y + share * (corner.y - last.y) };
    });
  });
}

/** Draws with the mouse; `meanwhile` is done before the button is let go. */
export async function drawWithMouse(
  page: Page,
  stroke: Stroke,
  meanwhile: () => Promise<void> = async () => {},
): Promise<void> {
  const [first, ...rest] = await pointsOf(page, stroke);
  await page.mouse.move(first.x, first.y);
  await page.mouse.down();
  for (const { x, y } of rest) await page.mouse.move(x, y);
  await meanwhile();
  await page.mouse.up();
}

/** Draws with one finger. */
export async function drawWithFinger(page: Page, stroke: Stroke): Promise<void> {
  const [first, ...rest] = await pointsOf(page, stroke);
  const session = await page.context().newCDPSession(page);
  const touch = (type: 'touchStart' | 'touchMove' | 'touchEnd', touchPoints: { x: number; y: number }[]) =>
    session.send('Input.dispatchTouchEvent', { type, touchPoints });
  await touch('touchStart', [first]);
  for (const point of rest) await touch('touchMove', [point]);
  await touch('touchEnd', []);
  await session.detach();
}
