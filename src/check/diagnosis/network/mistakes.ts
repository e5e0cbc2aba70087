/** The usual wrong ways back through a network, each as the steps in which it differs from the right way. */

import { decayShares, decayText } from '../decay.ts';
import { multiplyValues, sumColumns, times, transposeValues } from '../evidence.ts';
import { misremembered } from '../slopes.ts';
import { pulledText, weightsText } from './chain.ts';
import { type NetworkModel, type Steps, timesTransposed } from './model.ts';

/** A mistake, in words and as wrong steps. */
export interface NetworkMistake {
  readonly text: string;
  readonly steps: Partial<Steps>;
}

/** Every mistake that can be made in this network. */
export function* networkMistakes(model: NetworkModel): Generator<NetworkMistake> {
  yield* headMistakes(model);
  const hidden = [...model.layers.keys()].slice(0, -1);
  // In every hidden layer, then in one of them.
  const places = hidden.length < 2 ? hidden.map((l) => [l]) : [hidden, ...hidden.map((l) => [l])];
  for (const { text, slope, pull } of places.length === 0 ? [] : hiddenMistakes(model)) {
    for (const where of places) {
      yield { text: text(where[0]), steps: changedAt(model, where, slope, pull) };
    }
  }
  yield* weightMistakes(model);
  yield* decayMistakes(model);
}

function* headMistakes(model: NetworkModel): Generator<NetworkMistake> {
  const { head, headInput, scale, delta, chain, hasLoss } = model;
  const top = chain.letters.delta(chain.layers.length - 1);
  for (const { text, delta: wrong } of head.mistakes(headInput)) {
    yield { text: `in ${top}, ${text}`, steps: { top: () => wrong.map((d) => scale * d) } };
  }
  if (!hasLoss) return;
  const n = chain.rows;
  const isMean = Math.abs(scale * n - 1) < 1e-9;
  const once = isMean
    ? 'the 1/N of the mean belongs there once (C3)'
    : 'the loss is a sum over the samples, not their mean';
  for (const [factor, text] of [
    [n, `1/N is missing: the loss is a mean over the N = ${n} samples (C3)`],
    [1 / n, `it is divided by N = ${n} once too often: ${once}`],
    [-1, 'the sign is wrong'],
    [2, 'it is twice too large'],
    [1 / 2, 'it is half of what it should be'],
  ] as const) {
    if (factor === 1 || (factor === n && !isMean)) continue;
    yield { text: `in ${top}, ${text}.`, steps: { top: () => delta.map((d) => factor * d) } };
  }
}

type SlopeStep = (l: number, da: Float64Array, above: Float64Array) => Float64Array | undefined;
type PullStep = (l: number, above: Float64Array) => Float64Array | undefined;

interface HiddenMistake {
  /** @param l the first hidden layer that has it */
  text(l: number): string;
  readonly slope?: SlopeStep;
  readonly pull?: PullStep;
}

/** The right steps but in these layers. */
function changedAt(
  model: NetworkModel,
  where: readonly number[],
  slope: SlopeStep | undefined,
  pull: PullStep | undefined,
): Partial<Steps> {
  const above = new Map<number, Float64Array>();
  return {
    pull: (l, delta) => {
      above.set(l, delta);
      const wrong = where.includes(l) ? pull?.(l, delta) : undefined;
      return wrong ?? timesTransposed(model, l + 1, delta);
    },
    slope: (l, da) => {
      const wrong = where.includes(l) ? slope?.(l, da, above.get(l) as Float64Array) : undefined;
      return wrong ?? times(da, model.phi.slope(model.z[l]));
    },
  };
}

