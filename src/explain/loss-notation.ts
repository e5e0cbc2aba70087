/** How each loss and its derivative by the outputs are written. */

import type { LossName } from '../network/losses.ts';
import type { Letter } from './letter.ts';
import {
  ABOVE,
  CLASS,
  entry,
  HALF,
  J,
  LOG,
  line,
  MAX,
  MINUS,
  named,
  ONE_WHERE,
  type Piece,
  SIGMA,
  SQUARED,
  SUM_J,
  UNEQUAL,
  words,
} from './pieces.ts';

/** The outputs, their probabilities and the targets. */
interface LossLetters {
  readonly o: Letter;
  readonly p: Letter;
  readonly y: Letter;
}

interface LossNotation {
  /** Only of losses that make probabilities of the outputs. */
  readonly probabilities?: (o: Letter) => readonly Piece[];
  readonly loss: (letters: LossLetters) => readonly Piece[];
  /** ∂L by the outputs. */
  readonly derivative: (letters: LossLetters) => readonly Piece[];
}

export const LOSS_NOTATION: Readonly<Record<LossName, LossNotation>> = {
  'softmax-cross-entropy': {
    probabilities: (o) => line`${named('softmax')}(${o})`,
    loss: ({ p, y }) => line`${MINUS}${SUM_J}${entry(y, J)} ${LOG}${entry(p, J)}`,
    derivative: ({ p, y }) => line`${p} ${MINUS} ${y}`,
  },
  'sigmoid-cross-entropy': {
    probabilities: (o) => line`${SIGMA}(${o})`,
    loss: ({ p, y }) => {
      const [yj, pj] = [entry(y, J), entry(p, J)];
      const log = { text: 'log', latex: LOG.latex };
      return line`${MINUS}${SUM_J}(${yj} ${LOG}${pj} + (1 ${MINUS} ${yj}) ${log}(1 ${MINUS} ${pj}))`;
    },
    derivative: ({ p, y }) => line`${p} ${MINUS} ${y}`,
  },
  'squared-error': {
    loss: ({ o, y }) => line`${HALF}${SUM_J}(${entry(o, J)} ${MINUS} ${entry(y, J)})${SQUARED}`,
    derivative: ({ o, y }) => line`${o} ${MINUS} ${y}`,
  },
  svm: {
    loss: ({ o }) =>
      line`${SUM_J}${MAX}(0, ${entry(o, J)} ${MINUS} ${entry(o, CLASS)} + 1)${words(' over ')}j${UNEQUAL}c${words(', the class')}`,
    derivative: ({ o }) =>
      line`${ONE_WHERE}[${o} ${MINUS} ${entry(o, CLASS)} + 1${ABOVE}0]${words(', at the class ')}c${words(' minus the sum of the others')}`,
  },
};
