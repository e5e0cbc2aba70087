/** The usual suspects: the one change, or two, of a wrong equation that would make it right. */

import { relativeError } from '../derivative.ts';
import { type Edit, plainEdits } from './edits.ts';
import { evaluate } from './evaluate.ts';
import { expressionText, leftText } from './format.ts';
import { letterEdits, primeEdits } from './letter-edits.ts';
import { netEdits } from './net-edits.ts';
import type { DiagnosisScope } from './scope.ts';
import { isScalarShape, sameShape } from './shape.ts';
import { shapeOf } from './shapes.ts';
import type { Equation, Expression } from './syntax.ts';

/** How many changes are looked for together, how far-fetched each may be then, and how many attempts are made. */
const TOGETHER = [
  { changes: 2, cost: 1.4, attempts: 20_000 },
  { changes: 3, cost: 1.1, attempts: 15_000 },
] as const;

/**
 * What would make a wrong equation right, in a sentence: the least far-fetched single change of it, else two or three.
 *
 * @param nets the same net with other numbers each; a change counts if it makes the equation right on all of them
 * @returns null where no such change is found
 */
export function diagnose(
  equation: Equation,
  nets: readonly DiagnosisScope[],
  tolerance: number,
): string | null {
  const search = new Search(equation, nets, tolerance);
  const single = search.single();
  if (single !== undefined) return sentence(equation, [single]);
  for (const { changes, cost, attempts } of TOGETHER) {
    const edits = search.together(changes, cost, attempts);
    if (edits !== undefined) return sentence(equation, edits);
  }
  return search.constant();
}

class Search {
  readonly #equation: Equation;
  readonly #nets: readonly DiagnosisScope[];
  readonly #tolerance: number;
  readonly #numbers = new WeakMap<Expression, boolean>();
  #attempts = 0;

  constructor(equation: Equation, nets: readonly DiagnosisScope[], tolerance: number) {
    this.#equation = equation;
    this.#nets = nets;
    this.#tolerance = tolerance;
  }

  single(): Edit | undefined {
    return this.#edits(this.#equation.right, true).find(({ result }) => this.#isRight(result));
  }

  /** The first set of so many changes that makes it right, the less far-fetched ones tried first. */
  together(changes: number, cost: number, attempts: number): Edit[] | undefined {
    this.#attempts = attempts;
    return this.#descend(this.#equation.right, changes, cost);
  }

  #descend(expression: Expression, changes: number, most: number): Edit[] | undefined {
    const edits = this.#edits(expression, false).filter(({ cost }) => cost <= most);
    for (const edit of edits) {
      if (this.#attempts <= 0) return undefined;
      if (changes > 1) {
        const rest = this.#descend(edit.result, changes - 1, most);
        if (rest !== undefined) return [edit, ...rest];
      } else {
        this.#attempts--;
        if (this.#isRight(edit.result)) return [edit];
      }
    }
    return undefined;
  }

  /** A constant that the right side is off by, where every entry is off by the same. */
  constant(): string | null {
    const { left, right } = this.#equation;
    if (!this.#fits(right)) return null;
    const ratios = this.#nets.map((net) => {
      const analytic = evaluate(right, net).values;
      const exact = net.leftValue(left).values;
      const largest = exact.reduce((best, v, k) => (Math.abs(v) > Math.abs(exact[best]) ? k : best), 0);
      const ratio = analytic[largest] / exact[largest];
      const scaled = exact.map((v) => v * ratio);
      return relativeError(analytic, scaled) <= this.#tolerance ? ratio : Number.NaN;
    });
    const spread = relativeError(Float64Array.from(ratios), new Float64Array(ratios.length).fill(ratios[0]));
    if (!(spread <= 1e-9) || ratios[0] === 0) return null;
    return `Every entry is ${Number(ratios[0].toPrecision(6))} times what it should be.`;
  }

  #edits(expression: Expression, withLetters: boolean): Edit[] {
    const [net] = this.#nets;
    const { left } = this.#equation;
    const edits = [
      ...plainEdits(expression, this.#isNumber),
      ...netEdits(expression, left, net, this.#isNumber),
      ...primeEdits(expression, net),
      ...(withLetters ? letterEdits(expression, left, net) : []),
    ];
    return edits.sort((a, b) => a.cost - b.cost);
  }

  readonly #isNumber = (node: Expression): boolean => {
    let known = this.#numbers.get(node);
    if (known === undefined) {
      const shape = shapeOf(node, this.#nets[0]);
      known = shape !== undefined && isScalarShape(shape);
      this.#numbers.set(node, known);
    }
    return known;
  };

  #isRight(expression: Expression): boolean {
    const { left } = this.#equation;
    if (!this.#fits(expression)) return false;
    return this.#nets.every(
      (net) => relativeError(evaluate(expression, net).values, net.leftValue(left).values) <= this.#tolerance,
    );
  }

  #fits(expression: Expression): boolean {
    const shape = shapeOf(expression, this.#nets[0]);
    return shape !== undefined && sameShape(shape, this.#nets[0].leftShape(this.#equation.left));
  }
}

function sentence({ left }: Equation, edits: readonly Edit[]): string {
  const result = `${leftText(left)} = ${expressionText(edits[edits.length - 1].result)}`;
  const reasons = new Set(edits.flatMap(({ because }) => because ?? []));
  const phrases = edits.map(({ phrase }) => phrase);
  const what =
    edits.length === 1
      ? `It would be right ${phrases[0]}`
      : `${edits.length === 2 ? 'Two' : 'Three'} changes would make it right: ` +
        `${phrases.slice(0, -1).join(', ')}, and ${phrases[phrases.length - 1]}`;
  return [`${what}: ${result}.`, ...reasons].join(' ');
}
