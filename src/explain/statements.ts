/** The formulas of one network, each written with its own layers' numbers and shapes. */

import type { FormulaId } from '../formulas/registry.ts';
import type { NetworkSpec } from '../network/network.ts';
import { LOSS, type Operand, PHI, tensorsBetween } from './notation.ts';
import { noteFormulas, type Role } from './note-formulas.ts';

/** One line of mathematics, for one sample as a row: `z1 = x0 W1 + b1`. */
export interface Statement {
  /** The note's own formula, then others that state the same. */
  readonly formulas: readonly [FormulaId, ...FormulaId[]];
  /** What it computes, in words. */
  readonly name: string;
  /** What stands on its left. */
  readonly symbol: string;
  readonly text: string;
  /** Of the result: [1, n] of a row, [inputs, outputs] of weights, [outputs] of a bias, empty of a scalar. */
  readonly shape: readonly number[];
  /** What stands on its right. */
  readonly operands: readonly Operand[];
}

/** What a layer computes, forward and backward. */
export interface LayerStatements {
  readonly forward: Statement;
  /** ∂L/∂W and ∂L/∂b of a dense layer, by the parameter's name. */
  readonly parameters: ReadonlyMap<string, Statement>;
  /** ∂L/∂input; the first layer's is not computed. */
  readonly inputGradient: Statement;
}

/** Everything that one step of gradient descent on one sample computes. */
export interface NetworkStatements {
  readonly input: Statement;
  readonly layers: readonly LayerStatements[];
  /** Only of losses that make probabilities of the scores. */
  readonly probabilities: Statement | undefined;
  readonly loss: Statement;
  readonly penalty: Statement;
  /** The term λ₁ Σ |w|, and λ₁ sign(W) added to a gradient, by the name of the weights. */
  readonly l1Penalty: Statement;
  readonly l1Decay: ReadonlyMap<string, Statement>;
  readonly delta: Statement;
  /** λW added to a gradient, by the name of the weights. */
  readonly decay: ReadonlyMap<string, Statement>;
  /** The step of each parameter, by its name. */
  readonly update: ReadonlyMap<string, Statement>;
  readonly lossAfter: Statement;
}

/** The strength of L1, where λ is that of L2. */
export const L1_STRENGTH = 'λ₁';

