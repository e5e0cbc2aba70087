/** A prediction as rows of text and bars. */

import type { ForwardResult } from '../../kernels.ts';
import { percentText } from '../../number-text.ts';

/** One class. */
export interface Ranked {
  readonly name: string;
  /** Its probability as `98.20 %`, or its score; empty where nothing is predicted. */
  readonly text: string;
  /** Of the bar's length, 0 to 1. */
  readonly share: number;
  readonly isBest: boolean;
}

/** Up to this many classes are shown in their own order; with more, only the `TOP_CLASSES` most likely, best first. */
const MAX_CLASSES = 12;
const TOP_CLASSES = 10;

/** The classes of a prediction, or of none, in the order in which they are shown. */
export function ranked(prediction: ForwardResult | undefined, classes: readonly string[]): Ranked[] {
  const order = [...classes.keys()];
  if (prediction === undefined) {
    return order
      .slice(0, classes.length > MAX_CLASSES ? TOP_CLASSES : undefined)
      .map((i) => ({ name: classes[i], text: '', share: 0, isBest: false }));
  }
  const { probabilities, outputs } = prediction;
  const values = probabilities ?? outputs;
  // Bars of scores start at 0, or at the lowest score if that is negative.
  const [least, most] = [Math.min(0, ...values), probabilities ? 1 : Math.max(0, ...values)];
  if (classes.length > MAX_CLASSES) order.sort((a, b) => values[b] - values[a] || a - b).splice(TOP_CLASSES);
  return order.map((i) => ({
    name: classes[i],
    text: probabilities ? percentText(values[i]) : values[i].toFixed(4).replace('-', '−'),
    share: most > least ? (values[i] - least) / (most - least) : 0,
    isBest: i === prediction.class,
  }));
}
