/** The calls and methods of numpy: `np.sum(dS, axis=0)`, `X.T.dot(dS)`, `X.shape[0]`. */

import type { Cursor } from './cursor.ts';
import type { Span } from './errors.ts';
import type { FunctionName } from './functions.ts';
import { NUMPY_FUNCTIONS, NUMPY_NAMES, NUMPY_SUMS } from './numpy.ts';
import type { Expression } from './syntax.ts';

/** The arguments of a call. */
interface Arguments {
  readonly args: readonly Expression[];
  /** 0 or 1, or undefined where none is given. */
  readonly axis: number | undefined;
  readonly span: Span;
}

/** Reads what follows `np.` and `A.`. */
export class NumpyParser {
  readonly #cursor: Cursor;
  readonly #expression: () => Expression;
  readonly #dimension: (of: Expression, axis: number) => string | undefined;

  /** @param dimension the letter of the rows (0) or columns (1) of a symbol */
  constructor(
    cursor: Cursor,
    expression: () => Expression,
    dimension: (of: Expression, axis: number) => string | undefined,
  ) {
    this.#cursor = cursor;
    this.#expression = expression;
    this.#dimension = dimension;
  }

  /** A function after `np`, whose dot is the next token. */
  call(start: number): Expression {
    this.#cursor.expect('.');
    const token = this.#cursor.expectName('a function after `np.`');
    return this.#applied(token.name, [], { start, end: token.span.end });
  }

  /** A method of a tensor, whose dot is the next token. */
  method(operand: Expression): Expression {
    this.#cursor.expect('.');
    const token = this.#cursor.expectName('a method after `.`');
    const span = { start: operand.span.start, end: token.span.end };
    if (token.name === 'shape') return this.#shape(operand, span.start);
    if (token.name === 'astype' || token.name === 'copy') {
      this.#skipArguments();
      return operand;
    }
    return this.#applied(token.name, [operand], span);
  }

  #applied(name: string, first: readonly Expression[], where: Span): Expression {
    const { args, axis, span } = this.#arguments(first, where);
    const count = (n: number) => {
      if (args.length !== n)
        throw this.#cursor.refusal(`expected ${n} arguments of ${name}, got ${args.length}`, span);
    };
    if (Object.hasOwn(NUMPY_SUMS, name)) {
      count(1);
      return call(NUMPY_SUMS[name][axis === undefined ? 0 : axis + 1], args, span);
    }
    switch (name) {
      case 'dot':
      case 'matmul':
        count(2);
        return { kind: 'product', sign: '*', left: args[0], right: args[1], span };
      case 'multiply':
        count(2);
        return { kind: 'product', sign: '⊙', left: args[0], right: args[1], broadcasts: true, span };
      case 'transpose':
        count(1);
        return { kind: 'transpose', operand: args[0], span };
      case 'square':
        count(1);
        return { kind: 'power', operand: args[0], exponent: 2, span };
      case 'ones':
        return call(
          'ones',
          args.flatMap((arg) => (arg.kind === 'literal' ? arg.rows[0] : [arg])),
          span,
        );
      case 'where': {
        count(3);
        const [test, yes, no] = args;
        const one: Expression = { kind: 'number', value: 1, text: '1', span };
        const rest: Expression = { kind: 'sum', sign: '-', left: one, right: test, span };
        const times = (a: Expression, b: Expression): Expression => ({
          kind: 'product',
          sign: '⊙',
          left: a,
          right: b,
          broadcasts: true,
          span,
        });
        return {
          kind: 'sum',
          sign: '+',
          left: times(test, yes),
          right: times(rest, no),
          broadcasts: true,
          span,
        };
      }
    }
    if (!Object.hasOwn(NUMPY_FUNCTIONS, name)) {
      throw this.#cursor.refusal(`expected one of np.${NUMPY_NAMES.join(', ')}`, where);
    }
    const of = NUMPY_FUNCTIONS[name];
    count(of === 'max' || of === 'min' || of === 'outer' ? 2 : 1);
    return call(of, args, span);
  }

  #arguments(first: readonly Expression[], { start }: Span): Arguments {
    this.#cursor.expect('(');
    const args: Expression[] = [...first];
    let axis: number | undefined;
    while (!this.#cursor.is(')')) {
      const [name, equals, value] = this.#cursor.ahead(3);
      if (name?.type === 'name' && equals?.type === 'sign' && equals.sign === '=') {
        if (name.name === 'axis') {
          axis = value?.type === 'number' ? value.value : Number.NaN;
          if (axis !== 0 && axis !== 1)
            throw this.#cursor.refusal('expected axis=0 or axis=1', value?.span ?? name.span);
        }
        this.#cursor.skip(3);
      } else if (this.#isTuple()) {
        this.#cursor.skip();
        args.push(this.#expression());
        this.#cursor.expect(',');
        args.push(this.#expression());
        this.#cursor.expect(')');
      } else args.push(this.#expression());
      if (!this.#cursor.is(',')) break;
      this.#cursor.skip();
    }
    return { args, axis, span: { start, end: this.#cursor.expect(')').span.end } };
  }

  /** Whether `(N, 1)` follows. */
  #isTuple(): boolean {
    const [open, , comma] = this.#cursor.ahead(3);
    return open?.type === 'sign' && open.sign === '(' && comma?.type === 'sign' && comma.sign === ',';
  }

  #skipArguments(): void {
    this.#cursor.expect('(');
    while (!this.#cursor.is(')') && this.#cursor.peek().type !== 'end') this.#cursor.skip();
    this.#cursor.expect(')');
  }

  #shape(operand: Expression, start: number): Expression {
    this.#cursor.expect('[');
    const token = this.#cursor.peek();
    const axis = token.type === 'number' ? token.value : Number.NaN;
    const letter = this.#dimension(operand, axis);
    if (letter === undefined) throw this.#cursor.unexpected('0 or 1 after the shape of a tensor');
    this.#cursor.skip();
    const span = { start, end: this.#cursor.expect(']').span.end };
    return letter === '1'
      ? { kind: 'number', value: 1, text: '1', span }
      : { kind: 'symbol', name: letter, text: letter, span };
  }
}

const call = (name: FunctionName, args: readonly Expression[], span: Span): Expression => {
  return { kind: 'call', name, prime: false, args, span };
};
