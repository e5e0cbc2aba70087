/** The pace of drawing: what happens often is drawn once a frame at most. */

/** Runs an action in the next frame that is `every` milliseconds or more after its last run, however often it is asked. */
export function paced(action: () => void, every: number): () => void {
  let asked = false;
  let last = Number.NEGATIVE_INFINITY;
  const frame = (now: number) => {
    if (now - last < every) {
      requestAnimationFrame(frame);
      return;
    }
    asked = false;
    last = now;
    action();
  };
  return () => {
    if (asked) return;
    asked = true;
    requestAnimationFrame(frame);
  };
}
