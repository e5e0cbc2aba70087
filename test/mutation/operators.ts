/** The mutation operators: each yields the small changes of one kind that can be made at a token of a function. */

import type { Edit, Place } from './edit.ts';
import { variables } from './variables.ts';

type Operator = (place: Place) => Iterable<Edit>;

const ARITHMETIC: Record<string, string> = {
  '+': '-',
  '-': '+',
  '*': '/',
  '/': '*',
  '+=': '-=',
  '-=': '+=',
  '++': '--',
  '--': '++',
};

const COMPARISONS: Record<string, readonly string[]> = {
  '>': ['>=', '<', '==='],
  '>=': ['>', '<', '==='],
  '<': ['<=', '>', '==='],
  '<=': ['<', '>', '==='],
  '===': ['!=='],
  '!==': ['===', '<', '>'],
};

/** What can stand before a condition, or a part of one. */
const BEFORE = ['=', '=>', 'return', ',', ';', ':', '?', '&&', '||'];
const AFTER = [',', ';', '?', ':', '&&', '||'];

const isBinary = ({ code, i }: Place) => code.is(i, '+', '-', '*', '/') && code.endsOperand(i - 1);

function* arithmetic(place: Place): Iterable<Edit> {
  const { code, i } = place;
  const other = ARITHMETIC[code.at(i)];
  const known = isBinary(place) || code.is(i, '+=', '-=', '++', '--');
  if (known) yield { from: i, to: i, text: other };
  else if (code.is(i, '-')) yield { from: i, to: i, text: '' };
}

function* dropped(place: Place): Iterable<Edit> {
  const { code, i } = place;
  if (!isBinary(place)) return;
  const isTerm = code.is(i, '+', '-');
  yield { from: i, to: isTerm ? code.termEnd(i + 1) : code.operandEnd(i + 1), text: '' };
  const from = isTerm ? code.termStart(i - 1) : code.operandStart(i - 1);
  yield { from, to: code.is(i, '-') ? i - 1 : i, text: '' };
}

/** Added to what stood there, or no longer added. */
function* accumulated({ code, i }: Place): Iterable<Edit> {
  if (code.is(i, '+=', '-=')) yield { from: i, to: i, text: '=' };
  else if (code.is(i, '=') && code.is(i - 1, ']')) yield { from: i, to: i, text: '+=' };
}

function* comparison({ code, i }: Place): Iterable<Edit> {
  if (code.tokens[i].kind !== 'sign') return;
  for (const text of COMPARISONS[code.at(i)] ?? []) yield { from: i, to: i, text };
}

/** Always, never and the other way round: of an `if`, a `?` and the condition of a loop. */
function* condition({ code, i }: Place): Iterable<Edit> {
  let range: readonly [number, number] | undefined;
  if (code.is(i, 'if')) range = [i + 2, code.pair(i + 1) - 1];
  if (code.is(i, '?')) range = [code.startAfter(i, ['=', '=>', 'return', ',', ';', ':']), i - 1];
  if (code.is(i, 'for') && code.is(code.endBefore(i + 1, [';']) + 1, ';')) {
    const from = code.endBefore(i + 1, [';']) + 2;
    yield { from, to: code.endBefore(from, [';']), text: 'false' };
  }
  if (range === undefined) return;
  const [from, to] = range;
  for (const text of ['true', 'false', `!(${code.text(from, to)})`]) yield { from, to, text };
}

function* logic({ code, i }: Place): Iterable<Edit> {
  if (!code.is(i, '&&', '||')) return;
  yield { from: i, to: i, text: code.is(i, '&&') ? '||' : '&&' };
  yield { from: i, to: code.endBefore(i, AFTER), text: '' };
  yield { from: code.startAfter(i, BEFORE), to: i, text: '' };
}

function* constant({ code, i }: Place): Iterable<Edit> {
  if (code.tokens[i].kind !== 'number') return;
  const value = Number(code.at(i));
  for (const other of [value + 1, value - 1, value / 2]) {
    if (other !== value) yield { from: i, to: i, text: other < 0 ? `(${other})` : `${other}` };
  }
}

