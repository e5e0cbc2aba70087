/** `mlp check-derivation`: an equation typed by somebody, against the exact values of a note's network. */

import type { NoteNet } from '../../formulas/formula.ts';
import { ShapeError } from '../../formulas/language/errors.ts';
import { expressionText, leftText } from '../../formulas/language/format.ts';
import { literalSizes } from '../../formulas/language/literal-sizes.ts';
import { parseEquation } from '../../formulas/language/parser.ts';
import type { Equation } from '../../formulas/language/syntax.ts';
import type { Tensor } from '../../formulas/language/tensor.ts';
import { MAX_SEED } from '../../kernels/random.ts';
import type { ActivationName } from '../../network/activations.ts';
import { relativeError } from '../gradients/derivative.ts';
import { type Net, type NoteNetOptions, noteNet } from '../note-nets/note-nets.ts';
import { shapeLines, sidesOf } from './sides.ts';
import { diagnose } from './suspects.ts';

/** The largest relative error of an equation that passes. */
export const DERIVATION_TOLERANCE = 1e-12;

/**
 * On how many draws an equation must hold. One would do for most slips, but not where two ReLU patterns are confused
 * (1[X W1 > 0] without b1): on one draw in ten they are the same. Each draw has other sizes too, so that no number
 * stands for a dimension by chance.
 */
export const DRAWS = 8;

export interface DerivationOptions {
  /** The first of the seeds (default 1). */
  readonly seed?: number;
  /** φ of net D (default sigmoid). */
  readonly activation?: ActivationName;
  /** On how many draws of numbers the equation must hold, so that no coincidence passes (default `DRAWS`). */
  readonly draws?: number;
  /** Whether a draw with pre-activations and margins at exactly 0 is among them (default false). */
  readonly atKink?: boolean;
  /** Nets that other equations were checked on, so that the same one is not drawn again. */
  readonly pool?: NetPool;
  /** Whether to look for what would make a wrong equation right (default true). */
  readonly diagnose?: boolean;
}

/** Nets by what they were drawn from. */
export class NetPool {
  readonly #nets = new Map<string, Net>();

  net(name: NoteNet, options: NoteNetOptions): Net {
    const key = JSON.stringify([name, { ...options, keptSizes: [...(options.keptSizes ?? [])] }]);
    let net = this.#nets.get(key);
    if (net === undefined) {
      net = noteNet(name, options);
      this.#nets.set(key, net);
    }
    return net;
  }
}

/** What a check of an equation found. */
export interface DerivationCheck {
  readonly net: NoteNet;
  /** The equation as it was typed. */
  readonly text: string;
  /** The equation as it was understood. */
  readonly expression: string;
  /** Its left side: `dW2`. */
  readonly left: string;
  readonly passed: boolean;
  /** The worst over the draws of max |a − n| / max |n|; Infinity where the shapes do not fit. */
  readonly maxRelativeError: number;
  readonly tolerance: number;
  /** The right side on the first draw that it is wrong on, else on the first; null where the shapes do not fit. */
  readonly analytic: Tensor | null;
  /** The exact value of the left side on the same draw. */
  readonly numeric: Tensor;
  /** The sizes of the dimensions on that draw; null of the first, whose sizes `shapes` tells. */
  readonly otherSizes: string | null;
  /** The worst error of the project's own backward against the exact gradient; null where it has none. */
  readonly productionError: number | null;
  /** The shapes step by step, a line each; where they do not fit, up to the step that does not, and that one. */
  readonly shapes: readonly string[];
  /** Whether the shapes fit. */
  readonly shapesFit: boolean;
  /** The change that would make a wrong equation right, in a sentence; null where none is found or needed. */
  readonly hint: string | null;
  /** What is wrong, in words: the shapes where they do not fit, and the hint; null where there is nothing to say. */
  readonly diagnosis: string | null;
}

/**
 * Checks an equation of a note's network: a gradient against the complex step through the production forward, a value
 * against what the production forward computed.
 *
 * @throws EquationError if the equation cannot be read; RangeError on an unknown net or activation, or a seed out of range
 */
export function checkEquation(
  text: string,
  netName: NoteNet,
  options: DerivationOptions = {},
): DerivationCheck {
  const { seed = 1, draws = DRAWS, activation, diagnose: wantsDiagnosis = true, atKink = false } = options;
  const { pool = new NetPool() } = options;
  const first = pool.net(netName, { seed, ...(activation && { activation }) });
  const equation = parseEquation(text, first);
  const keptSizes = literalSizes(equation.right, first, first.dimensionLetters);
  const others = Array.from({ length: draws - 1 }, (_, k) =>
    pool.net(netName, {
      seed: (seed + k + 1) % (MAX_SEED + 1),
      sizes: k + 1,
      keptSizes,
      ...(activation && { activation }),
    }),
  );
  const kinks = atKink ? [pool.net(netName, { seed, atKink, ...(activation && { activation }) })] : [];
  return new Derivation(equation, [first, ...others, ...kinks], wantsDiagnosis).check();
}

class Derivation {
  readonly #equation: Equation;
  readonly #nets: readonly Net[];
  readonly #diagnose: boolean;

  constructor(equation: Equation, nets: readonly Net[], diagnoses: boolean) {
    this.#equation = equation;
    this.#nets = nets;
    this.#diagnose = diagnoses;
  }

  check(): DerivationCheck {
    const { text, left, right } = this.#equation;
    const [net] = this.#nets;
    const { shapes, problem } = this.#shapes();
    const sides = problem === null ? this.#nets.map((drawn) => sidesOf(this.#equation, right, drawn)) : null;
    const errors = sides?.map(({ analytic, exact }) => relativeError(analytic.values, exact.values));
    const maxRelativeError = errors === undefined ? Infinity : Math.max(...errors);
    const passed = maxRelativeError <= DERIVATION_TOLERANCE;
    const wrong = errors?.findIndex((error) => !(error <= DERIVATION_TOLERANCE)) ?? 0;
    const shown = Math.max(0, wrong);
    const hint =
      passed || !this.#diagnose ? null : diagnose(this.#equation, this.#nets, DERIVATION_TOLERANCE);
    return {
      net: net.name,
      text,
      expression: `${leftText(left)} = ${expressionText(right)}`,
      left: leftText(left),
      passed,
      maxRelativeError,
      tolerance: DERIVATION_TOLERANCE,
      analytic: sides?.[shown].analytic ?? null,
      numeric: sides?.[shown].exact ?? this.#nets[shown].leftValue(left),
      otherSizes: shown === 0 ? null : this.#nets[shown].sizesText,
      productionError: this.#productionError(),
      shapes,
      shapesFit: problem === null,
      hint,
      diagnosis: passed ? null : [problem, hint].filter((part) => part !== null).join('. ') || null,
    };
  }

  #shapes(): { shapes: readonly string[]; problem: string | null } {
    const { right } = this.#equation;
    try {
      return { shapes: shapeLines(this.#equation, right, this.#nets[0]), problem: null };
    } catch (error) {
      if (!(error instanceof ShapeError)) throw error;
      return { shapes: [...error.fine, error.problem], problem: error.message };
    }
  }

  #productionError(): number | null {
    const { left } = this.#equation;
    const errors = this.#nets.map((net) => {
      const production = net.production(left);
      return production === undefined ? null : relativeError(production.values, net.leftValue(left).values);
    });
    return errors.reduce((worst, error) =>
      worst === null || error === null ? null : Math.max(worst, error),
    );
  }
}
