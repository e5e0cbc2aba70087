/** What happens at the network's end: probabilities, the loss, the terms beside it, and the first gradient. */

import type { LossName } from '../network/losses.ts';
import { L1_TERM, L2_TERM, LAMBDA, LAMBDA_1, type Letter, LOSS, LOSS_AFTER } from './letter.ts';
import { LOSS_NOTATION } from './loss-notation.ts';
import type { NetworkLetters } from './network-letters.ts';
import { BAR, line, SQUARED, SUM, words } from './pieces.ts';
import type { MakeFormula, StepFormula } from './step-formula.ts';

/** The formulas of a network's loss. */
export interface LossFormulas {
  /** Only of losses that make probabilities of the scores. */
  readonly probabilities: StepFormula | undefined;
  readonly loss: StepFormula;
  /** (λ/2) Σ w², and λ₁ Σ |w|. */
  readonly penalty: StepFormula;
  readonly l1Penalty: StepFormula;
  readonly delta: StepFormula;
  readonly lossAfter: StepFormula;
}

/** The formulas of a loss on a network's letters. */
export function lossFormulas(
  make: MakeFormula,
  lossName: LossName,
  { between, dense, y, p }: NetworkLetters,
): LossFormulas {
  const notation = LOSS_NOTATION[lossName];
  const { value: o, gradient } = between[between.length - 1];
  const [{ value: input }] = between;
  const compared = notation.probabilities === undefined ? o : p;
  const weights = dense.flatMap((letters): Letter[] => (letters === undefined ? [] : [letters.w]));
  return {
    probabilities:
      notation.probabilities &&
      make({
        role: 'probabilities',
        layer: null,
        name: 'probabilities',
        result: p,
        right: notation.probabilities(o),
        operands: [o],
      }),
    loss: make({
      role: 'loss',
      layer: null,
      name: 'loss',
      result: LOSS,
      right: notation.loss({ o, p, y }),
      operands: [compared, y],
    }),
    penalty: make({
      role: 'penalty',
      layer: null,
      name: 'L2 term, which the step makes smaller too',
      result: L2_TERM,
      right: line`(${LAMBDA}/2) ${SUM}w${SQUARED}${words(' over all weights')}`,
      operands: [LAMBDA, ...weights],
    }),
    l1Penalty: make({
      role: 'l1Penalty',
      layer: null,
      name: 'L1 term, which the step makes smaller too',
      result: L1_TERM,
      right: line`${LAMBDA_1} ${SUM}${BAR}w${BAR}${words(' over all weights')}`,
      operands: [LAMBDA_1, ...weights],
    }),
    delta: make({
      role: 'delta',
      layer: null,
      name: 'gradient of the loss',
      result: gradient,
      right: notation.derivative({ o, p, y }),
      operands: [compared, y],
    }),
    lossAfter: make({
      role: 'lossAfter',
      layer: null,
      name: 'loss after the step',
      result: LOSS_AFTER,
      right: line`${LOSS}${words(' at ')}${input}${words(' and ')}${y}${words(', with the new weights and biases')}`,
      operands: [input, y],
    }),
  };
}
