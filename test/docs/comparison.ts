/** Whether what a page shows is what the command prints, and what the page should show instead. */

/** A line of its own that stands for one or more lines of output. */
const GAP = '⋮';
/** Ctrl-C: the lines printed between the key and the answer depend on the moment. */
export const INTERRUPT = '^C';

/** What differs from machine to machine and from run to run. All else must be equal. */
const VARIABLE: readonly (readonly [RegExp, string])[] = [
  [/(?:\d+ (?:h|min) )?\b\d+(?:\.\d+)? s\b/g, '‹time›'],
  [/\b[\d,]+ samples\/s/g, '‹rate›'],
  [/\b\d+ threads?\b/g, '‹threads›'],
  [/\b\d+(?:\.\d+)? [kM]B\b/g, '‹size›'],
  [/127\.0\.0\.1:\d+/g, '‹address›'],
  [/after [\d,]+ steps, \d+ of/g, 'after ‹steps› of'],
  [/in epoch \d+, after [\d,]+ steps/g, 'in ‹epoch›'],
  [/"(seconds|samplesPerSecond)":[\d.]+/g, '"$1":‹time›'],
];

const settled = (line: string): string =>
  VARIABLE.reduce((text, [pattern, name]) => text.replace(pattern, name), line.trimEnd());

interface Part {
  readonly lines: readonly string[];
  /** How many lines of output must be left out before it. */
  readonly leftOut: number;
}

function partsOf(shown: readonly string[]): Part[] {
  const parts: { lines: string[]; leftOut: number }[] = [{ lines: [], leftOut: 0 }];
  for (const line of shown) {
    if (line === GAP) parts.push({ lines: [], leftOut: 1 });
    else if (line === INTERRUPT) parts.push({ lines: [], leftOut: 0 });
    else parts[parts.length - 1].lines.push(line);
  }
  return parts;
}

/** Whether the page's line, in which `…` stands for any text, is the printed one. */
function sameLine(shown: string, printed: string): boolean {
  const [want, got] = [settled(shown), settled(printed)];
  if (!want.includes('…')) return want === got;
  const pattern = want.split('…').map((text) => text.replaceAll(/[\\^$.*+?()[\]{}|]/g, '\\$&'));
  return new RegExp(`^${pattern.join('.*')}$`).test(got);
}

const standsAt = (part: Part, printed: readonly string[], at: number): boolean =>
  at >= 0 &&
  at + part.lines.length <= printed.length &&
  part.lines.every((line, i) => sameLine(line, printed[at + i]));

/** Whether the printed lines are the shown ones, apart from gaps and from what no two runs have in common. */
export function isShown(shown: readonly string[], printed: readonly string[]): boolean {
  const parts = partsOf(shown);
  let end = 0;
  for (const [index, part] of parts.entries()) {
    const from = end + part.leftOut;
    const isFirst = index === 0;
    const isLast = index === parts.length - 1;
    let at = isFirst ? 0 : from;
    if (isLast && !(isFirst && at === 0 && parts.length === 1))
      at = Math.max(from, printed.length - part.lines.length);
    if (!isFirst && !isLast) while (at < printed.length && !standsAt(part, printed, at)) at++;
    if (!standsAt(part, printed, at)) return false;
    end = at + part.lines.length;
  }
  return end === printed.length;
}

/** Words without numbers, by which a line is recognised when its figures have changed. */
const skeleton = (line: string): string => settled(line).replaceAll(/[\d.,]+/g, '#');

/** The lines for the page: the gaps stay where they are, and each part shows as many lines as before. */
export function updated(shown: readonly string[], printed: readonly string[]): string[] {
  const gaps = shown.filter((line) => line === GAP || line === INTERRUPT);
  const parts = partsOf(shown);
  if (gaps.length === 0) return [...printed];
  let end = 0;
  return parts.flatMap((part, index) => {
    const count = part.lines.length;
    let at = end + part.leftOut;
    if (index === 0) at = 0;
    else if (index === parts.length - 1) at = Math.max(at, printed.length - count);
    else {
      const alike = (start: number) =>
        part.lines.filter((line, i) => skeleton(line) === skeleton(printed[start + i] ?? '')).length;
      const starts = Array.from({ length: Math.max(1, printed.length - count - at) }, (_, i) => at + i);
      at = starts.reduce((best, start) => (alike(start) > alike(best) ? start : best), at);
    }
    end = at + count;
    return [...(index === 0 ? [] : [gaps[index - 1]]), ...printed.slice(at, end)];
  });
}

/** The first piece of what is shown that is not printed in its place; white space does not count, `…` is a gap. */
export function missingPiece(shown: string, printed: string): string | undefined {
  const bare = (text: string) => text.replaceAll(/\s+/g, '');
  const text = bare(printed);
  let at = 0;
  for (const piece of bare(shown).split('…')) {
    const found = text.indexOf(piece, at);
    if (found === -1) return piece;
    at = found + piece.length;
  }
  return undefined;
}
