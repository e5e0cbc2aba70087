/** Explanations in the notes' letters: every quoted formula holds on the matrices that are shown. */

import { describe, expect, test } from 'vitest';
import { defaultOrientation, fitsNote, type NoteView, noteView } from '../../src/explain/note-view.ts';
import { ORIENTATIONS } from '../../src/explain/orientations.ts';
import type { Network } from '../../src/network/network.ts';
import { type Explained, equationError, scopeOf } from './evaluate-citation.ts';
import { CLASSES, COMBINATIONS, explained, INPUTS, randomNetwork } from './nets.ts';

const LABEL = 2;
const NOTES = ORIENTATIONS.filter((as) => as !== 'rows');

function viewOf(network: Network, note: NoteView['note']) {
  const explanation = explained(network, LABEL, 0.5);
  return { explanation, view: noteView(network.spec, network.tensors(), explanation, note) };
}

describe.each(COMBINATIONS)('$title', ({ options }) => {
  const network = randomNetwork(options);
  const fitting = NOTES.filter((note) => fitsNote(network.spec, note));

  test('every formula of every note that fits holds on the matrices shown', () => {
    for (const note of fitting) {
      const { explanation, view } = viewOf(network, note);
      const weights = network
        .tensors()
        .flatMap(({ name, values }) => (name.startsWith('W') ? [...values] : []));
      const given: Explained = {
        lambda: options.l2 ?? 0,
        alpha: explanation.learningRate,
        loss: explanation.loss,
        label: LABEL,
        weights: { rows: weights.length, cols: 1, values: Float64Array.from(weights) },
      };
      for (const { id, text, reading, rows, cols, values } of view.blocks.flatMap(({ lines }) => lines)) {
        const { equation } = reading;
        const scope = scopeOf(
          equation,
          options.activation ?? 'relu',
          (quantity) => view.matrix(reading, quantity),
          given,
        );
        expect(equationError(equation, scope, { rows, cols, values }), `${id} ${text}`).toBeLessThanOrEqual(
          1e-12,
        );
      }
    }
  });

  test('the default orientation fits, and a note that does not fit is refused', () => {
    expect(fitsNote(network.spec, defaultOrientation(network.spec))).toBe(true);
    for (const note of NOTES.filter((each) => !fitting.includes(each))) {
      expect(() => viewOf(network, note)).toThrow(RangeError);
    }
  });
});

describe('one hidden layer, ReLU, softmax', () => {
  const network = randomNetwork({ inputs: INPUTS, hidden: [5], classes: CLASSES });
  const shown = (note: NoteView['note']) => {
    const [{ letters, lines }] = viewOf(network, note).view.blocks;
    return {
      letters: letters.map(({ symbol, code, rows, cols }) => `${symbol} = ${code} ${rows}×${cols}`),
      lines: lines.map(({ id, text, code }) => `${id} ${text.join('; ')} | ${code}`),
    };
  };

  test('note A has columns, and W the other way round', () => {
    const { letters, lines } = shown('A');
    expect(letters).toEqual([
      'X = x0ᵀ 6×1',
      'HW = W1ᵀ 5×6',
      'HB = b1ᵀ 5×1',
      'Z = x1ᵀ 5×1',
      'W = W2ᵀ 4×5',
      'B = b2ᵀ 4×1',
      'Y = sᵀ 4×1',
      'S = pᵀ 4×1',
      'L = yᵀ 4×1',
    ]);
    expect(lines).toEqual([
      'A1 Z = R(HW·X + HB) | x1ᵀ',
      'A1 Y = W·Z + B | sᵀ',
      'A1 S = softmax(Y) by columns | pᵀ',
      'A2 loss = −(1/N) Σᵢ Σⱼ Lᵢⱼ ln Sᵢⱼ | loss',
      'A4 −α∇_HW = (α/N) [Wᵀ(L − S) ⊙ R′(HW·X + HB)] Xᵀ | −α (∂L/∂W1)ᵀ',
      'A5 −α∇_HB = (α/N) [Wᵀ(L − S) ⊙ R′(HW·X + HB)]·𝟏 | −α (∂L/∂b1)ᵀ',
      'X12 −α∇_W = (α/N) (L − S) Zᵀ | −α (∂L/∂W2)ᵀ',
      'X12 −α∇_B = (α/N) Σᵢ (L − S)ᵢ | −α (∂L/∂b2)ᵀ',
    ]);
  });

  test('note C has rows', () => {
    expect(shown('C').letters).toContain('W₁ = W1 6×5');
    expect(shown('C').lines[0]).toBe('C1 X₁ = ReLU(X W₁ + b₁) | x1');
  });
});

test('note D writes the numbers of the layers that there are', () => {
  const options = { inputs: INPUTS, hidden: [5, 3], classes: CLASSES, activation: 'sigmoid' } as const;
  const { view } = viewOf(randomNetwork({ ...options, loss: 'squared-error' }), 'D');
  const [{ letters, lines }] = view.blocks;
  expect(lines.map(({ id, text }) => `${id} ${text.join('; ')}`).sort()).toEqual(
    [
      'D1 z¹ = (W¹)ᵀ x⁰ + b¹',
      'D1 z² = (W²)ᵀ x¹ + b²',
      'D1 x¹ = φ(z¹)',
      'D1 x² = φ(z²)',
      'D2 z³ = (W³)ᵀ x² + b³',
      'D2 x³ = φ(z³)',
      'D3 L = ½ Σₖ (x³ₖ − yₖ)²',
      'D4 δ³ = (x³ − y) ⊙ φ′(z³)',
      'D5 δ¹ = (W² δ²) ⊙ φ′(z¹)',
      'D5 δ² = (W³ δ³) ⊙ φ′(z²)',
      'D6 ∂L/∂W³ = x² (δ³)ᵀ',
      'D6 ∂L/∂b³ = δ³',
      'D7 ∂L/∂W¹ = x⁰ (δ¹)ᵀ',
      'D7 ∂L/∂W² = x¹ (δ²)ᵀ',
      'D7 ∂L/∂b¹ = δ¹',
      'D7 ∂L/∂b² = δ²',
      'D9 ∂L/∂x³ₖ = x³ₖ − yₖ',
    ].sort(),
  );
  const codes = letters.map(({ symbol, code }) => `${symbol} = ${code}`);
  expect(codes).toEqual(expect.arrayContaining(['W³ = W3', 'x² = x2ᵀ', 'b¹ = b1ᵀ', 'z³ = z3ᵀ']));
});

test('note E has each affine layer of an SVM in X, W and Y', () => {
  const { view } = viewOf(randomNetwork({ inputs: INPUTS, hidden: [5], classes: CLASSES, loss: 'svm' }), 'E');
  expect(view.blocks.map(({ title, lines }) => `${title}: ${lines.map(({ id }) => id).join(' ')}`)).toEqual([
    'layer 1: E2 X14 X14',
    'layer 2: E1 E2 E4 E5 X14 X14',
  ]);
});
