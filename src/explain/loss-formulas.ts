/** What happens at the network's end: probabilities, the loss, the terms beside it, and the first gradient. */

import type { NetworkSpec } from '../network/network.ts';
import { L1_TERM, L2_TERM, LAMBDA, LAMBDA_1, type Letter, LOSS, LOSS_AFTER } from './letter.ts';
import { LOSS_NOTATION } from './loss-notation.ts';
import type { NetworkLetters } from './network-letters.ts';
import { type CitedRole, noteFormulas } from './note-formulas.ts';
import { BAR, line, SQUARED, SUM, words } from './pieces.ts';
import { type Role, type StepFormula, stepFormula } from './step-formula.ts';

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

/** The formulas of the spec's loss. */
export function lossFormulas(spec: NetworkSpec, { between, dense, y, p }: NetworkLetters): LossFormulas {
  const notation = LOSS_NOTATION[spec.loss.name];
  const { value: o, gradient } = between[between.length - 1];
  const [{ value: input }] = between;
  const compared = notation.probabilities === undefined ? o : p;
  const weights = dense.flatMap((letters): Letter[] => (letters === undefined ? [] : [letters.w]));
  const ids = (role: Role, as: CitedRole) => ({
    role,
    layer: null,
    formulas: noteFormulas(spec, as, spec.layers.length - 1),
  });
  return {
    probabilities:
      notation.probabilities &&
      stepFormula({
        ...ids('probabilities', 'probabilities'),
        name: 'probabilities',
        result: p,
        right: notation.probabilities(o),
        operands: [o],
      }),
    loss: stepFormula({
      ...ids('loss', 'loss'),
      name: 'loss',
      result: LOSS,
      right: notation.loss({ o, p, y }),
      operands: [compared, y],
    }),
    penalty: stepFormula({
      ...ids('penalty', 'penalty'),
      name: 'L2 term, which the step makes smaller too',
      result: L2_TERM,
      right: line`(${LAMBDA}/2) ${SUM}w${SQUARED}${words(' over all weights')}`,
      operands: [LAMBDA, ...weights],
    }),
    l1Penalty: stepFormula({
      ...ids('l1Penalty', 'l1Penalty'),
      name: 'L1 term, which the step makes smaller too',
      result: L1_TERM,
      right: line`${LAMBDA_1} ${SUM}${BAR}w${BAR}${words(' over all weights')}`,
      operands: [LAMBDA_1, ...weights],
    }),
    delta: stepFormula({
      ...ids('delta', 'delta'),
      name: 'gradient of the loss',
      result: gradient,
      right: notation.derivative({ o, p, y }),
      operands: [compared, y],
    }),
    lossAfter: stepFormula({
      ...ids('lossAfter', 'loss'),
      name: 'loss after the step',
      result: LOSS_AFTER,
      right: line`${LOSS}${words(' at ')}${input}${words(' and ')}${y}${words(', with the new weights and biases')}`,
      operands: [input, y],
    }),
  };
}