/** Mistakes in δ = (δ Wᵀ) ⊙ φ′(z) of a hidden layer. */
function hiddenMistakes(model: NetworkModel): HiddenMistake[] {
  const { layers, chain, w, z, b, inputs, phi } = model;
  const isMask =
    !phi.isIdentity && z.slice(0, -1).every((values) => phi.slope(values).every((s) => s === 0 || s === 1));
  const { letters } = chain;
  const prime = (l: number) => (isMask ? `𝟙[${letters.z(l)} > 0]` : `φ′(${letters.z(l)})`);
  const product = (l: number) => pulledText(chain, l + 1);
  const right = (l: number) => `${letters.delta(l)} = (${product(l)}) ⊙ ${prime(l)} (D5)`;
  const out = (l: number) => inputs[l + 1];
  const without = (text: string) => (l: number) => `${text}: ${right(l)}.`;
  const mistakes: HiddenMistake[] = [];
  if (!phi.isIdentity) {
    mistakes.push(
      {
        text: (l) => `φ′ is missing, ${letters.delta(l)} is ${product(l)} alone: ${right(l)}.`,
        slope: (_, da) => da,
      },
      {
        text: (l) => `φ stands where φ′ belongs, ⊙ φ(${letters.z(l)}): ${right(l)}.`,
        slope: (l, da) => times(da, out(l)),
      },
      {
        text: (l) =>
          `φ′ is evaluated at the activation φ(${letters.z(l)}) instead of at the pre-activation ${letters.z(l)}: ${right(l)}.`,
        slope: (l, da) => times(da, phi.slope(out(l))),
      },
      {
        text: without('φ′ is multiplied in twice'),
        slope: (l, da) =>
          times(
            da,
            phi.slope(z[l]).map((s) => s * s),
          ),
      },
      {
        text: (l) =>
          `φ′ is evaluated without the bias b: it belongs at ${letters.z(l)}; ${right(l)} (slip-C2).`,
        slope: (l, da) => {
          const { outputs } = layers[l];
          const bias = b[l];
          return bias && times(da, phi.slope(z[l].map((v, k) => v - bias[k % outputs])));
        },
      },
      {
        text: (l) => `${letters.delta(l + 1)} of the layer above is forgotten, φ′ stands alone: ${right(l)}.`,
        slope: (l) => phi.slope(z[l]),
      },
      {
        text: (l) =>
          `${layers[l + 1].w} has the mask on the wrong side, ⊙ φ′(${letters.z(l + 1)}) before it: ${right(l)}.`,
        slope: (l, _, above) => timesTransposed(model, l + 1, times(above, phi.slope(z[l + 1]))),
      },
      {
        text: (l) => `δ is divided by φ′ instead of multiplied with it: ${right(l)}.`,
        slope: (l, da) => {
          const slopes = phi.slope(z[l]);
          return da.map((d, k) => d / slopes[k]);
        },
      },
    );
    for (const { text, slope } of misremembered({ z: z[0], y: phi.at(z[0]) }, 'z')) {
      mistakes.push({
        text: (l) => `${text.replace(/\.$/, '')}: ${right(l)}.`,
        slope: (l, da) => da.map((d, k) => d * slope(z[l][k], out(l)[k])),
      });
    }
    for (const [other] of layers.entries()) {
      mistakes.push({
        text: (l) => `φ′ is evaluated at ${letters.z(other)}, of another layer: ${right(l)}.`,
        slope: (l, da) =>
          other === l || layers[other].outputs !== layers[l].outputs
            ? undefined
            : times(da, phi.slope(z[other])),
      });
    }
    mistakes.push({
      text: (l) => `φ′ is evaluated at the layer's input instead of at ${letters.z(l)}: ${right(l)}.`,
      slope: (l, da) =>
        layers[l].inputs === layers[l].outputs ? times(da, phi.slope(inputs[l])) : undefined,
    });
  }
  if (isMask) {
    mistakes.push(
      {
        text: (l) => `the mask is inverted, 𝟙[${letters.z(l)} < 0]: ${right(l)}.`,
        slope: (l, da) => da.map((d, k) => (z[l][k] > 0 ? 0 : d)),
      },
      {
        text: (l) =>
          `the mask is that of the gradient, 𝟙[∂L/∂${letters.input(l + 1)} > 0], instead of the pre-activation's: ${right(l)}.`,
        slope: (_, da) => da.map((d) => Math.max(0, d)),
      },
    );
  }
  mistakes.push(
    {
      text: (l) =>
        `${letters.delta(l + 1)} is multiplied by φ′(${letters.z(l + 1)}) on its way through ${layers[l + 1].w}, so the mask is on the wrong side: ${right(l)}.`,
      pull: (l, above) => timesTransposed(model, l + 1, times(above, phi.slope(z[l + 1]))),
    },
    {
      text: (l) => `${letters.delta(l + 1)} of the layer above is forgotten, as if it were 1: ${right(l)}.`,
      pull: (l, above) =>
        timesTransposed(
          model,
          l + 1,
          above.map(() => 1),
        ),
    },
    {
      text: (l) => `${layers[l + 1].w} is missing: ${right(l)}.`,
      pull: (l, above) => (layers[l + 1].inputs === layers[l + 1].outputs ? above : undefined),
    },
    {
      text: (l) => `${layers[l + 1].w} is not transposed: ${right(l)}.`,
      pull: (l, above) => {
        const { inputs: n, outputs: m } = layers[l + 1];
        return n === m ? multiplyValues(above, w[l + 1], chain.rows, m, n) : undefined;
      },
    },
    {
      text: (l) =>
        `${letters.delta(layers.length - 1)} of the last layer stands where ${letters.delta(l + 1)} of the next belongs: ${right(l)}.`,
      pull: (l) =>
        l + 2 < layers.length && layers[l + 1].outputs === layers[layers.length - 1].outputs
          ? timesTransposed(model, l + 1, model.delta)
          : undefined,
    },
  );
  for (const [other, { w: name, inputs: n, outputs: m }] of layers.entries()) {
    mistakes.push({
      text: (l) => `${name} stands where ${layers[l + 1].w} belongs: ${right(l)}.`,
      pull: (l, above) =>
        other !== l + 1 && layers[l + 1].inputs === n && layers[l + 1].outputs === m
          ? timesTransposed(model, other, above)
          : undefined,
    });
  }
  return mistakes;
}

