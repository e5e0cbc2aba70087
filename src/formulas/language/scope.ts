/** What an equation needs to know of the net that it is about. */

import type { ActivationName } from '../../kernels/activations.ts';
import type { Shape } from './shape.ts';
import type { DerivativeNode, Left, SymbolNode } from './syntax.ts';
import type { Tensor } from './tensor.ts';

/** The names that the parser resolves; all spelt as the lexer gives them (`delta2`, `W2`). */
export interface Vocabulary {
  /** The symbol that a name or alias stands for. */
  symbol(name: string): string | undefined;
  /** The tensor that a name is the gradient of: `delta2` is ∂L/∂z2. */
  gradient(name: string): string | undefined;
  /** How many indices an entry of a symbol has: 0 of a number, 1 of a vector, 2 of a matrix. */
  indexCount(symbol: string): number;
  /** Whether a symbol has a sample in each row or column. */
  isOfSamples(symbol: string): boolean;
  /** The letters of a symbol's rows and columns, `1` where it has one; undefined where it is no tensor. */
  lettersOfShape(symbol: string): readonly [string, string] | undefined;
  /** The function that σ is: in note C the softmax. */
  readonly sigma: 'sigmoid' | 'softmax';
  /** What a limit of Σ stands for, a letter or the note's own number: 10 is net D's M. */
  limit(text: string): string | undefined;
  /** Whether a sample is a row or a column. */
  readonly samples: 'rows' | 'columns';
  /** Whether the name is the net's loss in ∂L/∂W. */
  isLoss(name: string): boolean;
  /** Why there is no ∂L/∂ of a symbol, or undefined where there is one. */
  whyNoGradient(symbol: string): string | undefined;
  /** Why there is no Jacobian ∂of/∂by, or undefined where there is one. */
  whyNoJacobian(of: string, by: string, isEntry: boolean): string | undefined;
  /** Why a symbol cannot stand on the left as a value, or undefined where it can. */
  whyNotComputed(symbol: string): string | undefined;
  /** The dimension that a letter stands for. */
  dimension(letter: string): number | undefined;
  /** All that may be typed for a tensor or number. */
  readonly names: readonly string[];
  /** φ of the net, if it has one. */
  readonly activation: ActivationName | null;
  /** The letter of the number of samples; null where the net has a single one. */
  readonly sampleLetter: string | null;
}

/** A tensor of the net, or a derivative of one by another or of the loss. */
export type Reference = SymbolNode | DerivativeNode;

/** What the shapes of an equation follow from. */
export interface ShapeScope {
  /** The net's name: `C`. */
  readonly name: string;
  /** Whether a sample is a row of its matrices or a column. */
  readonly samples: 'rows' | 'columns';
  /** The letter of the number of samples; null where the net has a single one. */
  readonly sampleLetter: string | null;
  /** The dimension that a letter stands for. */
  dimension(letter: string): number | undefined;
  /** What a limit of Σ stands for. */
  limit(text: string): string | undefined;
  /** φ of the net, if it has one. */
  readonly activation: ActivationName | null;
  shape(reference: Reference): Shape;
}

/** What the numbers of an equation follow from. */
export interface Scope extends ShapeScope {
  value(reference: Reference): Tensor;
  /** The class of a sample, both counted from 1. */
  classOf(sample: number): number;
}

/** What a net offers to somebody who looks for the slip in an equation about it. */
export interface DiagnosisScope extends Scope {
  /** Every tensor, and every number: constants and sizes. */
  readonly tensorNames: readonly string[];
  readonly numberNames: readonly string[];
  /** The tensors that the loss has a gradient by. */
  readonly differentiable: readonly string[];
  /** The inputs of activations. */
  readonly preActivations: readonly string[];
  /** The biases. */
  readonly biases: readonly string[];
  /** The weights of the term (λ/2) Σ w² of the loss; none where it has no such term. */
  readonly decaying: readonly string[];
  /** How the losses of the samples are added up. */
  readonly reduction: 'mean' | 'sum';
  /** How ∂L/∂by is printed: `dW2`, `δ2`. */
  gradientText(by: string): string;
  leftShape(left: Left): Shape;
  leftValue(left: Left): Tensor;
  /** The left side's tensor, and the factor before it: −α of a step, else 1. */
  leftReference(left: Left): Reference;
  leftFactor(left: Left): number;
}
