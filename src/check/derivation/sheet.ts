/** Derivation sheets: the equations of a Markdown or LaTeX file, line by line. */

/** An equation of a sheet. */
export interface SheetLine {
  /** The line of the file that it begins on, counted from 1. */
  readonly line: number;
  /** The whole equation, with the left side of the line above where it continues that. */
  readonly equation: string;
  /** Whether a part of it is left blank, as `?`. */
  readonly isOpen: boolean;
}

export interface Sheet {
  /** The networks that its `net:` lines name, each once. */
  readonly nets: readonly string[];
  readonly lines: readonly SheetLine[];
}

const ENVIRONMENT = /\\(?:begin|end)\{(?:align|aligned|equation|gather|gathered|split|multline)\*?\}/g;
const OPENING = /^\s*(?:\$\$|\\\[|```math\b|\\begin\{(?:align|equation|gather|multline)\*?\})/;
const CLOSING = /(?:\$\$|\\\]|^\s*```|\\end\{(?:align|equation|gather|multline)\*?\})\s*$/;
const NET = /^\s*(?:%\s*|<!--\s*)?net:\s*([\w-]+)/i;

/** What a row has that is no mathematics: labels, a remark as text at its end, and its full stop or comma. */
const NO_MATHEMATICS = [
  /\\(?:label|tag)\{[^{}]*\}|\\no(?:number|tag)\b/g,
  /(?:\\q?quad\s*)?\\text\{\s*(?!for\b|by\b)[^{}]*\}\s*$/,
  /[.,]\s*$/,
];

/** Reads a sheet: equations are in `$$`, `\[`, an `align` or a fence of `math` or `text`. */
export function readSheet(text: string): Sheet {
  const nets = new Set<string>();
  const lines: SheetLine[] = [];
  let block: { rows: { line: number; text: string }[]; isText: boolean } | undefined;
  for (const [k, written] of text.split(/\r?\n/).entries()) {
    const [, net] = NET.exec(written) ?? [];
    if (block === undefined) {
      if (net !== undefined) nets.add(net);
      const isText = /^\s*```(?:text)?\s*$/.test(written);
      if (!isText && !OPENING.test(written)) continue;
      block = { rows: [], isText };
      const content = isText ? '' : written.replace(/^\s*(?:\$\$|\\\[|```math\b)/, '');
      if (!CLOSING.test(content)) {
        block.rows.push({ line: k + 1, text: content });
        continue;
      }
      block.rows.push({ line: k + 1, text: content.replace(CLOSING, '') });
    } else if (!CLOSING.test(written)) {
      block.rows.push({ line: k + 1, text: written });
      continue;
    } else block.rows.push({ line: k + 1, text: written.replace(CLOSING, '') });
    lines.push(...equationsOf(block.rows, block.isText));
    block = undefined;
  }
  if (block !== undefined) lines.push(...equationsOf(block.rows, block.isText));
  return { nets: [...nets], lines };
}

/** The equations of one block, in which a row may continue the left side of the one above. */
function equationsOf(written: readonly { line: number; text: string }[], isText: boolean): SheetLine[] {
  const rows: { line: number; text: string }[] = [];
  let isNew = true;
  for (const { line, text } of written) {
    // A comment of LaTeX.
    const parts = isText ? [text] : text.replace(/(?<!\\)%.*$/, '').split('\\\\');
    for (const [k, part] of parts.entries()) {
      const content = cleaned(part);
      const isContinued = !isText && k === 0 && !isNew;
      const last = rows.at(-1);
      if (isContinued && last !== undefined) last.text = `${last.text} ${content}`.trim();
      else if (content !== '') rows.push({ line, text: content });
      isNew = isText || k < parts.length - 1 || (isNew && content === '');
    }
  }
  let left = '';
  return rows.flatMap(({ line, text }) => {
    const [first, ...rights] = split(
      NO_MATHEMATICS.reduce((row, pattern) => row.replace(pattern, '').trim(), text),
    );
    if (first !== '') left = first;
    return rights.map((right) => {
      const equation = `${left} = ${right}`;
      return { line, equation, isOpen: equation.includes('?') };
    });
  });
}

const cleaned = (text: string): string => text.replaceAll(ENVIRONMENT, '').replaceAll('&', ' ').trim();

/** The sides of `a = b = c`; an equals sign in brackets, braces or a condition is no side's end. */
function split(text: string): string[] {
  const condition = text.search(/\\text\{\s*for\b|\bfor\b/);
  const end = condition === -1 ? text.length : condition;
  const sides: string[] = [];
  let [depth, from] = [0, 0];
  for (let at = 0; at < end; at++) {
    if ('([{'.includes(text[at])) depth++;
    else if (')]}'.includes(text[at])) depth--;
    else if (text[at] === '=' && depth === 0 && !'<>!'.includes(text[at - 1] ?? ' ')) {
      sides.push(text.slice(from, at).trim());
      from = at + 1;
    }
  }
  return [...sides, text.slice(from).trim()];
}
