/** The shapes of an expression, found before any number is looked at, with the steps told as a teacher would. */

import { EquationError, ShapeError } from './errors.ts';
import { expressionText, factorText } from './format.ts';
import { agreed, usesOf } from './ranges.ts';
import type { ShapeScope } from './scope.ts';
import {
  isScalarShape,
  ONE,
  SCALAR,
  type Shape,
  type Size,
  sameShape,
  shapeText,
  sizeText,
  transposedShape,
} from './shape.ts';
import type { Expression } from './syntax.ts';

/** The shape of an expression, and how it came about. */
export interface ShapeReport {
  readonly shape: Shape;
  /** A line for each operation of two matrices, from the inside out. */
  readonly steps: readonly string[];
}

/**
 * The shape of an expression.
 *
 * @throws ShapeError with the steps that were fine and the one that was not
 */
export function checkShapes(expression: Expression, scope: ShapeScope): ShapeReport {
  const checker = new ShapeChecker(scope, true);
  const shape = checker.shape(expression);
  return { shape, steps: checker.steps };
}

/** The shape of an expression, or undefined where it has none. */
export function shapeOf(expression: Expression, scope: ShapeScope): Shape | undefined {
  try {
    return new ShapeChecker(scope, false).shape(expression);
  } catch (error) {
    if (error instanceof ShapeError) return undefined;
    throw error;
  }
}

/** What is thrown where nobody reads the message: writing it takes far longer than finding the shape. */
const UNTOLD = new ShapeError('the shapes do not fit', { start: 0, end: 0 });

class ShapeChecker {
  readonly steps: string[] = [];
  readonly #scope: ShapeScope;
  readonly #tells: boolean;

  /** @param tells whether to write steps and messages */
  constructor(scope: ShapeScope, tells: boolean) {
    this.#scope = scope;
    this.#tells = tells;
  }

  shape(expression: Expression): Shape {
    switch (expression.kind) {
      case 'number':
        return SCALAR;
      case 'symbol':
      case 'derivative':
        return this.#scope.shape(expression);
      case 'negate':
        return this.shape(expression.operand);
      case 'power':
        return this.#power(expression);
      case 'transpose':
        return transposedShape(this.shape(expression.operand));
      case 'sum':
        return this.#sum(expression);
      case 'product':
        return this.#product(expression);
      case 'indicator':
        return this.#elementwise(expression, expression.sign, expression.left, expression.right);
      case 'call':
        return this.#call(expression);
      case 'literal':
        return this.#literal(expression);
      case 'entry':
        return this.#entry(expression);
      case 'kronecker':
        return SCALAR;
      case 'bigsum':
        return this.#bigsum(expression);
    }
  }

