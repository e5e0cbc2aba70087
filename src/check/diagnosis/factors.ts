/** Suspects that can be seen from the two gradients alone: transposed, sign, a constant factor. */

import { batchOf, hasColumns } from './batch-axis.ts';
import {
  type Evidence,
  explains,
  factorOf,
  type Suspect,
  type SuspectSearch,
  scaled,
  transposeValues,
} from './evidence.ts';

/** A factor that has a name, and what to say if the gradient has to be multiplied by it. */
interface NamedFactor {
  readonly value: number;
  readonly text: string;
}

/** dW is transposed. */
export const transposition: SuspectSearch = function* (evidence) {
  const { tensor, shape, analytic } = evidence;
  if (shape.length !== 2 || shape[0] * shape[1] !== analytic.length) return;
  const [rows, cols] = shape;
  yield {
    text: `transposed: d${tensor}ᵀ is right.${productRule(evidence)}`,
    right: transposeValues(analytic, cols, rows),
  };
};

/** The product that gives dW in W's own shape, if x is known. */
function productRule(evidence: Evidence): string {
  const { tensor, shape, point } = evidence;
  const [rows, cols] = shape;
  if (tensor === 'x' || rows === 1 || cols === 1) return '';
  const x = point?.tensors.x?.shape;
  const columns = hasColumns(evidence);
  const inputs = (columns ? x?.[0] : x?.at(-1)) ?? (columns ? cols : rows);
  if (columns) {
    if (cols === inputs) return ' For Y = WX the gradient is δXᵀ (X12), not Xδᵀ.';
    return rows === inputs ? ' For Y = WᵀX the gradient is Xδᵀ (X12), not δXᵀ.' : '';
  }
  if (rows === inputs) return ' For Y = XW the gradient is Xᵀδ (E2), not δᵀX.';
  return cols === inputs ? ' For Y = XWᵀ the gradient is δᵀX (E2), not Xᵀδ.' : '';
}

/** The gradient is right but for a factor that has a name. */
export const namedFactor: SuspectSearch = function* (evidence) {
  const { analytic } = evidence;
  if (analytic.length !== evidence.numeric.values.length) return;
  const found = nameOf(factorTo(analytic, evidence), evidence);
  if (found !== undefined) yield { text: found.text, right: scaled(analytic, found.value) };
};

/** The gradient is right but for some factor; it takes two entries to see one. */
export const anyFactor: SuspectSearch = function* (evidence) {
  const { analytic, tensor, numeric } = evidence;
  if (analytic.length < 2 || analytic.length !== numeric.values.length) return;
  const factor = factorTo(analytic, evidence);
  // So near 1 it is a gradient that is right but for rounding, or something smaller that is missing.
  if (!Number.isFinite(factor) || factor === 0 || Math.abs(factor - 1) < 1e-4) return;
  yield {
    text: `a constant factor is missing: ${short(factor)} × d${tensor} is right.`,
    right: scaled(analytic, factor),
  };
};

/** The same suspects, with a named factor on top. */
export const withFactor = (search: SuspectSearch): SuspectSearch =>
  function* (evidence) {
    for (const suspect of search(evidence)) {
      if (explains(suspect, evidence)) continue;
      const found = combined(suspect, evidence);
      if (found !== undefined) yield found;
    }
  };

function combined({ text, right, wrong }: Suspect, evidence: Evidence): Suspect | undefined {
  const { analytic, numeric } = evidence;
  if (right.length !== numeric.values.length) return undefined;
  if (wrong === undefined) {
    const found = nameOf(factorTo(right, evidence), evidence);
    return (
      found && { text: `two things. First, ${text} Then, ${found.text}`, right: scaled(right, found.value) }
    );
  }
  // A loss has its 1/N in both; so what is right may carry a factor of its own, and a another.
  if (wrong.length !== analytic.length) return undefined;
  const own = factorTo(right, evidence);
  const rest = own / factorOf(wrong, analytic);
  if (!Number.isFinite(own) || own === 0) return undefined;
  if (Math.abs(rest - 1) < 1e-5) return { text, right: scaled(right, own), wrong: scaled(wrong, own) };
  const found = nameOf(rest, evidence);
  if (found === undefined) return undefined;
  return {
    text: `two things. First, ${text} Then, ${found.text}`,
    right: scaled(right, own),
    wrong: scaled(wrong, own / found.value),
  };
}

