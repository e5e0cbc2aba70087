// Finds the source lines of the functions, methods and classes that the registry of formulas cites.

import { readFileSync } from 'node:fs';

/** @typedef {{ file: string, line: number, text: string }} CodeLines */

/** The declarations that a name may have at the top of a file. */
const top = (name) =>
  new RegExp(`^(?:export )?(?:abstract )?(?:async )?(?:class|function\\*?|const) ${name}\\b`);
/** The declaration of a method in a class, which the formatter indents by two. */
const method = (name) =>
  new RegExp(`^ {2}(?:(?:protected|private|public|override|static|async|get) )*\\*?${name}\\s*[(<]`);

/** The index of the line that ends the declaration: the first with its indentation that closes it. The code is formatted. */
function endOf(lines, start, indent) {
  if (/;$/.test(lines[start])) return start;
  for (let i = start + 1; i < lines.length; i++) {
    if (new RegExp(`^ {${indent}}(?:\\}|\\]|\\))+(?: as const)?;?$`).test(lines[i])) return i;
    // An arrow function's expression has no closing line of its own.
    if (/^(?:export )?const /.test(lines[start]) && /;$/.test(lines[i]) && !lines[start].endsWith('{'))
      return i;
  }
  return -1;
}

function find(lines, from, to, pattern) {
  for (let i = from; i < to; i++) if (pattern.test(lines[i])) return i;
  return -1;
}

/**
 * The lines of a declaration; a method that a class does not have itself is that of the class it extends.
 *
 * @param {{ file: string, name: string }} reference
 * @param {string} source the file's text
 * @returns {CodeLines}
 * @throws Error if the file has no such declaration
 */
export function codeLines({ file, name }, source) {
  const lines = source.split('\n');
  const [owner, member] = name.split('.');
  const missing = () => new Error(`${file}: expected ${name}, which a formula cites, found none`);
  let start = find(lines, 0, lines.length, top(owner));
  if (start === -1) throw missing();
  let end = endOf(lines, start, 0);
  let indent = 0;
  if (member !== undefined) {
    const base = / extends (\w+)/.exec(lines[start])?.[1];
    start = find(lines, start + 1, end, method(member));
    if (start === -1 && base !== undefined) return codeLines({ file, name: `${base}.${member}` }, source);
    if (start === -1) throw missing();
    indent = 2;
    end = endOf(lines, start, indent);
  }
  if (end === -1) throw missing();
  const text = lines
    .slice(start, end + 1)
    .map((line) => line.slice(indent))
    .join('\n');
  return { file, line: start + 1, text };
}

/**
 * The lines of every reference of the formulas, by `file#name`.
 *
 * @returns {Record<string, CodeLines>}
 */
export function allCodeLines(formulas) {
  const found = {};
  const sources = new Map();
  for (const reference of formulas.flatMap(({ code }) => code)) {
    const { file, name } = reference;
    if (!sources.has(file)) sources.set(file, readFileSync(file, 'utf8'));
    found[`${file}#${name}`] ??= codeLines(reference, sources.get(file));
  }
  return found;
}