  #power(expression: Expression & { kind: 'power' }): Shape {
    const shape = this.shape(expression.operand);
    if (expression.exponent >= 0 || isScalarShape(shape)) return shape;
    const text = factorText(expression.operand);
    throw this.#refusal(
      expression,
      () =>
        `${expressionText(expression)} needs a number, ${text} is ${shapeText(shape)}: ` +
        `no derivation here takes the inverse of a matrix, and 1/${text} is that of each entry`,
    );
  }

  #sum(expression: Expression & { kind: 'sum' }): Shape {
    const { left, right } = expression;
    const [a, b] = [this.shape(left), this.shape(right)];
    if (isScalarShape(a)) return b;
    if (isScalarShape(b)) return a;
    if (expression.broadcasts) return this.#broadcast(expression, a, b);
    if (sameShape(a, b)) {
      this.#step(() => `${expressionText(expression)}: both ${shapeText(a)}, fine`);
      return named(a, b);
    }
    for (const [matrix, vector, text] of [
      [a, b, expressionText(right)],
      [b, a, expressionText(left)],
    ] as const) {
      const line = vectorAlong(matrix, vector);
      if (line === undefined) continue;
      this.#step(
        () =>
          `${expressionText(expression)}: ${text}, ${shapeText(vector)}, goes to each ${line} of ${shapeText(matrix)}, fine`,
      );
      return matrix;
    }
    const turned = sameShape(transposedShape(b), a) ? '; with one of the two transposed they would be' : '';
    throw this.#refusal(
      expression,
      () =>
        `${expressionText(expression)}: ${expressionText(left)} is ${shapeText(a)} and ${expressionText(right)} is ` +
        `${shapeText(b)}, which must be equal${turned}`,
    );
  }

  #product(expression: Expression & { kind: 'product' }): Shape {
    const { sign, left, right } = expression;
    if (sign !== '*' && expression.broadcasts) {
      return this.#broadcast(expression, this.shape(left), this.shape(right));
    }
    if (sign === '⊙') return this.#elementwise(expression, '⊙', left, right);
    if (sign === '/') return this.#quotient(expression);
    const [a, b] = [this.shape(left), this.shape(right)];
    if (isScalarShape(a)) return b;
    if (isScalarShape(b)) return a;
    if (expression.isStar && sameShape(a, b)) this.#refuseStar(expression, a, b);
    if (a.cols.size === b.rows.size) {
      const shape = { rows: a.rows, cols: b.cols };
      this.#step(
        () =>
          `${expressionText(expression)} is ${shapeText(a)} times ${shapeText(b)}: fine, ${shapeText(shape)}`,
      );
      return shape;
    }
    throw this.#refusal(
      expression,
      () =>
        `${expressionText(expression)} is ${shapeText(a)} times ${shapeText(b)}: ` +
        `${factorText(left)} has ${count(a.cols, 'column')} and ` +
        `${factorText(right)} has ${count(b.rows, 'row')}, which must be equal${transposeHint(left, a, right, b)}`,
    );
  }

  /** Of two tensors of one shape an ASCII `*` may be either product. */
  #refuseStar({ left, right, span }: Expression & { kind: 'product' }, a: Shape, b: Shape): void {
    if (!this.#tells) return;
    const [x, y] = [factorText(left), factorText(right)];
    const isSquare = a.cols.size === b.rows.size;
    const other = isSquare ? `${x}·${y} for the matrix product` : 'there is no matrix product of the two';
    throw new EquationError(
      `expected ${x} ⊙ ${y} or ${x} .* ${y} for the product entry by entry (${other}), got ${x}*${y} at character ${span.start + 1}`,
      span,
    );
  }

  /** The shape of two tensors of which each dimension of 1 is repeated along the other's. */
  #broadcast(expression: Expression & { kind: 'sum' | 'product' }, a: Shape, b: Shape): Shape {
    const along = (x: Size, y: Size): Size | undefined =>
      x.size === 1 ? y : y.size === 1 || y.size === x.size ? x : undefined;
    const rows = along(a.rows, b.rows);
    const cols = along(a.cols, b.cols);
    if (rows !== undefined && cols !== undefined) return { rows, cols };
    throw this.#mismatch(expression, expression.sign, a, expression.right, b);
  }

  #quotient(expression: Expression & { kind: 'product' }): Shape {
    const { left, right } = expression;
    const [a, b] = [this.shape(left), this.shape(right)];
    if (isScalarShape(b)) return a;
    if (isScalarShape(a)) return b;
    if (sameShape(a, b)) return named(a, b);
    const along = vectorAlong(a, b);
    const hint =
      along === undefined
        ? ''
        : `; to divide each ${along}, repeat it first: ${
            along === 'row' ? `ones(${sizeText(a.rows)}, 1)·v` : `v·ones(1, ${sizeText(a.cols)})`
          }`;
    throw this.#mismatch(expression, `${factorText(left)} /`, a, right, b, hint);
  }

  #elementwise(expression: Expression, sign: string, left: Expression, right: Expression): Shape {
    const [a, b] = [this.shape(left), this.shape(right)];
    if (isScalarShape(a)) return b;
    if (isScalarShape(b)) return a;
    if (!sameShape(a, b)) throw this.#mismatch(expression, sign, a, right, b);
    if (sign === '⊙') this.#step(() => `${expressionText(expression)}: both ${shapeText(a)}, fine`);
    return named(a, b);
  }

  #mismatch(
    expression: Expression,
    what: string,
    a: Shape,
    right: Expression,
    b: Shape,
    hint = '',
  ): ShapeError {
    return this.#refusal(expression, () => {
      const text = factorText(right);
      const turned = sameShape(transposedShape(b), a) ? `; ${transposeText(right)} would fit` : '';
      return `${what} ${text} needs ${shapeText(a)}, ${text} is ${shapeText(b)}${turned}${hint}`;
    });
  }

  #call(expression: Expression & { kind: 'call' }): Shape {
    const { name, args } = expression;
    switch (name) {
      case 'ones':
        return { rows: this.#size(args[0]), cols: this.#size(args[1]) };
      case 'identity':
        return { rows: this.#size(args[0]), cols: this.#size(args[0]) };
      case 'max':
      case 'min':
        return this.#elementwise(expression, `${name} with`, args[0], args[1]);
      case 'pow':
        return this.#elementwise(expression, 'to the power of', args[0], args[1]);
      case 'outer': {
        const [a, b] = args.map((arg) => this.shape(arg));
        return { rows: longer(a), cols: longer(b) };
      }
      default:
        return this.#reduced(expression, this.shape(args[0]));
    }
  }

  #reduced(expression: Expression & { kind: 'call' }, shape: Shape): Shape {
    const say = (result: Shape) => {
      this.#step(() => `${expressionText(expression)} is ${shapeText(result)}`);
      return result;
    };
    switch (expression.name) {
      case 'sum':
        return SCALAR;
      case 'mean':
        return SCALAR;
      case 'rowsum':
      case 'rowmean':
        return say({ rows: shape.rows, cols: ONE });
      case 'colsum':
      case 'colmean':
        return say({ rows: ONE, cols: shape.cols });
      case 'diag': {
        if (shape.rows.size === 1) return { rows: shape.cols, cols: shape.cols };
        if (shape.cols.size === 1) return { rows: shape.rows, cols: shape.rows };
        const text = expressionText(expression.args[0]);
        throw this.#refusal(expression, () => `diag needs a vector, ${text} is ${shapeText(shape)}`);
      }
      case 'sumOverSamples': {
        const { samples, sampleLetter } = this.#scope;
        const along = samples === 'rows' ? shape.rows : shape.cols;
        const size = this.#scope.dimension(sampleLetter ?? '');
        if (along.size !== size) {
          const text = expressionText(expression.args[0]);
          throw this.#refusal(
            expression,
            () => `Σₙ goes over the ${sampleLetter} ${samples}, ${text} is ${shapeText(shape)}`,
          );
        }
        return say(samples === 'rows' ? { ...shape, rows: ONE } : { ...shape, cols: ONE });
      }
      default:
        return shape;
    }
  }

  #refusal(expression: Expression, problem: () => string): ShapeError {
    return this.#tells ? new ShapeError(problem(), expression.span, this.steps) : UNTOLD;
  }

  #step(line: () => string): void {
    if (this.#tells) this.steps.push(line());
  }

  #literal(expression: Expression & { kind: 'literal' }): Shape {
    for (const entry of expression.rows.flat()) {
      const shape = this.shape(entry);
      if (!isScalarShape(shape)) {
        throw this.#refusal(
          entry,
          () => `an entry of [ ] needs a number, ${expressionText(entry)} is ${shapeText(shape)}`,
        );
      }
    }
    const { rows } = expression;
    const unlettered = (size: number): Size => ({ size, letter: null });
    return { rows: unlettered(rows.length), cols: unlettered(rows[0].length) };
  }

  #bigsum(expression: Expression & { kind: 'bigsum' }): Shape {
    const { letter, upTo, operand, span } = expression;
    const shape = this.shape(operand);
    const size = agreed(letter, usesOf(letter, operand, this.#scope, entrySizes), expression);
    if (upTo === null) return shape;
    const limit = this.#scope.limit(upTo);
    if (limit === undefined || this.#scope.dimension(limit) !== size.size) {
      throw new ShapeError(
        `Σ over ${letter} goes up to ${upTo}, but ${letter} counts 1 to ${sizeText(size)} in ${expressionText(operand)}`,
        span,
        this.steps,
      );
    }
    return shape;
  }

  #entry(expression: Expression & { kind: 'entry' }): Shape {
    const { operand, indices } = expression;
    const text = expressionText(expression);
    const sizes = entrySizes(expression, this.#scope);
    const shape = operand.kind === 'derivative' && operand.of !== null ? SCALAR : this.shape(operand);
    const { samples } = this.#scope;
    const isSlice = indices.length === 1 && sizes.length === 2 && indices[0].kind !== 'number';
    if (isSlice) {
      const along = this.#scope.dimension(this.#scope.sampleLetter ?? '');
      const counted = samples === 'rows' ? shape.rows : shape.cols;
      if (operand.kind !== 'symbol' && operand.kind !== 'entry' && counted.size === along) {
        return samples === 'rows' ? { rows: ONE, cols: shape.cols } : { rows: shape.rows, cols: ONE };
      }
    }
    if (indices.length !== sizes.length) {
      throw this.#refusal(expression, () =>
        sizes.length === 2 && indices.every(({ kind }) => kind === 'number')
          ? `${text}: a matrix of ${shapeText(shape)} needs row and column, as in S[2, 1]`
          : `${text}: ${expressionText(operand)} has ${sizes.length} ${sizes.length === 1 ? 'index' : 'indices'}, got ${indices.length}`,
      );
    }
    indices.forEach((index, k) => {
      if (index.kind !== 'number' || (index.value >= 1 && index.value <= sizes[k].size)) return;
      throw this.#refusal(
        expression,
        () => `${text}: no such entry, ${expressionText(operand)} is ${shapeText(shape)}`,
      );
    });
    return SCALAR;
  }

  /** The argument of `ones` and `I`, which the parser has checked. */
  #size(expression: Expression): Size {
    if (expression.kind === 'number') return { size: expression.value, letter: null };
    const letter = expression.kind === 'symbol' ? expression.name : '';
    return { size: this.#scope.dimension(letter) ?? 1, letter };
  }
}

