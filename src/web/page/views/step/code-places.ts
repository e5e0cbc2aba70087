/** Which lines of the code compute a formula. */

import type { ActivationName } from '../../../../network/activations.ts';
import type { LossName } from '../../../../network/losses.ts';
import type { LayerSpec } from '../../../../network/network.ts';
import type { Kind } from './walkthrough.ts';

/** A function or method that the registry cites, and the lines in it that are the formula. */
export interface CodePlace {
  /** A key of `mlp:code`. */
  readonly key: string;
  readonly kernel: boolean;
  /** Matches the lines that are marked; undefined marks none. */
  readonly line?: RegExp;
}

const ACTIVATION: Readonly<Record<ActivationName, readonly [layer: string, kernel?: string]>> = {
  relu: ['Relu', 'relu'],
  sigmoid: ['Sigmoid'],
  tanh: ['Tanh'],
  identity: ['Identity'],
  'leaky-relu': ['LeakyRelu', 'leakyRelu'],
  elu: ['Elu', 'elu'],
  gelu: ['Gelu', 'gelu'],
  softplus: ['Softplus', 'softplus'],
};

const LOSS: Readonly<Record<LossName, readonly [layer: string, kernel: string]>> = {
  'softmax-cross-entropy': ['SoftmaxCrossEntropy', 'softmaxCrossEntropy'],
  'sigmoid-cross-entropy': ['SigmoidCrossEntropy', 'sigmoidCrossEntropy'],
  'squared-error': ['SquaredError', 'squaredError'],
  svm: ['Svm', 'svm'],
};

const layerCode = (file: string, name: string, line?: RegExp): CodePlace => ({
  key: `src/${file}.ts#${name}`,
  kernel: false,
  ...(line && { line }),
});

const kernelCode = (name: string): CodePlace => ({
  key: `src/kernels/reference.ts#ReferenceKernels.${name}`,
  kernel: true,
});

/**
 * The code of a formula: the layer's, then the kernel's where the registry cites it.
 *
 * @param layer that it concerns; undefined of the input and of the loss
 */
export function codeOf(kind: Kind, layer: LayerSpec | undefined, loss: LossName): readonly CodePlace[] {
  const [lossName, lossKernel] = LOSS[loss];
  const acting = layer?.type === 'activation' ? layer.name : 'identity';
  const [activation, kernel] = ACTIVATION[acting];
  const kernelOf = (suffix = '') => (kernel === undefined ? [] : [kernelCode(kernel + suffix)]);
  switch (kind) {
    case 'input':
      return [layerCode('network/network', 'Network.forward', /let out = x/)];
    case 'affine':
      return [layerCode('network/dense', 'Dense.forward', /\.affine\(/), kernelCode('affine')];
    case 'activation':
      return [layerCode('network/activations', `${activation}.forward`, /kernels\.|return z/), ...kernelOf()];
    case 'probabilities':
    case 'loss':
    case 'lossAfter':
      return [
        layerCode('network/losses', `${lossName}.forward`, /this\.each\(|\.mean\(/),
        kernelCode(lossKernel),
      ];
    case 'penalty':
      return [
        layerCode('network/l2', 'L2.forward', /addSumOfSquares/),
        layerCode('network/network', 'Network.penalty'),
      ];
    case 'l1Penalty':
      return [layerCode('network/l1', 'L1.forward', /addSumOfMagnitudes/), kernelCode('addSumOfMagnitudes')];
    case 'delta':
      return [
        layerCode('network/losses', `${lossName}.backward`, /this\.gradient\(/),
        kernelCode(`${lossKernel}Gradient`),
      ];
    case 'weightGradient':
      return [
        layerCode('network/dense', 'Dense.backward', /\.weightGradient\(/),
        kernelCode('weightGradient'),
      ];
    case 'biasGradient':
      return [layerCode('network/dense', 'Dense.backward', /\.columnSums\(/), kernelCode('columnSums')];
    case 'inputGradient':
      return [layerCode('network/dense', 'Dense.backward', /\.inputGradient\(/), kernelCode('inputGradient')];
    case 'activationGradient':
      return [
        layerCode('network/activations', `${activation}.backward`, /kernels\.|return delta/),
        ...kernelOf('Gradient'),
      ];
    case 'decay':
      return [layerCode('network/l2', 'L2.backward', /addScaled\(/), kernelCode('addScaled')];
    case 'l1Decay':
      return [layerCode('network/l1', 'L1.backward', /addScaledSign\(/), kernelCode('addScaledSign')];
    case 'update':
      return [layerCode('train/optimizers', 'Sgd.step', /addScaled\(/), kernelCode('addScaled')];
  }
}
