/** The usual suspects: the one change, or two, of a wrong equation that would make it right. */

import { expressionText, leftText } from '../../formulas/language/format.ts';
import type { DiagnosisScope } from '../../formulas/language/scope.ts';
import { isScalarShape } from '../../formulas/language/shape.ts';
import { shapeOf } from '../../formulas/language/shapes.ts';
import { childrenOf, type Equation, type Expression } from '../../formulas/language/syntax.ts';
import { relativeError } from '../gradients/derivative.ts';
import type { Net } from '../note-nets/note-nets.ts';
import { type Edit, plainEdits } from './edits.ts';
import { letterEdits, primeEdits } from './letter-edits.ts';
import { netEdits } from './net-edits.ts';
import { sidesFit, sidesOf } from './sides.ts';
import { nameOfChange, usualMistake } from './usual.ts';

/** How many changes are looked for together, how far-fetched each may be then, and how many attempts are made. */
const TOGETHER = [
  { changes: 2, cost: 1.4, attempts: 20_000 },
  { changes: 3, cost: 1.1, attempts: 15_000 },
] as const;

/** How far the right side may be from what a usual mistake gives, which sums in another order. */
const NAMED = 1e-10;

/** The most terms, factors and functions of an equation that a slip is looked for in; those of the notes have 40. */
const MOST_NODES = 100;

/** How many nodes of changed equations are looked at all in all; counted, so that every machine stops at the same. */
const MOST_WORK = 2_000_000;

/**
 * What would make a wrong equation right, in a sentence: the least far-fetched single change of it, else two or three.
 *
 * @param nets the same net with other numbers each; a change counts if it makes the equation right on all of them
 * @returns null where no such change is found
 */
export function diagnose(equation: Equation, nets: readonly Net[], tolerance: number): string | null {
  const search = new Search(equation, nets, tolerance);
  if (countNodes(equation.right) > MOST_NODES) {
    return search.constant() ?? 'It is too long to look for the slip in it: check its parts one by one.';
  }
  const single = search.single();
  const named =
    (search.fits() ? usualMistake(equation, nets, NAMED) : null) ??
    (single === undefined ? null : nameOfChange(equation, single.result, nets[0]));
  const change = single === undefined ? null : sentence(equation, [single]);
  if (named !== null || change !== null) return [named, change].filter((part) => part !== null).join(' ');
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
  #work = 0;

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
      if (this.#attempts <= 0 || this.#work > MOST_WORK) return undefined;
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

  /** Whether the shapes of the two sides fit. */
  fits(): boolean {
    return this.#nets.every((net) => this.#fits(this.#equation.right, net));
  }

  /** What the right side is off by, where every entry is off by the same: a constant, or one times or over a size. */
  constant(): string | null {
    const { right } = this.#equation;
    if (!this.#nets.every((net) => this.#fits(right, net))) return null;
    const ratios = this.#nets.map((net) => {
      const sides = sidesOf(this.#equation, right, net);
      const [analytic, exact] = [sides.analytic.values, sides.exact.values];
      const largest = exact.reduce((best, v, k) => (Math.abs(v) > Math.abs(exact[best]) ? k : best), 0);
      const ratio = analytic[largest] / exact[largest];
      const scaled = exact.map((v) => v * ratio);
      return relativeError(analytic, scaled) <= this.#tolerance ? ratio : Number.NaN;
    });
    const letters = this.#nets[0].numberNames.filter((name) => this.#nets[0].dimension(name) !== undefined);
    for (const letter of [null, ...letters]) {
      for (const sign of letter === null ? [''] : ['·', '/']) {
        const constants = ratios.map((ratio, k) => {
          const size = letter === null ? 1 : (this.#nets[k].dimension(letter) ?? Number.NaN);
          return sign === '·' ? ratio / size : ratio * size;
        });
        const [first] = constants;
        const spread = relativeError(
          Float64Array.from(constants),
          new Float64Array(constants.length).fill(first),
        );
        if (!(spread <= 1e-9) || first === 0) continue;
        return `Every entry is ${Number(first.toPrecision(6))}${sign}${letter ?? ''} times what it should be.`;
      }
    }
    return null;
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
    // Each says in words what it changes, which takes as long as the expression is.
    this.#work += edits.length * countNodes(expression);
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
    this.#work += countNodes(expression);
    return this.#nets.every((net) => {
      if (!this.#fits(expression, net)) return false;
      const { analytic, exact } = sidesOf(this.#equation, expression, net);
      return relativeError(analytic.values, exact.values) <= this.#tolerance;
    });
  }

  #fits(expression: Expression, net: DiagnosisScope): boolean {
    return sidesFit(this.#equation, expression, net);
  }
}

const countNodes = (expression: Expression): number =>
  childrenOf(expression).reduce((count, child) => count + countNodes(child), 1);

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
