/** Checks a layer or loss of the user's own: its backward against central differences of its forward. */

import { Random } from '../../kernels/random.ts';
import { diagnoseGradient } from '../diagnosis/diagnosis.ts';
import { relativeError } from '../gradients/derivative.ts';
import { TOLERANCE } from '../gradients/gradient-check.ts';
import type { Check } from '../result.ts';
import { sameTensorShape, type TensorShape, tensorSize } from './arrays.ts';
import { type CheckPlan, type DrawResult, runDraw } from './draw.ts';
import { gradientName } from './gradients.ts';
import type { ModuleSettings } from './settings.ts';

export type { CheckPlan } from './draw.ts';
export { ModuleError } from './errors.ts';
export type { ModuleSettings } from './settings.ts';

/** How a module is checked; of its own settings, those given here win. */
export interface CheckModuleOptions extends ModuleSettings {
  /** What the report calls it (default `module`). */
  readonly name?: string;
  /** Where inputs, parameters and δ are drawn from (default 1). */
  readonly seed?: number;
  /** The largest relative error that passes (default 1e-6). */
  readonly tolerance?: number;
  /** At how many points the gradients are compared (default 2). */
  readonly draws?: number;
  /** Called before the derivatives are computed, with the amount of work. */
  onPlan?(plan: CheckPlan): void;
}

/** The gradient of one tensor, in the draw where it is worst. */
export interface TensorResult {
  /** `dW`. */
  readonly name: string;
  readonly shape: TensorShape;
  /** What backward gave, row-major; undefined where it is missing or of another shape. */
  readonly analytic: Float64Array | undefined;
  /** The central differences; NaN for entries that were not drawn. */
  readonly numeric: Float64Array;
  /** The entries at a kink, where there is no derivative, with the lower and the higher of the slopes beside it. */
  readonly kinks: ReadonlyMap<number, readonly [low: number, high: number]>;
  /** How many entries were differentiated at each point: all, but for a random choice of a large tensor's. */
  readonly drawn: number;
  /** Over all points, how many of them lie at a kink. */
  readonly atKinks: number;
  readonly check: Check;
}

/** What a check of a module found. */
export interface ModuleReport {
  readonly name: string;
  readonly kind: 'layer' | 'loss';
  readonly passed: boolean;
  /** The gradients first; then that inputs stay unchanged and gradients are overwritten. */
  readonly checks: readonly Check[];
  readonly tensors: readonly TensorResult[];
  /** The shapes of x, the targets and the parameters. */
  readonly shapes: Readonly<Record<string, TensorShape>>;
  /** Of the output; of a loss, none. */
  readonly outputShape: TensorShape;
  readonly draws: number;
}

/**
 * Checks the backward of a layer or a loss: every gradient against central differences of the forward, at random
 * points away from kinks; that forward and backward leave what they are given unchanged; and that gradients are
 * overwritten. What is wrong is diagnosed.
 *
 * @param source a module's exports, an object, or a class that is made without arguments; see `ModuleSettings`
 * @throws ModuleError if it cannot be checked: no forward or backward, settings that do not fit, a forward that throws
 *   or is no function of its inputs
 * @throws RangeError if an option is out of range
 */
export function checkModule(source: unknown, options: CheckModuleOptions = {}): ModuleReport {
  const { name = 'module', seed = 1, tolerance = TOLERANCE['central-difference'], draws = 2 } = options;
  if (!(tolerance > 0 && tolerance < 1)) {
    throw new RangeError(`checkModule: expected a tolerance between 0 and 1, got ${tolerance}`);
  }
  if (!Number.isInteger(draws) || draws < 1) {
    throw new RangeError(`checkModule: expected a whole number of draws above 0, got ${draws}`);
  }
  const results: DrawResult[] = [];
  try {
    for (let draw = 0; draw < draws; draw++) {
      const random = new Random(seed, `module check, draw ${draw}`);
      const { onPlan } = options;
      const plan = onPlan && { onPlan };
      results.push(
        runDraw(source, { settings: options, random, tolerance, before: results, draws, ...plan }),
      );
    }
    const tensors = results[0].gradients.map((_, i) => tensorResult(results, i, tolerance));
    const checks = [...tensors.map(({ check }) => check), ...habits(results)];
    const { calls, output } = results[0];
    const { shapes } = calls.subject.settings;
    const { y, ...withoutTargets } = shapes;
    return {
      name,
      kind: calls.isLoss ? 'loss' : 'layer',
      passed: checks.every(({ passed }) => passed),
      checks,
      tensors,
      shapes: calls.isLoss ? shapes : withoutTargets,
      outputShape: output.shape,
      draws,
    };
  } finally {
    // Backwards: each draw puts back what it found, the first what was there before all of them.
    for (const { calls } of results.reverse()) calls.release();
  }
}