/** All statements of a network's spec. */
export function statements(spec: NetworkSpec): NetworkStatements {
  const loss = LOSS[spec.loss.name];
  const last = spec.layers.length - 1;
  const ids = (role: Role, layer: number) => noteFormulas(spec, role, layer);
  const tensors = tensorsBetween(spec);
  const input = tensors[0].value;
  const { value: output, gradient: outputGradient } = tensors[last + 1];
  const y: Operand = { symbol: 'y', shape: output.shape };
  const p: Operand = { symbol: 'p', shape: output.shape };
  const compared = loss.probabilities === undefined ? output : p;

  const layers: LayerStatements[] = [];
  const decay = new Map<string, Statement>();
  const l1Decay = new Map<string, Statement>();
  const update = new Map<string, Statement>();
  const weights: Operand[] = [];
  spec.layers.forEach((layer, l) => {
    const { value: x, gradient: dx } = tensors[l];
    const { value: z, gradient: delta } = tensors[l + 1];
    if (layer.type === 'activation') {
      const phi = PHI[layer.name];
      layers.push({
        forward: {
          formulas: ids('activation', l),
          name: `activation of layer ${weights.length}`,
          symbol: z.symbol,
          text: `${z.symbol} = ${phi.forward(x.symbol)}`,
          shape: z.shape,
          operands: [x],
        },
        parameters: new Map(),
        inputGradient: {
          formulas: ids('activationGradient', l),
          name: `back through the activation of layer ${weights.length}`,
          symbol: dx.symbol,
          text: `${dx.symbol} = ${delta.symbol} ⊙ ${phi.derivative(x.symbol, z.symbol)}`,
          shape: x.shape,
          operands: [delta, ...{ z: [x], x: [z], neither: [] }[phi.from]],
        },
      });
      return;
    }
    const number = weights.length + 1;
    const w: Operand = { symbol: `W${number}`, shape: [layer.inputs, layer.outputs] };
    weights.push(w);
    const b: Operand = { symbol: `b${number}`, shape: [layer.outputs] };
    const [dw, db] = [w, b].map(({ symbol, shape }): Operand => ({ symbol: `∂L/∂${symbol}`, shape }));
    layers.push({
      forward: {
        formulas: ids('affine', l),
        name: l === last && loss.scores ? 'scores' : `affine part of layer ${number}`,
        symbol: z.symbol,
        text: `${z.symbol} = ${x.symbol} ${w.symbol} + ${b.symbol}`,
        shape: z.shape,
        operands: [x, w, b],
      },
      parameters: new Map([
        [
          w.symbol,
          {
            formulas: ids('weightGradient', l),
            name: `gradient of the weights of layer ${number}`,
            symbol: dw.symbol,
            text: `${dw.symbol} = ${x.symbol}ᵀ · ${delta.symbol}`,
            shape: w.shape,
            operands: [x, delta],
          },
        ],
        [
          b.symbol,
          {
            formulas: ids('biasGradient', l),
            name: `gradient of the biases of layer ${number}`,
            symbol: db.symbol,
            text: `${db.symbol} = ${delta.symbol}`,
            shape: b.shape,
            operands: [delta],
          },
        ],
      ]),
      inputGradient: {
        formulas: ids('inputGradient', l),
        name: `back through the weights of layer ${number}`,
        symbol: dx.symbol,
        text: `${dx.symbol} = ${delta.symbol} · ${w.symbol}ᵀ`,
        shape: x.shape,
        operands: [delta, w],
      },
    });
    decay.set(w.symbol, {
      formulas: ids('decay', l),
      name: `weight decay of layer ${number}`,
      symbol: dw.symbol,
      text: `${dw.symbol} ← ${dw.symbol} + λ ${w.symbol}`,
      shape: w.shape,
      operands: [dw, { symbol: 'λ', shape: [] }, w],
    });
    l1Decay.set(w.symbol, {
      formulas: ids('l1Decay', l),
      name: `L1 on the weights of layer ${number}`,
      symbol: dw.symbol,
      text: `${dw.symbol} ← ${dw.symbol} + ${L1_STRENGTH} sign(${w.symbol})`,
      shape: w.shape,
      operands: [dw, { symbol: L1_STRENGTH, shape: [] }, w],
    });
    for (const [role, value, gradient] of [
      ['weightStep', w, dw],
      ['biasStep', b, db],
    ] as const) {
      update.set(value.symbol, {
        formulas: ids(role, l),
        name: `step of the ${role === 'weightStep' ? 'weights' : 'biases'} of layer ${number}`,
        symbol: value.symbol,
        text: `${value.symbol} ← ${value.symbol} − α ${gradient.symbol}`,
        shape: value.shape,
        operands: [value, { symbol: 'α', shape: [] }, gradient],
      });
    }
  });

  return {
    input: {
      formulas: ids('affine', 0),
      name: 'input',
      symbol: input.symbol,
      text: `${input.symbol} = the sample, scaled`,
      shape: input.shape,
      operands: [],
    },
    layers,
    probabilities: loss.probabilities && {
      formulas: ids('probabilities', last),
      name: 'probabilities',
      symbol: p.symbol,
      text: `${p.symbol} = ${loss.probabilities(output.symbol)}`,
      shape: p.shape,
      operands: [output],
    },
    loss: {
      formulas: ids('loss', last),
      name: 'loss',
      symbol: 'L',
      text: `L = ${loss.loss(output.symbol)}`,
      shape: [],
      operands: [compared, y],
    },
    penalty: {
      formulas: ids('penalty', last),
      name: 'L2 term, which the step makes smaller too',
      symbol: 'L2',
      text: 'L2 = (λ/2) Σ w² over all weights',
      shape: [],
      operands: [{ symbol: 'λ', shape: [] }, ...weights],
    },
    l1Penalty: {
      formulas: ids('l1Penalty', last),
      name: 'L1 term, which the step makes smaller too',
      symbol: 'L1',
      text: `L1 = ${L1_STRENGTH} Σ ∣w∣ over all weights`,
      shape: [],
      operands: [{ symbol: L1_STRENGTH, shape: [] }, ...weights],
    },
    delta: {
      formulas: ids('delta', last),
      name: 'gradient of the loss',
      symbol: outputGradient.symbol,
      text: `${outputGradient.symbol} = ${loss.derivative(output.symbol)}`,
      shape: output.shape,
      operands: [compared, y],
    },
    decay,
    l1Decay,
    update,
    lossAfter: {
      formulas: ids('loss', last),
      name: 'loss after the step',
      symbol: 'L′',
      text: `L′ = L at ${input.symbol} and y, with the new weights and biases`,
      shape: [],
      operands: [input, y],
    },
  };
}
