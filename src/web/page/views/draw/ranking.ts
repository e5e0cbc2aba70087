/** A prediction as rows of text and bars. */

import type { Prediction } from '../../kernels.ts';

/** One class. */
export interface Ranked {
  readonly name: string;
  /** Its probability as `98.20 %`, or its score; empty where nothing is predicted. */
  readonly text: string;
  /** Of the bar's length, 0 to 1. */
  readonly share: number;
  readonly isBest: boolean;
}

/** Up to this many classes are shown in their order; of more the most likely, the first of them on top. */
const MOST = 12;
const SHOWN = 10;

/** A fraction as `mlp predict` prints it. */
export const percent = (fraction: number) => `${(100 * fraction).toFixed(2)} %`;

/** The classes of a prediction, or of none, in the order in which they are shown. */
export function ranked(prediction: Prediction | undefined, classes: readonly string[]): Ranked[] {
  const order = [...classes.keys()];
  if (prediction === undefined) {
    return order
      .slice(0, classes.length > MOST ? SHOWN : undefined)
      .map((i) => ({ name: classes[i], text: '', share: 0, isBest: false }));
  }
  const { probabilities, outputs } = prediction;
  const values = probabilities ?? outputs;
  // Bars of scores begin at 0, or at the least of them where that is below.
  const [least, most] = [Math.min(0, ...values), probabilities ? 1 : Math.max(0, ...values)];
  if (classes.length > MOST) order.sort((a, b) => values[b] - values[a] || a - b).splice(SHOWN);
  return order.map((i) => ({
    name: classes[i],
    text: probabilities ? percent(values[i]) : values[i].toFixed(4).replace('-', '−'),
    share: most > least ? (values[i] - least) / (most - least) : 0,
    isBest: i === prediction.class,
  }));
}
