/** Which lines of the code compute a formula. */

import type { Role } from '../../../../explain/step-formula.ts';
import { type CodeName, code, functionName } from '../../../../formulas/notes/code.ts';
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

/** The function of an activation or a loss, or its gradient. */
const functionCode = (name: ActivationName | LossName, suffix = ''): CodePlace => ({
  key: keyOf(`${functionName(name)}${suffix}` as CodeName),
  kernel: true,
});

/**
 * The code of a formula: the layer's, then the kernel's where the registry cites it.
 *
 * @param layer that it concerns; undefined of the input and of the loss
 */
export function codeOf(role: Role, layer: LayerSpec | undefined, loss: LossName): readonly CodePlace[] {
  const activation = layer?.type === 'activation' ? layer.name : 'identity';
  switch (role) {
    case 'input':
      return [layerCode('Network.forward', /let out = x/)];
    case 'affine':
      return [layerCode('Dense.forward', /\.affine\(/), kernelCode('affine')];
    case 'activation':
      return [layerCode('Activation.forward', /\.activation\(/), functionCode(activation)];
    case 'probabilities':
    case 'loss':
    case 'lossAfter':
      return [layerCode('MeanLoss.forward', /\.loss\(|\.mean\(/), functionCode(loss)];
    case 'penalty':
      return [layerCode('L2.addTerm', /addSumOfSquares/), layerCode('Network.penalty')];
    case 'l1Penalty':
      return [layerCode('L1.addTerm', /addSumOfMagnitudes/), kernelCode('addSumOfMagnitudes')];
    case 'delta':
      return [layerCode('MeanLoss.backward', /\.lossGradient\(/), functionCode(loss, 'Gradient')];
    case 'weightGradient':
      return [layerCode('Dense.backward', /\.weightGradient\(/), kernelCode('weightGradient')];
    case 'biasGradient':
      return [layerCode('Dense.backward', /\.columnSums\(/), kernelCode('columnSums')];
    case 'inputGradient':
      return [layerCode('Dense.backward', /\.inputGradient\(/), kernelCode('inputGradient')];
    case 'activationGradient':
      return [
        layerCode('Activation.backward', /\.activationGradient\(/),
        functionCode(activation, 'Gradient'),
      ];
    case 'decay':
      return [layerCode('L2.addGradient', /addScaled\(/), kernelCode('addScaled')];
    case 'l1Decay':
      return [layerCode('L1.addGradient', /addScaledSign\(/), kernelCode('addScaledSign')];
    case 'weightStep':
    case 'biasStep':
      return [layerCode('Sgd.step', /addScaled\(/), kernelCode('addScaled')];
  }
}