/** c for which c u is nearest to n, over the entries that have a derivative. */
function factorTo(u: ArrayLike<number>, { numeric }: Evidence): number {
  if (numeric.kinks.size === 0) return factorOf(u, numeric.values);
  const entries = Array.from(numeric.values.keys()).filter((k) => !numeric.kinks.has(k));
  return factorOf(
    entries.map((k) => u[k]),
    entries.map((k) => numeric.values[k]),
  );
}

/** Names a factor by which a gradient has to be multiplied; undefined for 1 and for what has no name. */
export function nameOf(factor: number, evidence: Evidence): NamedFactor | undefined {
  const all = namedFactors(evidence).filter(({ value }) => Math.abs(factor / value - 1) < 1e-5);
  if (all.length === 0 || Math.abs(factor - 1) < 1e-5) return undefined;
  return { value: all[0].value, text: all.map(({ text }) => text).join(' Or: ') };
}

function namedFactors(evidence: Evidence): NamedFactor[] {
  const n = batchOf(evidence);
  const { loss, lambda, point } = evidence;
  const isColumns = hasColumns(evidence);
  const classesOf = (shape: readonly number[] | undefined) => (isColumns ? shape?.[0] : shape?.at(-1)) ?? 1;
  const classes = classesOf(loss === true ? point?.tensors.x?.shape : evidence.output?.shape);
  const line = isColumns ? 'rows' : 'columns';
  const factors: NamedFactor[] = [
    { value: -1, text: 'the sign is wrong: multiply by −1.' },
    {
      value: 1 / 2,
      text: 'twice too large: a factor ½ is missing, as the one in ½‖x − y‖² that cancels the 2.',
    },
    { value: 2, text: 'half of what it should be: a factor 2 is missing, or there is a ½ too much.' },
  ];
  const add = (value: number, text: string) => {
    if (value !== 1) factors.push({ value, text });
  };
  const mean = loss === true ? 'this loss is a mean over the batch (C3).' : 'forward has that factor.';
  const once =
    loss === true
      ? 'this loss is no mean, or has it already.'
      : 'the 1/N of the mean belongs in the loss alone (C3).';
  add(1 / n, `N times too large: multiply by 1/N, N = ${n}; ${mean}`);
  add(n, `divided by N = ${n} once too often: multiply by N; ${once}`);
  add(1 / n ** 2, `N² times too large: multiply by 1/N², N = ${n}.`);
  add(n ** 2, `divided by N² where nothing is to be divided: multiply by N², N = ${n}.`);
  if (classes !== n) {
    add(1 / classes, `${classes} times too large: multiply by 1/C, C = ${classes} the number of ${line}.`);
    add(classes, `divided by the number of ${line}, C = ${classes}: multiply by C.`);
  }
  add(
    1 / (n * classes),
    `N·C times too large: multiply by 1/(N·C), N·C = ${n * classes}; forward is a mean over all entries.`,
  );
  add(n * classes, `divided by N·C = ${n * classes}, the number of all entries: multiply by N·C.`);
  if (loss === true) {
    add(classes / n, `divided by C = ${classes} where it is to be divided by N = ${n}.`);
    add(n / classes, `divided by N = ${n} where it is to be divided by C = ${classes}.`);
  }
  if (lambda !== undefined && lambda !== 0) {
    add(lambda, `a factor λ = ${lambda} is missing.`);
    add(1 / lambda, `a factor λ = ${lambda} too much.`);
  }
  return factors.flatMap(({ value, text }) =>
    value === -1
      ? [{ value, text }]
      : [
          { value, text },
          { value: -value, text: `${text.slice(0, -1)}, and the sign is wrong.` },
        ],
  );
}

/** A number with four digits at most: `0.3333`. */
export const short = (value: number): string => String(Number(value.toPrecision(4)));
