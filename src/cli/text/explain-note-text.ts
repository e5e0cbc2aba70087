/** An explanation as text in a note's letters: which letter is which matrix, then each formula with its numbers. */

import type { Explanation } from '../../explain/explain.ts';
import type { NoteBlock, NoteView } from '../../explain/note-view.ts';
import { formula } from '../../formulas/registry.ts';
import { type ExplainTextOptions, figure, numbers } from './explain-text.ts';
import { wrap, wrappedColumns } from './wrapped-text.ts';

const INDENT = '    ';

/** The note's letters and formulas, and what of the model the note does not have. */
export function noteLines(setting: ExplainTextOptions, explanation: Explanation, view: NoteView): string[] {
  const { colour } = setting.terminal;
  const remarks = [
    ...(setting.l2 > 0 && view.note !== 'C' ? ['the L2 term'] : []),
    ...(explanation.l1 > 0 ? ['the L1 term'] : []),
  ];
  const missing =
    remarks.length === 0
      ? []
      : [
          '',
          ...wrap(
            `Note ${view.note} does not have ${remarks.join(' and ')} of this model: --as rows shows it.`,
            setting.width,
          ),
        ];
  const scalars = [
    ...(['A', 'C'].includes(view.note) ? ['N = 1'] : []),
    ...(view.note === 'A' ? [`α = ${figure(explanation.learningRate)}`] : []),
    ...(view.note === 'C' ? [`λ = ${setting.l2}`] : []),
  ];
  return [
    ...missing,
    ...view.blocks.flatMap((block) => [
      '',
      colour.bold.underline(`Note ${view.note}${block.title === '' ? '' : `, ${block.title}`}`),
      '',
      ...letterLines(setting, block),
      ...wrap(scalars.join(', '), setting.width),
      ...block.lines.flatMap((line) => ['', ...lineLines(setting, explanation, line)]),
    ]),
  ];
}

function letterLines({ terminal: { colour }, width }: ExplainTextOptions, { letters }: NoteBlock): string[] {
  const rows = letters.map(({ symbol, code, rows, cols, meaning }) => [
    symbol,
    code,
    `${rows} × ${cols}`,
    meaning,
  ]);
  const [head, ...body] = wrappedColumns([['letter', 'code', 'shape', 'meaning'], ...rows], 3, width);
  return [colour.bold(head), ...body];
}

function lineLines(
  setting: ExplainTextOptions,
  explanation: Explanation,
  { id, text, code, rows, cols, values, perClass }: NoteBlock['lines'][number],
): string[] {
  const { colour } = setting.terminal;
  const own = formula(id).note === 'X' ? ['not in the notes: '] : [];
  const [first, ...more] = text.map((line, n) => (n === 0 ? own.join('') : '') + line);
  const indent = ' '.repeat(Math.max(INDENT.length, id.length + 1));
  const shape = rows === 1 && cols === 1 ? [] : [rows, cols];
  const shown = { symbol: code, shape, values, direction: 'forward', result: { perClass } } as const;
  const wrapped = [first, ...more].flatMap((line) => wrap(line, setting.width - indent.length));
  return [
    ...wrapped.map(
      (line, n) => `${n === 0 ? colour.cyan.bold(id.padEnd(indent.length)) : indent}${colour.bold(line)}`,
    ),
    ...(shape.length === 0 ? [] : [`${INDENT}${colour.dim(`= ${code}`)}`]),
    ...numbers(setting, explanation, shown),
  ];
}
