/** The lines of an optimizer's or a schedule's formula, evaluated as they are written, beside the code. */

import type { Formula } from '../../formulas/formula.ts';
import { EquationError } from '../../formulas/language/errors.ts';
import { evaluate } from '../../formulas/language/evaluate.ts';
import { parseExpression } from '../../formulas/language/parser.ts';
import type { Reference, Scope, Vocabulary } from '../../formulas/language/scope.ts';
import type { Shape } from '../../formulas/language/shape.ts';
import { checkShapes } from '../../formulas/language/shapes.ts';
import { scalar, type Tensor } from '../../formulas/language/tensor.ts';
import { Random } from '../../kernels/random.ts';
import { ReferenceKernels } from '../../kernels/reference.ts';
import { makeOptimizer, type OptimizerOptions } from '../../train/optimizers/optimizers.ts';
import { makeSchedule, type ScheduleOptions } from '../../train/optimizers/schedules.ts';
import { relativeError } from '../gradients/derivative.ts';

/** Letters and their values, which the lines of a formula change. */
class Letters implements Vocabulary, Scope {
  readonly name = 'X';
  readonly samples = 'rows';
  readonly sampleLetter = null;
  readonly activation = null;
  readonly sigma = 'sigmoid';
  readonly #values: Map<string, Tensor>;

  constructor(values: Readonly<Record<string, Tensor>>) {
    this.#values = new Map(Object.entries(values));
  }