/** Mistakes in dW = aᵀδ and db = Σ δ of one layer. */
function* weightMistakes(model: NetworkModel): Generator<NetworkMistake> {
  const { layers, chain, inputs, z, phi, lambda, w } = model;
  const { rows, columns, letters } = chain;
  for (const [l, { w: name, inputs: n, outputs: m }] of layers.entries()) {
    const input = letters.input(l);
    const rule = `d${name} = ${weightsText(chain, l)} (${columns ? 'X12' : 'E2'})`;
    const right = `${rule}${lambda === 0 ? '' : `, plus λ${name}`}`;
    const product = (a: Float64Array, d: Float64Array) =>
      multiplyValues(transposeValues(a, rows, n), d, n, rows, m).map((v, k) => v + lambda * w[l][k]);
    const at = (wrong: (d: Float64Array) => Float64Array): Partial<Steps> => ({
      weights: (k, d) => (k === l ? wrong(d) : rightWeights(model, k, d)),
    });
    const candidates = layers.flatMap((_, k) => [
      { what: `the pre-activation ${letters.z(k)}`, values: z[k], width: layers[k].outputs },
      ...(k === l ? [] : [{ what: letters.input(k), values: inputs[k], width: layers[k].inputs }]),
    ]);
    candidates.push({ what: 'its own output', values: phi.at(z[l]), width: m });
    for (const { what, values, width } of candidates) {
      if (width !== n) continue;
      yield {
        text: `${what} stands where the layer's input ${input} belongs: ${right}.`,
        steps: at((d) => product(values, d)),
      };
    }
    yield {
      text: `the layer's input ${input} is missing, Σ δ stands for each input alike: ${right}.`,
      steps: at((d) => product(new Float64Array(rows * n).fill(1), d)),
    };
    if (layers.length === 1) continue;
    yield {
      text: `δ is missing, Σ of the layer's input stands for each output alike: ${right}.`,
      steps: at((d) =>
        product(
          inputs[l],
          d.map(() => 1),
        ),
      ),
    };
    if (l === layers.length - 1) continue;
    yield* unmasked(model, l, right);
  }
}

/** dW or db of a hidden layer from ∂L/∂a, before ⊙ φ′, where its δ itself is right. */
function* unmasked(model: NetworkModel, l: number, rule: string): Generator<NetworkMistake> {
  const { layers, chain, inputs, lambda, w, phi } = model;
  if (phi.isIdentity) return;
  const { inputs: n, outputs: m, w: name, b } = layers[l];
  const { letters } = chain;
  let da: Float64Array = new Float64Array(0);
  const slope: Steps['slope'] = (k, given) => {
    if (k === l) da = given;
    return times(given, phi.slope(model.z[k]));
  };
  yield {
    text: `d${name} is made from ∂L/∂${letters.input(l + 1)}, before ⊙ φ′(${letters.z(l)}): ${rule}.`,
    steps: {
      slope,
      weights: (k, d) =>
        k === l
          ? multiplyValues(transposeValues(inputs[l], chain.rows, n), da, n, chain.rows, m).map(
              (v, i) => v + lambda * w[l][i],
            )
          : rightWeights(model, k, d),
    },
  };
  if (b === undefined) return;
  yield {
    text: `d${b} is summed from ∂L/∂${letters.input(l + 1)}, before ⊙ φ′(${letters.z(l)}): d${b} = Σₙ ${letters.delta(l)} (D7).`,
    steps: { slope, bias: (k, d) => sumColumns(k === l ? da : d, layers[k].outputs) },
  };
}

/** λW missing, or times a wrong factor, in every layer. */
function* decayMistakes(model: NetworkModel): Generator<NetworkMistake> {
  const { lambda, layers, chain } = model;
  if (lambda === 0) return;
  const n = chain.rows;
  for (const share of decayShares(n)) {
    for (const [l, { w: name }] of layers.entries()) {
      yield {
        text: decayText(share, name, `λ = ${lambda}`, n),
        steps: { weights: (k, d) => rightWeights(model, k, d, k === l ? share : 1) },
      };
    }
  }
}

/** aᵀδ + λW of a layer, its λ times a factor. */
function rightWeights(model: NetworkModel, l: number, d: Float64Array, decay = 1): Float64Array {
  const { layers, chain, inputs, w, lambda } = model;
  const { inputs: n, outputs: m } = layers[l];
  const product = multiplyValues(transposeValues(inputs[l], chain.rows, n), d, n, chain.rows, m);
  return product.map((v, k) => v + decay * lambda * w[l][k]);
}