/** The sizes that the indices of an entry count; none where the operand has no shape. */
export function entrySizes({ operand }: Expression & { kind: 'entry' }, scope: ShapeScope): readonly Size[] {
  if (operand.kind === 'derivative' && operand.of !== null) {
    return [...tensorSizes(operand.of, scope), ...tensorSizes(operand.by, scope)];
  }
  const shape = shapeOf(operand, scope);
  return shape === undefined ? [] : sizesOf(shape);
}

/** The sizes that the indices of a tensor count. */
export const tensorSizes = (name: string, scope: ShapeScope): readonly Size[] =>
  sizesOf(scope.shape({ kind: 'symbol', name, text: name, span: { start: 0, end: 0 } }));

/** A dimension of a letter counts also where its size is 1, as of a batch of one sample. */
const sizesOf = ({ rows, cols }: Shape): readonly Size[] =>
  [rows, cols].filter(({ size, letter }) => size > 1 || letter !== null);

const longer = ({ rows, cols }: Shape): Size => (rows.size === 1 ? cols : rows);

/** The same shape with as many letters as the two have. */
const named = (a: Shape, b: Shape): Shape => ({
  rows: a.rows.letter === null ? b.rows : a.rows,
  cols: a.cols.letter === null ? b.cols : a.cols,
});