/** The gradient of the i-th tensor over all draws. */
function tensorResult(results: readonly DrawResult[], i: number, tolerance: number): TensorResult {
  const all = results.map(({ gradients }) => gradients[i]);
  const worst = all.reduce((a, b) => (b.error > a.error ? b : a));
  const failing = all.filter(({ error }) => !(error <= tolerance));
  const { tensor, shape, found, derivative } = worst;
  const { gradient } = found;
  const size = tensorSize(shape);
  const places = worst.drawn ?? Uint32Array.from({ length: size }, (_, k) => k);
  const numeric = new Float64Array(size).fill(Number.NaN);
  for (const [j, k] of places.entries()) numeric[k] = derivative.values[j];
  const atKinks = all.reduce((sum, { derivative: { kinks } }) => sum + kinks.size, 0);
  return {
    name: gradientName(tensor),
    shape,
    analytic: gradient !== undefined && sameTensorShape(gradient.shape, shape) ? gradient.values : undefined,
    numeric,
    kinks: new Map([...derivative.kinks].map(([j, slopes]) => [places[j], slopes])),
    drawn: places.length,
    atKinks,
    check: {
      name: gradientName(tensor),
      ...CHECK,
      maxRelativeError: worst.error,
      tolerance,
      passed: failing.length === 0,
      unchecked: atKinks + all.length * (size - places.length),
      diagnosis: failing.length === 0 ? null : diagnosisOf(failing),
    },
  };
}

function diagnosisOf(failing: readonly DrawResult['gradients'][number][]): string | null {
  const { found, derivative, tensor, drawn } = failing[0];
  // A draw at which rounding hides the difference can say nothing of where it comes from.
  const clear = failing.filter(({ drowned }) => !drowned);
  if (clear.length === 0) {
    return `the differences drown in rounding: forward's output is so large beside its changes with ${tensor} that float64 cannot resolve them. Set another range, larger or closer to 0, or leave out of forward what is added to it and does not change.`;
  }
  const evidence = clear.flatMap((gradient) => gradient.evidence ?? []);
  const why = evidence.length === clear.length ? diagnoseGradient(...evidence) : null;
  if (found.problem !== null) return why === null ? found.problem : `${found.problem}: ${why}`;
  if (derivative.kinks.size === derivative.values.length) {
    return `every entry of ${tensor} lies at a kink of forward, where there is no derivative; choose another range`;
  }
  if (why === null && drawn !== undefined) {
    return `no constant factor makes ${gradientName(tensor)} right. Set smaller shapes: then more of the usual mistakes can be recognised.`;
  }
  return why;
}

/** What every check of a module has in common. */
const CHECK = { formulas: [], method: 'central-difference', expected: 'pass', unchecked: 0 } as const;

/** That gradients are overwritten, that inputs stay unchanged, that backward returns and every gradient is declared. */
function habits(results: readonly DrawResult[]): Check[] {
  const { calls } = results[0];
  const given = ['x', ...calls.parameters, calls.isLoss ? 'y' : 'delta'];
  const unchanged = given.map((what): Check => {
    const changes = results.flatMap(({ modified }) => modified.filter((change) => change.what === what));
    const by = [...new Set(changes.map((change) => change.by))];
    return {
      name: `${what} unchanged`,
      ...CHECK,
      maxRelativeError: Math.max(0, ...changes.map(({ before, after }) => relativeError(after, before))),
      tolerance: 0,
      passed: changes.length === 0,
      diagnosis:
        changes.length === 0 ? null : `${by.join(' and ')} modified ${what} in place: work on a copy.`,
    };
  });
  const overwritten = calls.checked.map((tensor): Check => {
    const error = Math.max(0, ...results.map(({ repeated }) => repeated.get(tensor) ?? 0));
    return {
      name: `${gradientName(tensor)} overwritten`,
      ...CHECK,
      maxRelativeError: error,
      tolerance: 0,
      passed: error === 0,
      diagnosis: error === 0 ? null : 'a second backward at the same point gave another gradient.',
    };
  });
  const thrown = results.find((result) => result.thrown !== undefined)?.thrown;
  if (thrown !== undefined) return [failure('backward', `backward failed with ${thrown}`), ...unchanged];
  const undeclared = [...new Set(results.flatMap((result) => result.undeclared))];
  return [
    ...overwritten,
    ...unchanged,
    ...undeclared.map((key) =>
      failure(
        `${key} declared`,
        `backward gave ${key}, but shapes has no ${key.replace(/^d(?=.)/, '')}, so it cannot be checked: name its shape there.`,
      ),
    ),
  ];
}

const failure = (name: string, diagnosis: string): Check => ({
  name,
  ...CHECK,
  maxRelativeError: Infinity,
  tolerance: 0,
  passed: false,
  diagnosis,
});
