/** What `mlp check-derivation` prints of an equation. */

import type { ChalkInstance } from 'chalk';
import type { DerivationCheck } from '../../check/derivation/derivation.ts';
import type { Tensor } from '../../formulas/language/tensor.ts';
import { table } from './terminal.ts';

/** How many wrong entries are shown. */
const MAX_ENTRIES = 5;

/** The equation as understood, its shapes step by step, the verdict, and of a wrong one the worst entries and a hint. */
export function derivationLines(check: DerivationCheck, colour: ChalkInstance): string[] {
  const { expression, shapes, shapesFit, passed, hint, analytic, numeric, otherSizes } = check;
  const last = shapes.length - 1;
  const steps = shapes.map((step, i) =>
    shapesFit || i < last ? `  ${colour.dim(step)}` : `  ${colour.red(step)}`,
  );
  const lines = [colour.bold(expression), ...steps, verdict(check, colour)];
  if (passed) return lines;
  if (analytic !== null && otherSizes !== null) {
    lines.push('', `It holds on the first draw, but not on another, with ${otherSizes}:`);
  }
  if (analytic !== null) lines.push('', ...entryLines(analytic, numeric));
  if (hint !== null) lines.push('', colour.yellow(hint));
  return lines;
}

function verdict(check: DerivationCheck, colour: ChalkInstance): string {
  const { net, left, passed, maxRelativeError, tolerance, shapesFit, productionError } = check;
  if (!shapesFit) return `${colour.red('wrong')}  the shapes do not fit, so there is nothing to compare`;
  const exact = productionError === null ? 'value' : 'gradient';
  const error = `relative error ${errorText(maxRelativeError)}, tolerance ${tolerance}`;
  if (!passed) return `${colour.red('wrong')}  ${left} is not the exact ${exact} of net ${net}: ${error}`;
  const own = productionError === null ? '' : `; the project's own backward ${errorText(productionError)}`;
  return `${colour.green('right')}  ${left} is the exact ${exact} of net ${net}: ${error}${own}`;
}

/** 2.3e-16, or 0. */
const errorText = (error: number) =>
  error === 0 || !Number.isFinite(error) ? String(error) : error.toExponential(1);

/** The entries that are furthest off, as typed and as they are. */
function entryLines(analytic: Tensor, numeric: Tensor): string[] {
  const off = [...analytic.values].map((typed, k) => ({ k, typed, exact: numeric.values[k] }));
  const distance = ({ typed, exact }: { typed: number; exact: number }) => {
    const d = Math.abs(typed - exact);
    return Number.isNaN(d) ? Infinity : d;
  };
  const worst = off.sort((a, b) => distance(b) - distance(a)).slice(0, MAX_ENTRIES);
  const rows = worst.map(({ k, typed, exact }) => [
    `[${Math.floor(k / numeric.cols) + 1}, ${(k % numeric.cols) + 1}]`,
    number(typed),
    number(exact),
  ]);
  const size = numeric.values.length;
  const head = size > MAX_ENTRIES ? `worst ${MAX_ENTRIES} of ${size}` : 'entry';
  return table([[head, 'typed', 'exact'], ...rows]).map((line) => `  ${line}`);
}

const number = (value: number) => (Number.isFinite(value) ? value.toPrecision(6) : String(value));
