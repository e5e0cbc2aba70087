/** The checks of the notes' formulas and slips, and that each of them can fail. */

import { afterEach, describe, expect, test, vi } from 'vitest';
import { checkClosedForm } from '../../../src/check/formulas/closed-form.ts';
import {
  checkFormula,
  checkFormulas,
  checkSlip,
  SLIP_THRESHOLD,
} from '../../../src/check/formulas/formula-checks.ts';
import type { Method } from '../../../src/check/result.ts';
import type { Slip } from '../../../src/formulas/formula.ts';
import { FORMULAS, formula, SLIPS } from '../../../src/formulas/registry.ts';
import { ReferenceKernels } from '../../../src/kernels/reference.ts';

const checks = checkFormulas();

/** Optimizers and schedules are no derivatives, and a projection has corners. */
function methodOf(id: string): Method {
  if (id === 'X26') return 'central-difference';
  return /^X\d$|^X1[01]$/.test(id) ? 'closed-form' : 'complex-step';
}

describe('formulas', () => {
  test.each(FORMULAS.map(({ id, title }) => [id, title]))('%s, %s, passes', (id, title) => {
    const found = checks.filter(({ formulas }) => formulas[0] === id);
    expect(found).toEqual([
      {
        name: `${id} ${title}`,
        formulas: [id],
        method: methodOf(id),
        expected: 'pass',
        maxRelativeError: expect.any(Number),
        tolerance: id === 'X26' ? 1e-6 : 1e-12,
        passed: true,
        unchecked: 0,
        diagnosis: null,
      },
    ]);
    expect(found[0].maxRelativeError).toBeLessThanOrEqual(id === 'X26' ? 1e-10 : 1e-12);
  });

  test('are compared with something: rounding shows in most of them', () => {
    const errors = checks.slice(0, FORMULAS.length).map(({ maxRelativeError }) => maxRelativeError);
    expect(errors.filter((error) => error > 0).length).toBeGreaterThan(FORMULAS.length / 2);
  });
});

describe('slips', () => {
  const of = (slip: Slip) => {
    const found = checks.filter(({ formulas }) => formulas[0] === slip.id);
    return {
      written: found.find(({ expected }) => expected === 'fail'),
      corrected: found.find(({ expected }) => expected === 'pass'),
    };
  };

  test.each(SLIPS.map((slip) => [slip.id, slip] as const))('%s holds as corrected', (id, slip) => {
    const { corrected } = of(slip);
    expect(corrected).toMatchObject({
      formulas: [id, ...slip.formulas],
      method: 'complex-step',
      passed: true,
      diagnosis: null,
    });
    expect(corrected?.maxRelativeError).toBeLessThanOrEqual(1e-12);
  });

  test.each(SLIPS.map((slip) => [slip.id, slip.kind, slip] as const))(
    '%s is wrong as written: %s',
    (id, kind, slip) => {
      const { written } = of(slip);
      expect(written).toMatchObject({ formulas: [id], passed: true });
      expect(written?.maxRelativeError).toBeGreaterThan(SLIP_THRESHOLD);
      if (kind === 'shape') expect(written?.method).toBe('shape');
      if (kind === 'gradient') expect(written?.method).toBe('complex-step');
      if (written?.method === 'shape') {
        expect(written.maxRelativeError).toBe(Infinity);
        expect(written.diagnosis).toMatch(/\d+×\d+/);
      } else {
        expect(written?.maxRelativeError).toBeLessThan(Infinity);
      }
    },
  );

  test('> and ≥ differ at exactly 0, which is among the draws', () => {
    const [written] = checkSlip(SLIPS.find(({ id }) => id === 'slip-B2') as Slip);
    expect(written).toMatchObject({ expected: 'fail', passed: true });
    expect(written.maxRelativeError).toBeLessThan(Infinity);
  });
});