  get names(): readonly string[] {
    return [...this.#values.keys()];
  }

  get(name: string): Tensor {
    return this.#values.get(name) ?? scalar(Number.NaN);
  }

  set(name: string, value: Tensor): void {
    this.#values.set(name, value);
  }

  symbol(name: string): string | undefined {
    return this.#values.has(name) ? name : undefined;
  }

  gradient(): undefined {}

  isLoss(): boolean {
    return false;
  }

  whyNoGradient(): string {
    return 'expected no derivative in an update';
  }

  whyNoJacobian(): string {
    return this.whyNoGradient();
  }

  whyNotComputed(): undefined {}

  dimension(): undefined {}

  indexCount(): number {
    return 0;
  }

  isOfSamples(): boolean {
    return false;
  }

  lettersOfShape(): undefined {}

  limit(): undefined {}

  classOf(): number {
    return 0;
  }

  shape(reference: Reference): Shape {
    const { rows, cols } = this.value(reference);
    return { rows: { size: rows, letter: null }, cols: { size: cols, letter: null } };
  }

  value(reference: Reference): Tensor {
    return this.get(reference.kind === 'symbol' ? reference.name : reference.by);
  }
}

/** Carries out the lines in their order: `w \leftarrow …`, `f = …`, with a condition or a letter's meaning after a comma. */
function carryOut(lines: readonly string[], letters: Letters): void {
  const conditional = new Set<string>();
  for (const line of lines) {
    const [main, aside] = line.split(/,\s*\\quad\s*/);
    if (aside !== undefined && /[^<>]=|^\w+\s*=/.test(aside)) assign(aside, letters);
    else if (aside !== undefined && worth(aside, letters).values[0] !== 1) continue;
    const name = assign(main, letters);
    if (aside === undefined) continue;
    // Two lines that hold at once leave open what the letter is.
    if (conditional.has(name)) letters.set(name, scalar(Number.NaN));
    conditional.add(name);
  }
}

/** Gives the letter its value, and says which it is. */
function assign(line: string, letters: Letters): string {
  const [, name, right] = /^\s*(\w+)\s*(?:\\leftarrow|=)([\s\S]*)$/.exec(line) ?? [];
  if (right === undefined) throw new EquationError(`expected an update, got ${line}`, { start: 0, end: 1 });
  letters.set(name, worth(right, letters));
  return name;
}

function worth(text: string, letters: Letters): Tensor {
  const expression = parseExpression(text, letters);
  checkShapes(expression, letters);
  return evaluate(expression, letters);
}

const OPTIMIZERS: Readonly<Record<string, OptimizerOptions>> = {
  X1: { name: 'sgd' },
  X2: { name: 'momentum', momentum: 0.8 },
  X3: { name: 'nesterov', momentum: 0.8 },
  X4: { name: 'rmsprop', rho: 0.85, epsilon: 1e-3 },
  X5: { name: 'adam', beta1: 0.85, beta2: 0.98, epsilon: 1e-3 },
  X6: { name: 'adamw', beta1: 0.85, beta2: 0.98, epsilon: 1e-3, weightDecay: 0.3 },
};

/** The letters of the options that are not called by them. */
const LETTER: Readonly<Record<string, string>> = { momentum: 'mu', weightDecay: 'lambda' };

const GAMMA = 0.6;
const SCHEDULES: Readonly<Record<string, ScheduleOptions>> = {
  X7: { name: 'step', decay: GAMMA },
  X8: { name: 'exponential', decay: GAMMA },
  X9: { name: 'cosine' },
  X10: { name: 'one-cycle' },
  X11: { name: 'cosine', warmUp: 2 },
};

/** Whether the lines of a formula of this id are evaluated here. */
export const isWrittenUpdate = (id: string): boolean =>
  Object.hasOwn(OPTIMIZERS, id) || Object.hasOwn(SCHEDULES, id);

/**
 * How far the code is from what the lines say, relative to the largest value.
 *
 * @throws EquationError or ShapeError on a line that cannot be evaluated
 */
export function writtenError({ id, latex }: Pick<Formula, 'id' | 'latex'>, seed: number): number {
  return Object.hasOwn(OPTIMIZERS, id)
    ? optimizerError(latex, OPTIMIZERS[id], seed)
    : scheduleError(latex, SCHEDULES[id]);
}

function optimizerError(lines: readonly string[], options: OptimizerOptions, seed: number): number {
  const kernels = new ReferenceKernels('float64');
  const random = new Random(seed, `check written ${options.name}`);
  const [rows, cols] = [2, 3];
  const parameter = {
    name: 'W1',
    value: kernels.weights(rows, cols),
    gradient: kernels.weights(rows, cols),
    isWeight: true,
  };
  const tensor = (values: ArrayLike<number>): Tensor => ({ rows, cols, values: Float64Array.from(values) });
  const draw = () => Float64Array.from({ length: rows * cols }, () => random.uniform(-1, 1));
  kernels.write(parameter.value, draw());
  const zero = tensor(new Float64Array(rows * cols));
  const letters = new Letters({
    w: tensor(kernels.read(parameter.value)),
    g: zero,
    v: zero,
    s: zero,
    m: zero,
    eta: scalar(0),
    t: scalar(0),
    ...Object.fromEntries(
      Object.entries(options).flatMap(([option, value]) =>
        typeof value === 'number' ? [[LETTER[option] ?? option, scalar(value)]] : [],
      ),
    ),
  });
  const optimizer = makeOptimizer(kernels, [parameter], options);
  for (let t = 1; t <= 4; t++) {
    const g = draw();
    const eta = random.uniform(0.05, 0.3);
    kernels.write(parameter.gradient, g);
    optimizer.step(eta);
    letters.set('g', tensor(g));
    letters.set('eta', scalar(eta));
    letters.set('t', scalar(t));
    carryOut(lines, letters);
  }
  return relativeError(letters.get('w').values, kernels.read(parameter.value));
}

function scheduleError(lines: readonly string[], options: ScheduleOptions): number {
  const [stepsPerEpoch, epochs] = [8, 5];
  const steps = stepsPerEpoch * epochs;
  const schedule = makeSchedule(options);
  const warm = 2 * stepsPerEpoch;
  const isWarmUp = options.warmUp !== undefined;
  const [written, exact]: [number[], number[]] = [[], []];
  for (let step = 0; step < steps; step++) {
    const letters = new Letters({
      t: scalar(step),
      T: scalar(steps),
      E: scalar(stepsPerEpoch),
      U: scalar(warm),
      gamma: scalar(GAMMA),
    });
    carryOut(lines, letters);
    // A warm-up says nothing of the steps after it.
    if (letters.symbol('f') === undefined) continue;
    written.push(letters.get('f').values[0]);
    exact.push(schedule(step, stepsPerEpoch, epochs));
  }
  return written.length === (isWarmUp ? warm : steps) ? relativeError(written, exact) : Infinity;
}