/** Whether a vector can be added to each row or column of a matrix, and to which. */
function vectorAlong(matrix: Shape, vector: Shape): 'row' | 'column' | undefined {
  if (vector.rows.size === 1 && vector.cols.size === matrix.cols.size && matrix.rows.size > 1) return 'row';
  if (vector.cols.size === 1 && vector.rows.size === matrix.rows.size && matrix.cols.size > 1)
    return 'column';
  return undefined;
}

const count = (size: Size, what: string) =>
  `${size.letter === null ? '' : `${size.letter} = `}${size.size} ${what}${size.size === 1 ? '' : 's'}`;

/** `X1ᵀ`, or `X1` of `X1ᵀ`. */
export function transposeText(expression: Expression): string {
  return expression.kind === 'transpose' ? expressionText(expression.operand) : `${factorText(expression)}ᵀ`;
}

function transposeHint(left: Expression, a: Shape, right: Expression, b: Shape): string {
  const fitsLeft = a.rows.size === b.rows.size;
  const fitsRight = a.cols.size === b.cols.size;
  const [turnedLeft, turnedRight] = [transposeText(left), transposeText(right)];
  if (fitsLeft && fitsRight) {
    return `; ${turnedLeft}·${factorText(right)} or ${factorText(left)}·${turnedRight} would fit`;
  }
  return fitsLeft || fitsRight ? `; ${fitsLeft ? turnedLeft : turnedRight} would fit` : '';
}
