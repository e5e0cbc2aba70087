/** Finds out what is wrong with a gradient: tries the usual suspects and names the one that would make it right. */

import type { Derivative } from '../gradients/derivative.ts';
import { TOLERANCE } from '../gradients/gradient-check.ts';
import { ModuleError } from '../module/errors.ts';
import {
  beyondKink,
  diagonal,
  singleSample,
  swapped,
  unread,
  unsummed,
  untold,
  withoutDelta,
} from './batch.ts';
import { decay } from './decay.ts';
import { type Evidence, explains, type SuspectSearch } from './evidence.ts';
import { anyFactor, namedFactor, transposition, withFactor } from './factors.ts';
import { layer } from './layer.ts';
import { location } from './location.ts';
import { loss } from './loss.ts';
import { betweenLayers, network } from './network/suspects.ts';
import { accumulation, inPlace, staleness } from './state.ts';

/** What is known of a wrong gradient: the two gradients at least, and the more else, the more can be found out. */
export interface DiagnosisContext extends Omit<Evidence, 'numeric' | 'tolerance'> {
  /** n, where no entry lies at a kink its values alone. */
  readonly numeric: Derivative | Float64Array;
  /** The largest relative error that passes (default 1e-6). */
  readonly tolerance?: number;
}

/** One mistake first, two at once after all of them, and a factor without a name last. */
const SEARCHES: readonly SuspectSearch[] = [
  unread,
  untold,
  beyondKink,
  inPlace,
  accumulation,
  transposition,
  unsummed,
  layer,
  loss,
  network,
  withoutDelta,
  namedFactor,
  singleSample,
  diagonal,
  staleness,
  swapped,
  decay,
  withFactor(transposition),
  withFactor(unsummed),
  withFactor(layer),
  withFactor(loss),
  withFactor(network),
  withFactor(withoutDelta),
  withFactor(singleSample),
  withFactor(accumulation),
  anyFactor,
];

/** What can be diagnosed from some entries without their positions. */
const SAMPLE_SEARCHES: readonly SuspectSearch[] = [untold, namedFactor, anyFactor];

/**
 * Says what is wrong with a gradient and how to mend it. A suspect is named only if with it the gradient passes the
 * tolerance, in every draw; where none is, the rows or entries that are wrong, if others are right.
 *
 * @param draws the gradient of one tensor at one point or several; those of them at which it is wrong
 * @returns null if nothing explains them all
 */
export function diagnoseGradient(...draws: readonly DiagnosisContext[]): string | null {
  if (draws.length === 0) return null;
  const all = draws.map(evidenceOf);
  const [first, ...others] = all;
  for (const search of first.sampled === true ? SAMPLE_SEARCHES : SEARCHES) {
    for (const text of explanations(search, first)) {
      if (others.every((evidence) => explanations(search, evidence).includes(text))) return text;
    }
  }
  if (first.sampled === true) return null;
  const places = new Set(all.map((evidence) => location(evidence) ?? betweenLayers(evidence)));
  return places.size === 1 ? [...places][0] : null;
}

/** @param context whose tensor may also be named by its gradient, `dW1` for `W1` */
function evidenceOf(context: DiagnosisContext): Evidence {
  const { tensor, numeric, tolerance = TOLERANCE['central-difference'] } = context;
  return {
    ...context,
    tensor: tensor.replace(/^d(?=[A-Z]|[xb]\d*$)/, ''),
    numeric: numeric instanceof Float64Array ? { values: numeric, kinks: new Map() } : numeric,
    tolerance,
  };
}

/** What a search finds that holds. */
function explanations(search: SuspectSearch, evidence: Evidence): string[] {
  const texts: string[] = [];
  try {
    for (const suspect of search(evidence)) {
      if (explains(suspect, evidence)) texts.push(suspect.text);
    }
  } catch (error) {
    // At a point of the search's choosing the user's forward may have no value; then it is no suspect.
    if (!(error instanceof ModuleError)) throw error;
  }
  return texts;
}
