/** The mutation operator that puts one variable in the place of another of its kind. */

import type { Code, NamedFunction } from './code.ts';
import type { Edit, Place } from './edit.ts';

/** A name, and between which tokens it can be used. */
interface Declaration {
  readonly name: string;
  readonly at: number;
  readonly until: number;
}

/** x for z, δ for x, i for j: each variable and matrix field, where it is used, by every other one in scope there. */
export function* variables({ code, fn, i, matrices }: Place): Iterable<Edit> {
  const declared = declarations(code, fn);
  const isMatrix = (name: string) => matrices.includes(name.replace(/^this\./, '').replace('#', ''));
  const isField = code.is(i, 'this') && code.is(i + 1, '.');
  const to = isField ? i + 2 : i;
  const used = isField ? `this.${code.at(to)}` : code.at(i);
  if (isField ? !isMatrix(used) : !isUse(code, i, declared)) return;

  const locals = declared.filter(({ at, until }) => at < i && i <= until).map(({ name }) => name);
  const fields = code.fields(fn.owner).map((field) => `this.${field}`);
  const others = [...locals, ...fields.filter(isMatrix)].filter((name) => isMatrix(name) === isMatrix(used));
  for (const text of new Set(others)) if (text !== used) yield { from: i, to, text };
}

/** Whether the token is a variable that is read or written there: no property, key, function or declaration. */
function isUse(code: Code, i: number, declared: readonly Declaration[]): boolean {
  const known = declared.some(({ name, at }) => name === code.at(i) && at <= i);
  return (
    known && declared.every(({ at }) => at !== i) && !code.is(i - 1, '.', '?.') && !code.is(i + 1, ':', '(')
  );
}

function declarations(code: Code, fn: NamedFunction): Declaration[] {
  const found: Declaration[] = [];
  const add = (at: number, until: number) => {
    if (code.isName(at)) found.push({ name: code.at(at), at, until });
  };
  for (let i = fn.from; i <= fn.to; i++) {
    if (code.is(i, 'const', 'let')) {
      const [last, until] = [code.is(i + 1, '{', '[') ? code.pair(i + 1) : i + 1, scopeEnd(code, i)];
      for (let at = i + 1; at <= last; at++) add(at, until);
    } else if (code.is(i, '(') && (i === fn.from || code.is(code.pair(i) + 1, '=>'))) {
      const until = i === fn.from ? fn.to : arrowEnd(code, code.pair(i) + 1);
      for (const [at] of code.arguments(i)) add(at, until);
    }
  }
  return found;
}

const arrowEnd = (code: Code, arrow: number) =>
  code.is(arrow + 1, '{') ? code.pair(arrow + 1) : code.endBefore(arrow, [',', ';']);

/** The end of the block, or of the loop in whose head the declaration stands. */
function scopeEnd(code: Code, declaration: number): number {
  const open = code.enclosing(declaration);
  if (!code.is(open, '(')) return code.pair(open);
  const head = code.pair(open);
  return code.is(head + 1, '{') ? code.pair(head + 1) : code.endBefore(head, [';']);
}
