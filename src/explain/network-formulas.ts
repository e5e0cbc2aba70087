/** All formulas of one network, each written with its own layers' numbers and shapes. */

import type { NetworkSpec } from '../network/network.ts';
import { activationFormulas, denseFormulas, type LayerFormulas } from './layer-formulas.ts';
import { type LossFormulas, lossFormulas } from './loss-formulas.ts';
import { networkLetters } from './network-letters.ts';
import { type CitationOptions, citing } from './note-formulas.ts';
import { line, words } from './pieces.ts';
import { type MakeFormula, type StepFormula, stepFormula } from './step-formula.ts';

/** Everything that one step of gradient descent on one sample computes. */
export interface NetworkFormulas extends LossFormulas {
  readonly input: StepFormula;
  /** In the order of the spec's layers. */
  readonly layers: readonly LayerFormulas[];
}

/** The formulas of a network's spec. */
export function networkFormulas(
  spec: NetworkSpec,
  options: CitationOptions = { hasL1: false },
): NetworkFormulas {
  const letters = networkLetters(spec);
  const cite = citing(spec, letters, options);
  const make: MakeFormula = (parts) => stepFormula(parts, cite(parts.role, parts.result));
  const { between, dense } = letters;
  let number = 0;
  const layers = spec.layers.map((layer, l) => {
    const [below, above] = [between[l], between[l + 1]];
    const own = dense[l];
    if (own !== undefined) {
      number = own.number;
      return denseFormulas(make, l, own, below, above);
    }
    // Only a dense layer has letters of its own.
    const { name } = layer as Extract<typeof layer, { type: 'activation' }>;
    return activationFormulas(make, l, name, number, below, above);
  });
  const input = between[0].value;
  return {
    input: make({
      role: 'input',
      layer: null,
      name: 'input',
      result: input,
      right: line`${words('the sample, scaled')}`,
      operands: [],
    }),
    layers,
    ...lossFormulas(make, spec.loss.name, letters),
  };
}
