/** How each activation and its derivative are written. */

import type { ActivationName } from '../network/activations.ts';
import type { Letter } from './letter.ts';
import {
  ABOVE,
  AT_MOST,
  GAP,
  line,
  MIN,
  MINUS,
  named,
  ONE_WHERE,
  type Piece,
  PRIME,
  SIGMA,
  TANH,
  TIMES,
} from './pieces.ts';

interface ActivationNotation {
  /** φ(z). */
  readonly forward: (z: Letter) => readonly Piece[];
  /** φ′(z), as the layer computes it. */
  readonly derivative: (z: Letter, x: Letter) => readonly Piece[];
}

const applied = (phi: Piece) => (z: Letter) => line`${phi}(${z})`;
/** `φ′(z)`, then what it is. */
const prime = (phi: Piece, is: (z: Letter, x: Letter) => readonly Piece[]) => (z: Letter, x: Letter) =>
  line`${phi}${PRIME}(${z})${GAP}${phi}${PRIME}(${z}) = ${is(z, x)}`;

const [RELU, LEAKY_RELU, ELU] = [named('ReLU'), named('leaky ReLU'), named('ELU')];
const [GELU, SOFTPLUS, SILU] = [named('GELU'), named('softplus'), named('SiLU')];

export const ACTIVATION_NOTATION: Readonly<Record<ActivationName, ActivationNotation>> = {
  relu: { forward: applied(RELU), derivative: (z) => line`${ONE_WHERE}[${z}${ABOVE}0]` },
  sigmoid: {
    forward: applied(SIGMA),
    derivative: prime(SIGMA, (_, x) => line`${x}${TIMES}(1 ${MINUS} ${x})`),
  },
  tanh: {
    forward: applied(TANH),
    derivative: prime(TANH, (_, x) => line`1 ${MINUS} ${x}${TIMES}${x}`),
  },
  identity: { forward: (z) => line`${z}`, derivative: () => line`1` },
  'leaky-relu': {
    forward: applied(LEAKY_RELU),
    derivative: (z) => line`(${ONE_WHERE}[${z}${ABOVE}0] + 0.01 ${ONE_WHERE}[${z}${AT_MOST}0])`,
  },
  elu: { forward: applied(ELU), derivative: prime(ELU, (_, x) => line`${MIN}(${x}, 0) + 1`) },
  gelu: {
    forward: applied(GELU),
    derivative: prime(
      GELU,
      (z) => line`${SIGMA}(t) + ${z}${TIMES}${SIGMA}(t)${TIMES}${SIGMA}(${MINUS}t)${TIMES}t${PRIME}`,
    ),
  },
  softplus: { forward: applied(SOFTPLUS), derivative: applied(SIGMA) },
  silu: {
    forward: applied(SILU),
    derivative: prime(
      SILU,
      (z) => line`${SIGMA}(${z}) + ${z}${TIMES}${SIGMA}(${z})${TIMES}${SIGMA}(${MINUS}${z})`,
    ),
  },
};
