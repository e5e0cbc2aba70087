/** The bar of a training run: the batches of an epoch, the loss so far, and the time left of the whole run. */

import { Presets, SingleBar } from 'cli-progress';
import { duration } from '../text/terminal.ts';

/** Draws on stderr; `clear` before anything else is printed. */
export class EpochBar {
  readonly #epochs: number;
  readonly #batches: number;
  readonly #doneBefore: number;
  readonly #started = performance.now();
  #bar: SingleBar | undefined;

  /** @param doneBefore the part of the run that was done when it was continued: it says nothing of the time left */
  constructor(epochs: number, batchesPerEpoch: number, doneBefore = 0) {
    this.#doneBefore = doneBefore;
    this.#epochs = epochs;
    this.#batches = batchesPerEpoch;
  }

  update(epoch: number, batch: number, loss: number): void {
    const done = (epoch - 1 + batch / this.#batches) / this.#epochs;
    const elapsed = (performance.now() - this.#started) / 1000;
    const payload = {
      epoch: String(epoch).padStart(String(this.#epochs).length),
      epochs: this.#epochs,
      loss: loss.toFixed(4),
      left: duration(Math.ceil((elapsed / (done - this.#doneBefore)) * (1 - done))).replace('.00', ''),
    };
    if (this.#bar === undefined) {
      const room = (process.stderr.columns ?? 80) - 56;
      this.#bar = new SingleBar(
        {
          format: 'epoch {epoch}/{epochs} {bar} {percentage} %  loss {loss}  {left} left',
          barsize: Math.max(8, Math.min(30, room)),
          stream: process.stderr,
          clearOnComplete: true,
          hideCursor: true,
          gracefulExit: false,
        },
        Presets.shades_classic,
      );
      this.#bar.start(this.#batches, batch, payload);
    } else {
      this.#bar.update(batch, payload);
    }
  }

  clear(): void {
    this.#bar?.stop();
    this.#bar = undefined;
  }
}
