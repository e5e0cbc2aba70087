/** Suspects in a whole network: the usual mistakes, made in the network that was recognised, and where they are. */

import { relativeError } from '../../gradients/derivative.ts';
import type { Evidence, Suspect, SuspectSearch } from '../evidence.ts';
import { chainsOf, pulledText, weightsText } from './chain.ts';
import { networkMistakes } from './mistakes.ts';
import { backwardPass, networkOf } from './model.ts';

/** The mistakes that spoil just those gradients that are wrong, then the others. */
export const network: SuspectSearch = function* (evidence) {
  const model = networkOf(evidence);
  if (model === undefined) return;
  const { tensor, numeric, tolerance, failing = [tensor] } = evidence;
  const { gradients: right } = backwardPass(model);
  const later: Suspect[] = [];
  for (const { text, steps } of networkMistakes(model)) {
    const { gradients } = backwardPass(model, steps);
    const wrong = gradients.get(tensor);
    if (wrong === undefined || !wrong.every(Number.isFinite)) continue;
    const suspect: Suspect = { text, right: numeric.values, wrong };
    const spoils = (name: string, values: Float64Array) =>
      relativeError(values, right.get(name) ?? values) > tolerance;
    const fits = [...gradients].every(
      ([name, values]) => name === 'x' || spoils(name, values) === failing.includes(name),
    );
    if (fits) yield suspect;
    else later.push(suspect);
  }
  yield* later;
};

/** Between which gradients of a network the mistake is: the last that are right and the first that are wrong. */
export function betweenLayers({ point, tensor, failing }: Evidence): string | null {
  if (point === undefined || failing === undefined) return null;
  const [chain] = chainsOf(point);
  if (chain === undefined || chain.layers.length < 2) return null;
  const { layers, letters } = chain;
  const own = layers.findIndex(({ w, b }) => w === tensor || b === tensor);
  const at = own === -1 ? 0 : own;
  const { w, b } = layers[at];
  const isWrong = (name: string | undefined) => name !== undefined && failing.includes(name);
  const delta = letters.delta(at);
  if (own !== -1 && b !== undefined && tensor === w && !isWrong(b)) {
    return `d${b} is right, and so is ${delta}: the mistake is in the product d${w} = ${weightsText(chain, at)}.`;
  }
  if (own !== -1 && tensor === b && !isWrong(w)) {
    return `d${w} is right, and so is ${delta}: the mistake is in the sum d${b} = Σₙ ${delta}.`;
  }
  const isLayerWrong = (l: number) => isWrong(layers[l].w) || isWrong(layers[l].b);
  const names = (l: number) =>
    [layers[l].w, layers[l].b].flatMap((name) => (name === undefined ? [] : [`d${name}`]));
  const last = layers.length - 1;
  let highest = last;
  while (highest >= 0 && !isLayerWrong(highest)) highest--;
  if (highest === last) {
    return `${listed(names(last))} of the last layer ${names(last).length > 1 ? 'are' : 'is'} wrong already: look at ${letters.delta(last)}, the first δ, before anything below it.`;
  }
  if (highest === -1) {
    return `the gradients of all layers are right, dx is wrong: the mistake is in dx = ${pulledText(chain, 0)}.`;
  }
  const above = `${listed(names(highest + 1))} ${names(highest + 1).length > 1 ? 'are' : 'is'} right`;
  const below = `${listed(names(highest))} ${names(highest).length > 1 ? 'are' : 'is'} wrong`;
  return `${above}, ${below}: the mistake is between them, in ${letters.delta(highest)} = (${pulledText(chain, highest + 1)}) ⊙ φ′(${letters.z(highest)}).`;
}

const listed = (names: readonly string[]): string => names.join(' and ');
