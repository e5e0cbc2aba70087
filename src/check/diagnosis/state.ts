/** Suspects in what a program does between calls: adding up, remembering too long, writing to its inputs. */

import type { Point } from '../module/point.ts';
import { plus, type SuspectSearch } from './evidence.ts';
import { couldBe } from './probe.ts';

/** backward or forward writes to what it was given, and backward reads that. */
export const inPlace: SuspectSearch = function* ({ modified = [], untouched }) {
  if (modified.length === 0 || untouched === undefined) return;
  const right = untouched();
  if (right === undefined) return;
  yield {
    text: `modified in place: ${modified.join(', ')}. With untouched arrays it is right: work on a copy.`,
    right,
  };
};

/** Each backward adds to what the one before has left. */
export const accumulation: SuspectSearch = function* ({ tensor, analytic, second }) {
  if (second === undefined || second.every((value, k) => value === analytic[k])) return;
  yield {
    text: `accumulated: each backward adds to the d${tensor} of the one before. Overwrite it (dW = …, not dW += …), or have a zeroGrad().`,
    right: plus(second, -1, analytic),
  };
};

/** The gradient belongs to an earlier call, or mixes one with this. */
export const staleness: SuspectSearch = function* (evidence) {
  const { tensor, point, earlier = [], derivative, numeric } = evidence;
  if (point === undefined || derivative === undefined) return;
  for (const before of [...earlier].reverse()) {
    for (const { what, mixed } of mixtures(point, before)) {
      if (!couldBe(evidence, mixed)) continue;
      yield {
        text: `computed from ${what} of an earlier call. forward must remember its inputs anew each time.`,
        right: numeric.values,
        wrong: derivative(tensor, mixed),
      };
    }
  }
};

/** This point with one or all of x, δ or y, and the parameters from an earlier one. */
function mixtures(point: Point, before: Point): { what: string; mixed: Point }[] {
  const { x, y, ...parameters } = before.tensors;
  const mix = (tensors: Point['tensors'], delta = point.delta): Point => ({
    tensors: { ...point.tensors, ...tensors },
    delta,
  });
  const some = [{ what: 'the x', mixed: mix({ x }) }];
  if (Object.keys(parameters).length > 0) some.push({ what: 'the parameters', mixed: mix(parameters) });
  if (point.delta === undefined) {
    return [
      ...some,
      { what: 'the targets', mixed: mix({ y }) },
      { what: 'the x and the targets', mixed: mix({ x, y }) },
      { what: 'everything', mixed: before },
    ];
  }
  // The call that only found out what forward returns had no δ.
  if (before.delta === undefined) return some;
  return [
    ...some,
    { what: 'the δ', mixed: mix({}, before.delta) },
    { what: 'the x and the δ', mixed: mix({ x }, before.delta) },
    { what: 'everything', mixed: before },
  ];
}