/** The entry before or after: in an index, in the start of a loop and in its limit. */
function* offByOne({ code, i }: Place): Iterable<Edit> {
  const shifted = function* (from: number, to: number): Iterable<Edit> {
    for (const by of ['+ 1', '- 1']) yield { from, to, text: `${code.text(from, to)} ${by}` };
  };
  if (code.is(i, '[') && code.endsOperand(i - 1)) yield* shifted(i + 1, code.pair(i) - 1);
  if (!code.is(i, 'for') || !code.is(i + 4, '=')) return;
  const startEnd = code.endBefore(i + 4, [';']);
  if (code.tokens[i + 5].kind !== 'number') yield* shifted(i + 5, startEnd);
  const limit = code.endBefore(startEnd + 1, ['<', '>', '<=', '>=']) + 2;
  yield* shifted(limit, code.endBefore(limit - 1, [';', '&&', '||']));
}

/** The other sign: of what is assigned, returned or given by an arrow. */
function* sign({ code, i }: Place): Iterable<Edit> {
  if (!code.is(i, '=', 'return', '=>') || code.is(i + 1, '{', ';')) return;
  const [from, to] = [i + 1, code.endBefore(i, [',', ';'])];
  const isPath = code.text(from, to).match(/^[\w.#]+$/) !== null && code.tokens[from].kind === 'word';
  if ((!isPath || code.is(i - 1, ']')) && code.text(from, to) !== '0')
    yield { from, to, text: `-(${code.text(from, to)})` };
}

function* deleted({ code, i }: Place): Iterable<Edit> {
  if (!code.is(i, ';') || code.is(code.enclosing(i), '(')) return;
  const from = code.statementStart(i);
  if (from < i && !code.is(from, 'const', 'let', 'throw')) yield { from, to: i - 1, text: '' };
}

function* swapped({ code, i }: Place): Iterable<Edit> {
  if (!code.is(i, '(') || !code.isName(i - 1) || code.is(code.pair(i) + 1, '{', '=>')) return;
  const given = code.arguments(i).map(([from, to]) => ({ from, to, text: code.text(from, to) }));
  for (const [k, a] of given.entries()) {
    for (const b of given.slice(k + 1)) {
      if (a.text === b.text) continue;
      yield { from: a.from, to: b.to, text: `${b.text}${code.text(a.to + 1, b.from - 1)}${a.text}` };
    }
  }
}

/** Another operation of the kernels that takes as many arguments. */
function* operation({ code, i, operations }: Place): Iterable<Edit> {
  if (!code.is(i + 1, '(') || !code.is(i - 2, 'kernels', '#kernels')) return;
  const count = operations.get(code.at(i));
  for (const [name, arity] of operations) {
    if (arity === count && name !== code.at(i)) yield { from: i, to: i, text: name };
  }
}

const SIZES = ['rows', 'cols', 'capacity'];

function* size({ code, i }: Place): Iterable<Edit> {
  if (!code.is(i - 1, '.') || !code.is(i, ...SIZES)) return;
  for (const text of SIZES) if (!code.is(i, text)) yield { from: i, to: i, text };
}

/** What `forward` remembers is that of the first batch ever. */
function* stale({ code, i }: Place): Iterable<Edit> {
  if (code.is(i, '=') && code.is(i - 3, 'this')) yield { from: i, to: i, text: '??=' };
}

/** The operators by the name that the report gives them; a mutant that several make counts for the first. */
export const OPERATORS: Readonly<Record<string, Operator>> = {
  'arithmetic swapped': arithmetic,
  'factor or term dropped': dropped,
  'accumulation changed': accumulated,
  'comparison changed': comparison,
  'condition fixed or negated': condition,
  'logic changed': logic,
  'constant changed': constant,
  'off by one': offByOne,
  'sign flipped': sign,
  'statement deleted': deleted,
  'operands swapped': swapped,
  'variable replaced': variables,
  'operation replaced': operation,
  'size replaced': size,
  'stale value kept': stale,
};
