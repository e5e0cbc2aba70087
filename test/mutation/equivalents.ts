/** The source mutants that compute the same function, each with the reason why no check can tell it from the original. */

/** Mutants that are equivalent for one reason. */
export interface Equivalents {
  readonly reason: string;
  /** The keys of `SourceMutant`. */
  readonly keys: readonly string[];
}

/** Every key must be that of a mutant that gets past the whole battery. */
export const EQUIVALENTS: readonly Equivalents[] = [
  {
    reason: 'Nobody reads what the callback gives.',
    keys: [
      'kernels/reference.js ReferenceKernels.weightGradient: forEachNonzero(x, i, (k, value) => addRow(value, delta.values, i * n, dw.values, k * n, n)); → forEachNonzero(x, i, (k, value) => -(addRow(value, delta.values, i * n, dw.values, k * n, n)));',
    ],
  },
  {
    reason: 'The other matrix has as many rows, or columns, by the shapes that the operation is defined for.',
    keys: [
      'kernels/reference.js ReferenceKernels.columnSums: const n = db.cols; → const n = delta.cols;',
      'kernels/reference.js ReferenceKernels.addScaled: addRow(factor, x.values, 0, y.values, 0, x.rows * x.cols); → addRow(factor, x.values, 0, y.values, 0, y.rows * x.cols);',
      'kernels/reference.js ReferenceKernels.addScaled: addRow(factor, x.values, 0, y.values, 0, x.rows * x.cols); → addRow(factor, x.values, 0, y.values, 0, x.rows * y.cols);',
      'network/losses.js MeanLoss.backward: this.#kernels.lossGradient(this.name, at, y, 1 / x.rows, this.#delta); → this.#kernels.lossGradient(this.name, at, y, 1 / y.rows, this.#delta);',
      'network/losses.js MeanLoss.backward: this.#kernels.lossGradient(this.name, at, y, 1 / x.rows, this.#delta); → this.#kernels.lossGradient(this.name, at, y, 1 / at.rows, this.#delta);',
      'network/losses.js MeanLoss.backward: this.#kernels.lossGradient(this.name, at, y, 1 / x.rows, this.#delta); → this.#kernels.lossGradient(this.name, at, y, 1 / this.losses.rows, this.#delta);',
      'network/losses.js MeanLoss.backward: this.#kernels.lossGradient(this.name, at, y, 1 / x.rows, this.#delta); → this.#kernels.lossGradient(this.name, at, y, 1 / this.#x.rows, this.#delta);',
      'network/losses.js MeanLoss.backward: this.#kernels.lossGradient(this.name, at, y, 1 / x.rows, this.#delta); → this.#kernels.lossGradient(this.name, at, y, 1 / this.#y.rows, this.#delta);',
      'kernels/reference.js ReferenceKernels.weightGradient: const n = dw.cols; → const n = delta.cols;',
      'kernels/reference.js ReferenceKernels.weightGradient: for (let i = 0; i < x.rows; i++) { → for (let i = 0; i < delta.rows; i++) {',
      'kernels/reference.js ReferenceKernels.inputGradient: const n = delta.cols; → const n = w.cols;',
      'kernels/reference.js ReferenceKernels.inputGradient: for (let i = 0; i < delta.rows; i++) { → for (let i = 0; i < dx.rows; i++) {',
      'kernels/reference.js zip: useRows(out, a.rows); → useRows(out, b.rows);',
      'kernels/reference.js zip: for (let k = 0; k < a.rows * a.cols; k++) → for (let k = 0; k < b.rows * a.cols; k++)',
      'kernels/reference.js zip: for (let k = 0; k < a.rows * a.cols; k++) → for (let k = 0; k < out.rows * a.cols; k++)',
      'kernels/reference.js zip: for (let k = 0; k < a.rows * a.cols; k++) → for (let k = 0; k < a.rows * b.cols; k++)',
      'kernels/reference.js zip: for (let k = 0; k < a.rows * a.cols; k++) → for (let k = 0; k < a.rows * out.cols; k++)',
    ],
  },
  {
    reason:
      'The row or entry before the first is no place of a typed array: what is written there goes nowhere.',
    keys: [
      'kernels/reference.js ReferenceKernels.inputGradient: for (let i = 0; i < delta.rows; i++) { → for (let i = (-1); i < delta.rows; i++) {',
      'kernels/reference.js zip: for (let k = 0; k < a.rows * a.cols; k++) → for (let k = (-1); k < a.rows * a.cols; k++)',
    ],
  },
  {
    reason: 'Where the target is 0, the sum is multiplied by it.',
    keys: [
      'kernels/losses.js softmaxCrossEntropyGradient: if (target !== 0) → if (true)',
      'kernels/losses.js softmaxCrossEntropyGradient: if (target !== 0) → if (target !== (-1))',
      'kernels/losses.js softmaxCrossEntropyGradient: if (target !== 0) → if (scale !== 0)',
      'kernels/losses.js softmaxCrossEntropyGradient: if (target !== 0) → if (end !== 0)',
    ],
  },
  {
    reason: 'The entry of the class has just been set to 0.',
    keys: [
      'kernels/losses.js svmGradient: delta[c] = -violations * scale; → delta[c] += -violations * scale;',
    ],
  },
  {
    reason: '−1 and −0 are as true and false as 1 and 0.',
    keys: [
      'kernels/losses.js svmGradient: const violates = j !== c && s[j] - s[c] + 1 > 0; → const violates = -(j !== c && s[j] - s[c] + 1 > 0);',
    ],
  },
  {
    reason: 'The first entry is not above itself.',
    keys: [
      'kernels/losses.js largestAt: for (let j = start + 1; j < end; j++) → for (let j = start ; j < end; j++)',
      'kernels/losses.js largestAt: for (let j = start + 1; j < end; j++) → for (let j = start + 0; j < end; j++)',
      'kernels/losses.js largestAt: for (let j = start + 1; j < end; j++) → for (let j = start + 1 - 1; j < end; j++)',
    ],
  },
  {
    reason: 'A 0 that is visited adds 0 · δ.',
    keys: [
      'kernels/reference.js forEachNonzero: if (value !== 0) → if (true)',
      'kernels/reference.js forEachNonzero: if (value !== 0) → if (visit !== 0)',
      'kernels/reference.js forEachNonzero: if (value !== 0) → if (sparse !== 0)',
    ],
  },
  {
    reason: 'The other variable holds the same matrix.',
    keys: [
      'network/activations.js Activation.forward: this.#kernels.activation(this.name, z, this.#x); → this.#kernels.activation(this.name, this.#z, this.#x);',
      'network/activations.js Activation.backward: this.#kernels.activationGradient(this.name, delta, this.#fromOutput ? this.#x : z, this.#dz); → this.#kernels.activationGradient(this.name, delta, this.#fromOutput ? this.#x : this.#z, this.#dz);',
      'network/losses.js MeanLoss.forward: this.#kernels.loss(this.name, x, y, this.#p, this.losses); → this.#kernels.loss(this.name, this.#x, y, this.#p, this.losses);',
      'network/losses.js MeanLoss.forward: this.#kernels.loss(this.name, x, y, this.#p, this.losses); → this.#kernels.loss(this.name, x, this.#y, this.#p, this.losses);',
      'network/losses.js MeanLoss.backward: const at = this.#fromProbabilities ? this.#p : x; → const at = this.#fromProbabilities ? this.#p : this.#x;',
      'network/losses.js MeanLoss.backward: this.#kernels.lossGradient(this.name, at, y, 1 / x.rows, this.#delta); → this.#kernels.lossGradient(this.name, at, this.#y, 1 / x.rows, this.#delta);',
      'network/dense.js Dense.forward: this.#kernels.affine(x, this.w, this.b, this.#z); → this.#kernels.affine(this.#x, this.w, this.b, this.#z);',
      'network/dense.js Dense.backward: this.#kernels.weightGradient(x, delta, this.dw); → this.#kernels.weightGradient(this.#x, delta, this.dw);',
      'network/network.js Network.forward: out = this.layers[l].forward(input); → out = this.layers[l].forward(out);',
      'network/network.js Network.forward: return out; → return this.#outputs;',
    ],
  },
  {
    reason:
      'x, the targets and the losses have as many rows, and before any forward it is x that is missed first.',
    keys: [
      'network/losses.js MeanLoss.backward: const x = expectRemembered(this.#title, this.#x, y); → const x = expectRemembered(this.#title, this.#x, this.losses);',
      'network/losses.js MeanLoss.backward: const x = expectRemembered(this.#title, this.#x, y); → const x = expectRemembered(this.#title, this.#x, this.#x);',
      'network/losses.js MeanLoss.backward: const x = expectRemembered(this.#title, this.#x, y); → const x = expectRemembered(this.#title, this.#x, this.#y);',
    ],
  },
  {
    reason: 'λ is never below 0, and with λ = 0 the sum adds 0 · W.',
    keys: [
      'network/penalties.js Penalty.backward: if (this.lambda === 0) → if (false)',
      'network/penalties.js Penalty.backward: if (this.lambda === 0) → if (this.lambda === (-1))',
      'network/penalties.js Penalty.backward: return; → ;',
    ],
  },
  {
    reason: 'The last layer gives the same matrix each time.',
    keys: ['network/network.js Network.forward: this.#outputs = out; → this.#outputs ??= out;'],
  },
  {
    reason: 'The first layer, and no other, gives no ∂L/∂X.',
    keys: [
      'network/network.js Network.backward: for (let l = this.layers.length - 1; l >= 0 && delta !== undefined; l--) { → for (let l = this.layers.length - 1; l >= 0 || delta !== undefined; l--) {',
      'network/network.js Network.backward: for (let l = this.layers.length - 1; l >= 0 && delta !== undefined; l--) { → for (let l = this.layers.length - 1; l >= 0 ; l--) {',
      'network/network.js Network.backward: for (let l = this.layers.length - 1; l >= 0 && delta !== undefined; l--) { → for (let l = this.layers.length - 1; delta !== undefined; l--) {',
      'network/network.js Network.backward: for (let l = this.layers.length - 1; l >= 0 && delta !== undefined; l--) { → for (let l = this.layers.length - 1; l >= (-1) && delta !== undefined; l--) {',
      'network/network.js Network.backward: for (let l = this.layers.length - 1; l >= 0 && delta !== undefined; l--) { → for (let l = this.layers.length - 1; l >= 0 - 1 && delta !== undefined; l--) {',
      'network/network.js Network.backward: for (let l = this.layers.length - 1; l >= 0 && delta !== undefined; l--) { → for (let l = this.layers.length - 1; l >= 0 && this.#outputs !== undefined; l--) {',
    ],
  },
  {
    reason: 'At 0 both are δ, for x + 1 is 1.',
    keys: [
      'kernels/activations.js eluGradient: return x > 0 ? delta : delta * (x + 1); → return x >= 0 ? delta : delta * (x + 1);',
    ],
  },
  {
    reason: 'A sparse matrix is dropped from in place: the output is the input.',
    keys: [
      'kernels/reference.js ReferenceKernels.dropout: if (x.nonzeros === undefined) → if (out.nonzeros === undefined)',
      'kernels/reference.js ReferenceKernels.dropout: dropNonzeros(x, x.nonzeros, mask); → dropNonzeros(out, x.nonzeros, mask);',
      'kernels/reference.js ReferenceKernels.dropout: dropNonzeros(x, x.nonzeros, mask); → dropNonzeros(x, out.nonzeros, mask);',
    ],
  },
  {
    reason: 'λ is never below 0, and with λ = 0 the sum adds 0 · sign(W), and the penalty 0 · Σ |w|.',
    keys: [
      'network/network.js Network.penalty: if (this.#l1.lambda > 0) → if (this.#l1.lambda >= 0)',
      'network/network.js Network.penalty: if (this.#l1.lambda > 0) → if (true)',
      'network/network.js Network.penalty: if (this.#l1.lambda > 0) → if (this.#l1.lambda > (-1))',
    ],
  },
  {
    reason: 'The one entry is never negative, so that it is its own magnitude.',
    keys: [
      'network/network.js Network.penalty: this.#kernels.addScaled(this.#l1.forward(), 1, penalty); → this.#kernels.addSumOfMagnitudes(this.#l1.forward(), 1, penalty);',
    ],
  },
  {
    reason: 'The field has just been set to x.',
    keys: [
      'network/dropout.js Dropout.forward: return x; → return this.#x;',
      'network/dropout.js Dropout.forward: this.#kernels.dropout(x, this.#mask, this.#y); → this.#kernels.dropout(this.#x, this.#mask, this.#y);',
    ],
  },
  {
    reason:
      'The entry before a row is no place of a typed array, or belongs to the row above and gets the same number again.',
    keys: [
      'kernels/losses.js squaredErrorGradient: for (let k = start; k < end; k++) → for (let k = start - 1; k < end; k++)',
      'kernels/losses.js sigmoidCrossEntropyGradient: for (let j = start; j < end; j++) → for (let j = start - 1; j < end; j++)',
    ],
  },
];
