/** One digit walked through a model's formulas: the numbers of `mlp explain`, in float64. */

import { type Explanation, explain } from '../../explain/explain.ts';
import { trainedRate, trainingTerms } from '../../explain/training-terms.ts';
import { buildNetwork, type Model } from '../../formats/model.ts';
import { ReferenceKernels } from '../../kernels/reference.ts';
import { Sgd } from '../../train/optimizers/optimizers.ts';
import { oneSample } from './kernels.ts';

/** Of a model that does not say how it was trained. */
const LEARNING_RATE = 0.01;

/** The learning rate of the step that is shown, where the user has not chosen another. */
export const learningRateOf = ({ training }: Model) => trainedRate(training.config) ?? LEARNING_RATE;

/**
 * Runs one input forward and backward and takes the step of plain gradient descent; the model is left as it is.
 *
 * @param values raw, as many as the model has inputs: pixels from 0 to 255
 * @param label the class of the target; undefined for the one that is predicted
 */
export function explainInput(
  model: Model,
  values: Uint8Array | Float32Array,
  label: number | undefined,
  learningRate = learningRateOf(model),
): Explanation {
  const kernels = new ReferenceKernels('float64');
  const network = buildNetwork(kernels, model, 1);
  const x = kernels.matrix(1, network.inputs);
  const y = kernels.matrix(1, network.classes);
  kernels.gather(oneSample(model, values, label), Uint32Array.of(0), 0, 1, x, y);
  if (label === undefined) {
    const predicted = kernels.matrix(1, 1);
    kernels.argmax(network.forward(x), predicted);
    kernels.fill(y, 0);
    y.values[predicted.values[0]] = 1;
  }
  const sgd = new Sgd(kernels, network.parameters);
  const descent = { learningRate, step: () => sgd.step(learningRate) };
  return explain(kernels, network, x, y, descent, trainingTerms(model.training.config).l1);
}

/** What a network makes of an input after the step of an explanation. */
export interface StepOutcome {
  /** The class of the largest output. */
  readonly prediction: number;
  /** [classes]: probabilities, or of losses that make none the outputs. */
  readonly values: ArrayLike<number>;
}

/** Runs the input forward with the parameters that the step of the explanation gave; the model is left as it is. */
export function outcomeAfter(
  model: Model,
  values: Uint8Array | Float32Array,
  { label, steps }: Explanation,
): StepOutcome {
  const kernels = new ReferenceKernels('float64');
  const network = buildNetwork(kernels, model, 1);
  network.setTensors(
    steps
      .filter(({ role }) => role === 'weightStep' || role === 'biasStep')
      .map(({ symbol, shape, values }) => ({ name: symbol, shape, values })),
  );
  const x = kernels.matrix(1, network.inputs);
  const y = kernels.matrix(1, network.classes);
  kernels.gather(oneSample(model, values, label), Uint32Array.of(0), 0, 1, x, y);
  const outputs = network.forward(x);
  network.loss(y);
  const best = kernels.matrix(1, 1);
  kernels.argmax(outputs, best);
  return { prediction: best.values[0], values: kernels.read(network.lossLayer.probabilities ?? outputs) };
}
