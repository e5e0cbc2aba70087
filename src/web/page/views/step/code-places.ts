/** Which lines of the code compute a formula. */

import type { Role } from '../../../../explain/step-formula.ts';
import { type CodeName, type CodeOwner, code } from '../../../../formulas/code.ts';
import type { ActivationName } from '../../../../network/activations.ts';
import type { LossName } from '../../../../network/losses.ts';
import type { LayerSpec } from '../../../../network/network.ts';

/** A function or method that the registry cites, and the lines in it that are the formula. */
export interface CodePlace {
  /** A key of `mlp:code`. */
  readonly key: string;
  readonly kernel: boolean;
  /** Matches the lines that are marked; undefined marks none. */
  readonly line?: RegExp;
}

const ACTIVATION: Readonly<Record<ActivationName, readonly [layer: CodeOwner, kernel?: string]>> = {
  relu: ['Relu', 'relu'],
  sigmoid: ['Sigmoid'],
  tanh: ['Tanh'],
  identity: ['Identity'],
  'leaky-relu': ['LeakyRelu', 'leakyRelu'],
  elu: ['Elu', 'elu'],
  gelu: ['Gelu', 'gelu'],
  softplus: ['Softplus', 'softplus'],
};

const LOSS: Readonly<Record<LossName, readonly [layer: CodeOwner, kernel: string]>> = {
  'softmax-cross-entropy': ['SoftmaxCrossEntropy', 'softmaxCrossEntropy'],
  'sigmoid-cross-entropy': ['SigmoidCrossEntropy', 'sigmoidCrossEntropy'],
  'squared-error': ['SquaredError', 'squaredError'],
  svm: ['Svm', 'svm'],
};

const keyOf = (name: CodeName): string => {
  const [{ file }] = code(name);
  return `${file}#${name}`;
};

const layerCode = (name: CodeName, line?: RegExp): CodePlace => ({
  key: keyOf(name),
  kernel: false,
  ...(line && { line }),
});

const kernelCode = (name: string): CodePlace => ({ key: keyOf(`ReferenceKernels.${name}`), kernel: true });

/**
 * The code of a formula: the layer's, then the kernel's where the registry cites it.
 *
 * @param layer that it concerns; undefined of the input and of the loss
 */
export function codeOf(role: Role, layer: LayerSpec | undefined, loss: LossName): readonly CodePlace[] {
  const [lossName, lossKernel] = LOSS[loss];
  const acting = layer?.type === 'activation' ? layer.name : 'identity';
  const [activation, kernel] = ACTIVATION[acting];
  const kernelOf = (suffix = '') => (kernel === undefined ? [] : [kernelCode(kernel + suffix)]);
  switch (role) {
    case 'input':
      return [layerCode('Network.forward', /let out = x/)];
    case 'affine':
      return [layerCode('Dense.forward', /\.affine\(/), kernelCode('affine')];
    case 'activation':
      return [layerCode(`${activation}.forward`, /kernels\.|return z/), ...kernelOf()];
    case 'probabilities':
    case 'loss':
    case 'lossAfter':
      return [layerCode(`${lossName}.forward`, /this\.each\(|\.mean\(/), kernelCode(lossKernel)];
    case 'penalty':
      return [layerCode('L2.forward', /addSumOfSquares/), layerCode('Network.penalty')];
    case 'l1Penalty':
      return [layerCode('L1.forward', /addSumOfMagnitudes/), kernelCode('addSumOfMagnitudes')];
    case 'delta':
      return [layerCode(`${lossName}.backward`, /this\.gradient\(/), kernelCode(`${lossKernel}Gradient`)];
    case 'weightGradient':
      return [layerCode('Dense.backward', /\.weightGradient\(/), kernelCode('weightGradient')];
    case 'biasGradient':
      return [layerCode('Dense.backward', /\.columnSums\(/), kernelCode('columnSums')];
    case 'inputGradient':
      return [layerCode('Dense.backward', /\.inputGradient\(/), kernelCode('inputGradient')];
    case 'activationGradient':
      return [layerCode(`${activation}.backward`, /kernels\.|return delta/), ...kernelOf('Gradient')];
    case 'decay':
      return [layerCode('L2.backward', /addScaled\(/), kernelCode('addScaled')];
    case 'l1Decay':
      return [layerCode('L1.backward', /addScaledSign\(/), kernelCode('addScaledSign')];
    case 'weightStep':
    case 'biasStep':
      return [layerCode('Sgd.step', /addScaled\(/), kernelCode('addScaled')];
  }
}