test('another seed gives other numbers and the same verdicts', () => {
  for (const seed of [2, 3]) {
    const others = checkFormulas({ seed });
    expect(others.filter(({ passed }) => !passed)).toEqual([]);
    expect(others.map(({ name }) => name)).toEqual(checks.map(({ name }) => name));
    expect(others.map(({ maxRelativeError }) => maxRelativeError)).not.toEqual(
      checks.map(({ maxRelativeError }) => maxRelativeError),
    );
  }
});

test('the same seed gives the same errors', () => expect(checkFormulas({ seed: 1 })).toEqual(checks));

describe('a check fails', () => {
  afterEach(() => vi.restoreAllMocks());

  test('on a formula that is wrong by value or by shape, and says where', () => {
    const wrong = checkFormula({ ...formula('C4'), latex: ['∂L/∂b₂ = Σₙ ∂L/∂S', '∂L/∂W₂ = X₁ᵀ ∂L/∂S'] });
    expect(wrong).toMatchObject({ expected: 'pass', passed: false });
    expect(wrong.diagnosis).toMatch(/^∂L\/∂W₂ = X₁ᵀ ∂L\/∂S: /);
    const misshapen = checkFormula({ ...formula('C4'), latex: ['∂L/∂W₂ = X₁ ∂L/∂S'] });
    expect(misshapen).toMatchObject({ expected: 'pass', passed: false, maxRelativeError: Infinity });
    expect(misshapen.diagnosis).toContain('N×H (6×4) times N×C (6×3)');
  });

  test('on production code that computes something else than the formula', () => {
    const sums = ReferenceKernels.prototype.columnSums;
    vi.spyOn(ReferenceKernels.prototype, 'columnSums').mockImplementation(function (
      this: ReferenceKernels,
      delta,
      db,
      ...columns
    ) {
      sums.call(this, delta, db, ...columns);
      db.values[0] *= 2;
    });
    const broken = checkFormula(formula('C4'));
    expect(broken).toMatchObject({ passed: false });
    expect(broken.diagnosis).toBe(
      "∂L/∂b₂ = Σₙ (∂L/∂S)ₙ: the equation is right, the network's backward pass is not",
    );
    expect(checkFormula(formula('C3'))).toMatchObject({ passed: true });
  });

  test('on an optimizer or schedule that computes something else', () => {
    const steps = ReferenceKernels.prototype.adamStep;
    vi.spyOn(ReferenceKernels.prototype, 'adamStep').mockImplementation(function (
      this: ReferenceKernels,
      gradient,
      m,
      s,
      numbers,
      w,
    ) {
      steps.call(this, gradient, m, s, { ...numbers, squareScale: 1 }, w);
    });
    expect(checkFormula(formula('X5'))).toMatchObject({ method: 'closed-form', passed: false });
    expect(checkFormula(formula('X6')).diagnosis).toMatch(/does not compute what the formula says$/);
    expect(checkFormula(formula('X4'))).toMatchObject({ passed: true });
    const { net: _, ...own } = formula('D4');
    expect(() => checkFormula(own)).toThrow('checkRegularisation: expected X17 or one of X24 to X27, got D4');
    expect(() => checkClosedForm(own, 1)).toThrow(
      'checkClosedForm: expected a formula with a closed form, got D4',
    );
  });

  test('on a slip that is none, or of another kind', () => {
    const slip = (id: string) => SLIPS.find((candidate) => candidate.id === id) as Slip;
    const none = { ...slip('slip-C2'), latex: slip('slip-C2').right };
    expect(checkSlip(none)[0]).toMatchObject({ expected: 'fail', passed: false });
    const half = {
      ...slip('slip-A2'),
      latex: [slip('slip-A2').latex[0], slip('slip-A2').right[1]],
    };
    expect(checkSlip(half)[0]).toMatchObject({ expected: 'fail', passed: false });
    expect(checkSlip({ ...slip('slip-A1'), kind: 'gradient' })[0]).toMatchObject({ passed: false });
    expect(checkSlip({ ...slip('slip-C2'), kind: 'shape' })[0]).toMatchObject({ passed: false });
    expect(checkSlip({ ...slip('slip-C2'), right: slip('slip-C2').latex })[1]).toMatchObject({
      expected: 'pass',
      passed: false,
    });
  });
});
