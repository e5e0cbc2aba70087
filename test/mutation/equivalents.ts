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
      'kernels/reference.js ReferenceKernels.weightGradient: forEachNonzero(x, i, (k, value) => addRow(value, delta.values, i * n, dw.values, k * n, from, to)); → forEachNonzero(x, i, (k, value) => -(addRow(value, delta.values, i * n, dw.values, k * n, from, to)));',
    ],
  },
  {
    reason: 'The other matrix has as many rows, or columns, by the shapes that the operation is defined for.',
    keys: [
      'kernels/reference.js ReferenceKernels.weightGradient: weightGradient(x, delta, dw, columns = allOf(dw)) { → weightGradient(x, delta, dw, columns = allOf(delta)) {',
      'kernels/reference.js ReferenceKernels.weightGradient: const n = dw.cols; → const n = delta.cols;',
      'kernels/reference.js ReferenceKernels.weightGradient: for (let i = 0; i < x.rows; i++) { → for (let i = 0; i < delta.rows; i++) {',
      'kernels/reference.js ReferenceKernels.columnSums: columnSums(delta, db, columns = allOf(db)) { → columnSums(delta, db, columns = allOf(delta)) {',
      'kernels/reference.js ReferenceKernels.columnSums: addRow(1, delta.values, i * delta.cols, db.values, 0, from, to); → addRow(1, delta.values, i * db.cols, db.values, 0, from, to);',
      'kernels/reference.js ReferenceKernels.inputGradient: const n = delta.cols; → const n = w.cols;',
      'kernels/reference.js ReferenceKernels.inputGradient: for (let i = 0; i < delta.rows; i++) { → for (let i = 0; i < dx.rows; i++) {',
      'kernels/reference.js ReferenceKernels.softmaxCrossEntropyGradient: useRows(delta, p.rows); → useRows(delta, y.rows);',
      'kernels/reference.js ReferenceKernels.softmaxCrossEntropyGradient: const n = p.cols; → const n = y.cols;',
      'kernels/reference.js ReferenceKernels.softmaxCrossEntropyGradient: const n = p.cols; → const n = delta.cols;',
      'kernels/reference.js ReferenceKernels.softmaxCrossEntropyGradient: for (let i = 0; i < p.rows; i++) { → for (let i = 0; i < y.rows; i++) {',
      'kernels/reference.js ReferenceKernels.softmaxCrossEntropyGradient: for (let i = 0; i < p.rows; i++) { → for (let i = 0; i < delta.rows; i++) {',
      'kernels/reference.js ReferenceKernels.svmGradient: useRows(delta, s.rows); → useRows(delta, y.rows);',
      'kernels/reference.js ReferenceKernels.svmGradient: for (let i = 0; i < s.rows; i++) { → for (let i = 0; i < y.rows; i++) {',
      'kernels/reference.js ReferenceKernels.svmGradient: for (let i = 0; i < s.rows; i++) { → for (let i = 0; i < delta.rows; i++) {',
      'kernels/reference.js ReferenceKernels.svmGradient: const start = i * s.cols; → const start = i * y.cols;',
      'kernels/reference.js ReferenceKernels.svmGradient: const start = i * s.cols; → const start = i * delta.cols;',
      'kernels/reference.js ReferenceKernels.svmGradient: const c = largestAt(y, start, start + s.cols); → const c = largestAt(y, start, start + y.cols);',
      'kernels/reference.js ReferenceKernels.svmGradient: const c = largestAt(y, start, start + s.cols); → const c = largestAt(y, start, start + delta.cols);',
      'kernels/reference.js ReferenceKernels.svmGradient: for (let j = start; j < start + s.cols; j++) { → for (let j = start; j < start + y.cols; j++) {',
      'kernels/reference.js ReferenceKernels.svmGradient: for (let j = start; j < start + s.cols; j++) { → for (let j = start; j < start + delta.cols; j++) {',
      'kernels/reference.js ReferenceKernels.addScaled: addRow(factor, x.values, 0, y.values, 0, 0, x.rows * x.cols); → addRow(factor, x.values, 0, y.values, 0, 0, y.rows * x.cols);',
      'kernels/reference.js ReferenceKernels.addScaled: addRow(factor, x.values, 0, y.values, 0, 0, x.rows * x.cols); → addRow(factor, x.values, 0, y.values, 0, 0, x.rows * y.cols);',
      'kernels/reference.js zip: useRows(out, a.rows); → useRows(out, b.rows);',
      'kernels/reference.js zip: for (let k = 0; k < a.rows * a.cols; k++) → for (let k = 0; k < b.rows * a.cols; k++)',
      'kernels/reference.js zip: for (let k = 0; k < a.rows * a.cols; k++) → for (let k = 0; k < out.rows * a.cols; k++)',
      'kernels/reference.js zip: for (let k = 0; k < a.rows * a.cols; k++) → for (let k = 0; k < a.rows * b.cols; k++)',
      'kernels/reference.js zip: for (let k = 0; k < a.rows * a.cols; k++) → for (let k = 0; k < a.rows * out.cols; k++)',
      'network/losses.js MeanLoss.backward: this.gradient(x, y, 1 / x.rows); → this.gradient(x, y, 1 / y.rows);',
      'network/losses.js MeanLoss.backward: this.gradient(x, y, 1 / x.rows); → this.gradient(x, y, 1 / this.losses.rows);',
      'network/losses.js MeanLoss.backward: this.gradient(x, y, 1 / x.rows); → this.gradient(x, y, 1 / this.#x.rows);',
      'network/losses.js MeanLoss.backward: this.gradient(x, y, 1 / x.rows); → this.gradient(x, y, 1 / this.#y.rows);',
    ],
  },
  {
    reason:
      'The row or entry before the first is no place of a typed array: what is written there goes nowhere.',
    keys: [
      'kernels/reference.js ReferenceKernels.inputGradient: for (let i = 0; i < delta.rows; i++) { → for (let i = (-1); i < delta.rows; i++) {',
      'kernels/reference.js ReferenceKernels.softmaxCrossEntropyGradient: for (let i = 0; i < p.rows; i++) { → for (let i = (-1); i < p.rows; i++) {',
      'kernels/reference.js ReferenceKernels.svmGradient: for (let i = 0; i < s.rows; i++) { → for (let i = (-1); i < s.rows; i++) {',
      'kernels/reference.js ReferenceKernels.addScaled: addRow(factor, x.values, 0, y.values, 0, 0, x.rows * x.cols); → addRow(factor, x.values, 0, y.values, 0, (-1), x.rows * x.cols);',
      'kernels/reference.js zip: for (let k = 0; k < a.rows * a.cols; k++) → for (let k = (-1); k < a.rows * a.cols; k++)',
    ],
  },
  {
    reason: 'Where the target is 0, the sum is multiplied by it.',
    keys: [
      'kernels/reference.js ReferenceKernels.softmaxCrossEntropyGradient: if (target !== 0) → if (true)',
      'kernels/reference.js ReferenceKernels.softmaxCrossEntropyGradient: if (target !== 0) → if (target !== (-1))',
      'kernels/reference.js ReferenceKernels.softmaxCrossEntropyGradient: if (target !== 0) → if (scale !== 0)',
      'kernels/reference.js ReferenceKernels.softmaxCrossEntropyGradient: if (target !== 0) → if (n !== 0)',
    ],
  },
  {
    reason: 'The entry of the class has just been set to 0.',
    keys: [
      'kernels/reference.js ReferenceKernels.svmGradient: delta.values[c] = -violations * scale; → delta.values[c] += -violations * scale;',
    ],
  },
  {
    reason: '−1 and −0 are as true and false as 1 and 0.',
    keys: [
      'kernels/reference.js ReferenceKernels.svmGradient: const violates = j !== c && s.values[j] - s.values[c] + 1 > 0; → const violates = -(j !== c && s.values[j] - s.values[c] + 1 > 0);',
    ],
  },
  {
    reason: 'The first entry is not above itself.',
    keys: [
      'kernels/reference.js largestAt: for (let j = start + 1; j < end; j++) → for (let j = start ; j < end; j++)',
      'kernels/reference.js largestAt: for (let j = start + 1; j < end; j++) → for (let j = start + 0; j < end; j++)',
      'kernels/reference.js largestAt: for (let j = start + 1; j < end; j++) → for (let j = start + 1 - 1; j < end; j++)',
      'kernels/reference.js largestAt: for (let j = start + 1; j < end; j++) → for (let j = at + 1; j < end; j++)',
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
      'network/dense.js Dense.forward: this.#kernels.affine(x, this.w, this.b, this.#z); → this.#kernels.affine(this.#x, this.w, this.b, this.#z);',
      'network/dense.js Dense.backward: this.#kernels.weightGradient(x, delta, this.dw); → this.#kernels.weightGradient(this.#x, delta, this.dw);',
      'network/losses.js MeanLoss.forward: this.each(x, y); → this.each(this.#x, y);',
      'network/losses.js MeanLoss.forward: this.each(x, y); → this.each(x, this.#y);',
      'network/losses.js MeanLoss.backward: this.gradient(x, y, 1 / x.rows); → this.gradient(this.#x, y, 1 / x.rows);',
      'network/losses.js MeanLoss.backward: this.gradient(x, y, 1 / x.rows); → this.gradient(x, this.#y, 1 / x.rows);',
      'network/network.js Network.forward: out = this.layers[l].forward(input); → out = this.layers[l].forward(out);',
      'network/network.js Network.forward: return out; → return this.#outputs;',
    ],
  },
  {
    reason:
      'x, the targets and the losses have as many rows, and before any forward it is x that is missed first.',
    keys: [
      'network/losses.js MeanLoss.backward: const x = expectRemembered(this.constructor.name, this.#x, y); → const x = expectRemembered(this.constructor.name, this.#x, this.losses);',
      'network/losses.js MeanLoss.backward: const x = expectRemembered(this.constructor.name, this.#x, y); → const x = expectRemembered(this.constructor.name, this.#x, this.#x);',
      'network/losses.js MeanLoss.backward: const x = expectRemembered(this.constructor.name, this.#x, y); → const x = expectRemembered(this.constructor.name, this.#x, this.#y);',
    ],
  },
  {
    reason: '(x − y)² is symmetric.',
    keys: [
      'network/losses.js SquaredError.each: this.kernels.squaredError(x, y, this.losses); → this.kernels.squaredError(y,x, this.losses);',
    ],
  },
  {
    reason: 'λ is never below 0, and with λ = 0 the sum adds 0 · W.',
    keys: [
      'network/l2.js L2.backward: if (this.lambda === 0) → if (false)',
      'network/l2.js L2.backward: if (this.lambda === 0) → if (this.lambda === (-1))',
      'network/l2.js L2.backward: return; → ;',
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
      'kernels/reference.js ReferenceKernels.eluGradient: zip(delta, x, dz, (d, v) => (v > 0 ? d : d * (v + 1))); → zip(delta, x, dz, (d, v) => (v >= 0 ? d : d * (v + 1)));',
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
      'network/l1.js L1.backward: if (this.lambda === 0) → if (false)',
      'network/l1.js L1.backward: if (this.lambda === 0) → if (this.lambda === (-1))',
      'network/l1.js L1.backward: return; → ;',
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
];
