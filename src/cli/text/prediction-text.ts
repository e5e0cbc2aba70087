/** A prediction as a line of text or an object of JSON. */

import type { Prediction } from '../../train/predict.ts';
import { oneLine, percent, type Terminal } from './terminal.ts';

/** Classes that a line of text shows besides the first. */
const MORE = 2;

/**
 * `{"input","class","probabilities"}`, with `scores` for `probabilities` where the loss makes none; and the true class
 * as `label` if the data have it.
 */
export function predictionJson(
  input: string,
  prediction: Prediction,
  classes: readonly string[],
  label?: string,
): object {
  const { probabilities, outputs } = prediction;
  const byClass = (values: readonly number[]) =>
    Object.fromEntries(classes.map((name, i) => [name, values[i]]));
  return {
    input,
    class: classes[prediction.class],
    ...(probabilities === undefined
      ? { scores: byClass(outputs) }
      : { probabilities: byClass(probabilities) }),
    ...(label !== undefined && { label }),
  };
}

/** The input, its class, how likely it is, the next two; and the true class if it is known and different. */
export function predictionLine(
  { colour }: Terminal,
  input: string,
  prediction: Prediction,
  names: readonly string[],
  label?: string,
): string {
  const classes = names.map(oneLine);
  const { probabilities, outputs } = prediction;
  const values = probabilities ?? outputs;
  const shown = (value: number) => (probabilities === undefined ? value.toFixed(4) : percent(value));
  const others = [...values.keys()]
    .filter((i) => i !== prediction.class)
    .sort((a, b) => values[b] - values[a] || a - b)
    .slice(0, MORE)
    .map((i) => `${classes[i]} ${shown(values[i])}`);
  const unit = probabilities === undefined ? 'score ' : '';
  const best = `${unit}${shown(values[prediction.class])}`.padStart(8);
  const named = classes[prediction.class];
  const wrong =
    label === undefined || label === names[prediction.class] ? '' : colour.red(`   label ${oneLine(label)}`);
  return `${oneLine(input)}  ${colour.bold(named)}  ${best}${colour.dim(`   then ${others.join(', ')}`)}${wrong}`;
}
