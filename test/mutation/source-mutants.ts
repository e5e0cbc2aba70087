/** The source mutants: every edit of every operator at every token of every function that takes part in a backward. */

import { Code, type NamedFunction } from './code.ts';
import type { Edit, Place } from './edit.ts';
import { OPERATORS } from './operators.ts';
import { MUTATED_FILES, type MutatedFile } from './sources.ts';

/** A file of `dist` with one small change in it. */
export interface SourceMutant {
  readonly file: string;
  /** The function that it is in: `Dense.backward`. */
  readonly name: string;
  readonly operator: string;
  /** File, function, and the lines before and after the change; of several alike the second ends in ` (2)`. */
  readonly key: string;
  /** The whole file. */
  readonly source: string;
}

/**
 * Every mutant of every file, in a fixed order, no two with the same text.
 *
 * @param read gives the text of a file of `dist`
 * @throws RangeError if a function that is to be left out does not exist
 */
export function sourceMutants(read: (file: string) => string): SourceMutant[] {
  const operations = operationsOf(new Code(read('kernels/reference.js')));
  return MUTATED_FILES.flatMap((mutated) => mutantsOf(mutated, read(mutated.file), operations));
}

function mutantsOf(
  { file, matrices, leftOut }: MutatedFile,
  source: string,
  operations: Map<string, number>,
) {
  const code = new Code(source);
  for (const name of Object.keys(leftOut)) {
    if (code.functions.every((fn) => fn.name !== name)) {
      throw new RangeError(
        `sourceMutants: expected a function ${name} in ${file}, to leave it out, got none`,
      );
    }
  }
  const mutants: SourceMutant[] = [];
  const texts = new Set([source]);
  const keys = new Map<string, number>();
  for (const fn of code.functions.filter(({ name }) => !(name in leftOut))) {
    const isCheck = checks(code, fn);
    for (const [operator, edits] of Object.entries(OPERATORS)) {
      for (let i = fn.from; i <= fn.to; i++) {
        if (isCheck(i)) continue;
        const place: Place = { code, fn, i, matrices, operations };
        for (const edit of edits(place)) {
          const text = apply(code, edit);
          if (texts.has(text)) continue;
          texts.add(text);
          const change = `${file} ${fn.name}: ${difference(code, edit)}`;
          const count = (keys.get(change) ?? 0) + 1;
          keys.set(change, count);
          const key = count === 1 ? change : `${change} (${count})`;
          mutants.push({ file, name: fn.name, operator, key, source: text });
        }
      }
    }
  }
  return mutants;
}

/** Which tokens belong to a check of arguments: `if (…) throw …`, and calls of `expect…` that give nothing. */
function checks(code: Code, fn: NamedFunction): (i: number) => boolean {
  const ranges: [number, number][] = [];
  for (let i = fn.from; i <= fn.to; i++) {
    if (code.is(i, 'throw')) {
      let from = i;
      while (from > fn.from && !code.is(from, 'if')) from--;
      ranges.push([from, code.endBefore(i, [';']) + 1]);
    } else if (code.at(i).startsWith('expect') && code.is(i - 1, '{', ';', '}')) {
      ranges.push([i, code.endBefore(i, [';']) + 1]);
    }
  }
  return (i) => ranges.some(([from, to]) => from <= i && i <= to);
}

function apply({ source, tokens }: Code, { from, to, text }: Edit): string {
  return source.slice(0, tokens[from].start) + text + source.slice(tokens[to].end);
}

/** The lines of an edit before and after it, on one line. */
function difference(code: Code, edit: Edit): string {
  const { source, tokens } = code;
  const start = source.lastIndexOf('\n', tokens[edit.from].start) + 1;
  const end = source.indexOf('\n', tokens[edit.to].end);
  const tail = source.length - end;
  const after = apply(code, edit);
  const oneLine = (text: string) => text.replaceAll(/\s+/g, ' ').trim();
  return `${oneLine(source.slice(start, end))} → ${oneLine(after.slice(start, after.length - tail))}`;
}

/** The kernels' operations with the number of their arguments, less the optional ones. */
function operationsOf(code: Code): Map<string, number> {
  const methods = code.functions.filter(({ owner }) => owner === 'ReferenceKernels');
  return new Map(
    methods.map(({ name, from }) => {
      const needed = code.arguments(from).filter(([first, last]) => first === last);
      return [name.replace('ReferenceKernels.', ''), needed.length];
    }),
  );
}
