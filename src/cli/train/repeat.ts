/** `mlp train --repeat`: several runs with seeds in a row, and what they have in common. */

import { oneLine, percent, type Terminal } from '../text/terminal.ts';

/** How one of the runs ended. */
export interface RepeatedRun {
  readonly seed: number;
  readonly bestEpoch?: number;
  readonly validationLoss?: number;
  readonly validationAccuracy?: number;
  readonly testLoss?: number;
  readonly testAccuracy?: number;
  /** The digest of its weights. */
  readonly sha256: string;
}

/** Mean and standard deviation of a sample. */
export interface Spread {
  readonly mean: number;
  /** With n − 1 below the line; absent of a single value. */
  readonly sd?: number;
}

/** The line that `--json` prints after the last run. */
export interface RepeatSummary {
  readonly event: 'summary';
  readonly runs: readonly RepeatedRun[];
  /** Absent where no run has the figure. */
  readonly testAccuracy?: Spread;
  readonly validationAccuracy?: Spread;
  /** The seed of the run whose model is saved. */
  readonly seed: number;
  readonly model: string;
  readonly sha256: string;
}

/** Mean and standard deviation; undefined of no values. */
export function spread(values: readonly number[]): Spread | undefined {
  const n = values.length;
  if (n === 0) return undefined;
  const mean = values.reduce((sum, value) => sum + value, 0) / n;
  if (n === 1) return { mean };
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { mean, sd: Math.sqrt(squares / (n - 1)) };
}

/**
 * Whether a run's model is to be saved rather than that of the best before it: higher validation accuracy, of equals
 * the lower validation loss, else the earlier run. Without samples held out the first run stays: the test set chooses
 * nothing.
 */
export function isBetterRun(run: RepeatedRun, best: RepeatedRun | undefined): boolean {
  if (best === undefined) return true;
  const { validationAccuracy: accuracy, validationLoss: loss = Infinity } = run;
  const { validationAccuracy: bestAccuracy, validationLoss: bestLoss = Infinity } = best;
  if (accuracy === undefined || bestAccuracy === undefined) return false;
  return accuracy > bestAccuracy || (accuracy === bestAccuracy && loss < bestLoss);
}

/** @param saved the run whose model is saved, as `model` */
export function summarize(runs: readonly RepeatedRun[], saved: RepeatedRun, model: string): RepeatSummary {
  const figures = (key: 'testAccuracy' | 'validationAccuracy') =>
    spread(runs.flatMap((run) => (run[key] === undefined ? [] : [run[key]])));
  const [test, validation] = [figures('testAccuracy'), figures('validationAccuracy')];
  return {
    event: 'summary',
    runs,
    ...(test && { testAccuracy: test }),
    ...(validation && { validationAccuracy: validation }),
    seed: saved.seed,
    model,
    sha256: saved.sha256,
  };
}

/** The line after a run: `seed 2  test accuracy 98.31 %`. */
export function runLine({ colour }: Terminal, run: RepeatedRun): string {
  const { testAccuracy, validationAccuracy } = run;
  const figures = [
    ...(testAccuracy === undefined ? [] : [`test accuracy ${percent(testAccuracy)}`]),
    ...(validationAccuracy === undefined ? [] : [`validation accuracy ${percent(validationAccuracy)}`]),
  ];
  return [colour.bold(`seed ${run.seed}`), ...(figures.length === 0 ? ['trained'] : figures)].join('  ');
}

/** The last line: mean ± standard deviation, and which model was saved. */
export function summaryLine({ colour }: Terminal, summary: RepeatSummary): string {
  const part = (name: string, figure: Spread | undefined) =>
    figure === undefined ? [] : [`${name} ${percentSpread(figure)}`];
  const figures = [
    ...part('test accuracy', summary.testAccuracy),
    ...part('validation accuracy', summary.validationAccuracy),
  ];
  const of = `${summary.runs.length} ${summary.runs.length === 1 ? 'run' : 'runs'}`;
  const saved = `saved seed ${summary.seed} as ${colour.bold(oneLine(summary.model))}`;
  return [colour.bold(of), ...(figures.length === 0 ? [] : [colour.green(figures.join('  '))]), saved].join(
    '  ',
  );
}

/** `98.21 % ± 0.05`, the standard deviation in percentage points. */
export const percentSpread = ({ mean, sd }: Spread) =>
  sd === undefined ? percent(mean) : `${percent(mean)} ± ${(100 * sd).toFixed(2)}`;
