/** Layers that add up, remember too long or write to their inputs, each diagnosed by name. */

import { describe, expect, test } from 'vitest';
import { affine, fill, map, product, type Rows, sigma, sigmaPrime, transpose } from '../module/modules.ts';
import { expectDiagnosed, failures } from './expect-diagnosed.ts';

describe('a layer that keeps things', () => {
  class Affine {
    shapes = { x: [4, 3], W: [3, 2] };
    W: Rows = fill(3, 2, () => 0);
    dW: Rows = fill(3, 2, () => 0);
    x: Rows = [];
    forward(x: Rows): Rows {
      this.x = x;
      return product(x, this.W);
    }
    backward(delta: Rows): Rows {
      this.dW = product(transpose(this.x), delta);
      return product(delta, transpose(this.W));
    }
  }

  test('passes', () => {
    expect(failures(Affine)).toEqual({});
    expect(failures(new Affine())).toEqual({});
  });

  test('accumulated', () => {
    class Accumulating extends Affine {
      override backward(delta: Rows): Rows {
        const before = this.dW;
        const dx = super.backward(delta);
        this.dW = map(this.dW, (v, i, j) => v + before[i][j]);
        return dx;
      }
    }
    expectDiagnosed(Accumulating, {
      dW: /^accumulated: each backward adds to the dW of the one before/,
      'dW overwritten': /another gradient/,
    });
    class Zeroed extends Accumulating {
      zeroGrad(): void {
        this.dW = fill(3, 2, () => 0);
      }
    }
    expect(failures(Zeroed)).toEqual({});
  });

  test('stale', () => {
    class Stale extends Affine {
      override forward(x: Rows): Rows {
        if (this.x.length === 0) this.x = x;
        return product(x, this.W);
      }
    }
    expectDiagnosed(Stale, { dW: /^computed from the x of an earlier call/ });
    class Late extends Affine {
      late: Rows = fill(3, 2, () => 0);
      override backward(delta: Rows): Rows {
        const dx = super.backward(delta);
        [this.dW, this.late] = [this.late, this.dW];
        return dx;
      }
    }
    expect(failures(Late).dW).toMatch(/^computed from the x and the δ of an earlier call/);
  });

  test('modified in place', () => {
    const byForward = {
      forward: (x: Rows) => {
        for (const row of x) for (const j of row.keys()) row[j] = sigma(row[j]);
        return map(x, (v) => v);
      },
      backward: (delta: Rows, x: Rows) => map(x, (v, i, j) => delta[i][j] * sigmaPrime(v)),
    };
    expectDiagnosed(byForward, {
      dx: /^modified in place: x by forward\. With untouched arrays it is right: work on a copy/,
      'x unchanged': /^forward modified x in place/,
    });
    const byBackward = {
      ...affine(),
      backward: (delta: Rows, x: Rows, params: { W: Rows; b: number[] }) => {
        const right = affine().backward(delta, x, params);
        delta[0][0] = 0;
        params.W[1][1] -= 0.1;
        return right;
      },
    };
    expectDiagnosed(byBackward, {
      'W unchanged': /^backward modified W in place/,
      'delta unchanged': /^backward modified delta in place/,
    });
  });

  test('a parameter that forward does not read', () => {
    const module = affine();
    const deaf = { ...module, forward: (x: Rows, { W }: { W: Rows }) => product(x, W) };
    expectDiagnosed(deaf, { db: /^forward does not change with b\. If it should, let it read params\.b/ });
  });
});
