/** An explanation as JSON, in pieces: all of it at once may be longer than a string can be. */

import type { Explanation } from '../../explain/explain.ts';
import type { NoteView } from '../../explain/note-view.ts';
import { summary } from '../../explain/summary.ts';
import type { Step } from '../../explain/walk.ts';

const VALUES_A_PIECE = 10_000;

/**
 * One object on one line: the fields of `head`, then `loss`, `steps`, `gradients` and the rest of the explanation.
 *
 * @param head what comes first, at least one field
 * @param classes the name of each class
 */
export function* explanationJson(
  head: Readonly<Record<string, unknown>>,
  explanation: Explanation,
  classes: readonly string[],
  view?: NoteView,
): Generator<string> {
  const { label, prediction, probabilities, outputs, steps, gradients } = explanation;
  const { loss, penalty, l1Penalty, learningRate, lossAfter, penaltyAfter, l1PenaltyAfter } = explanation;
  const figures = {
    ...head,
    label: classes[label],
    prediction: classes[prediction],
    classes,
    outputs: [...outputs],
    ...(probabilities && { probabilities: [...probabilities] }),
    ...{ loss, penalty, l1Penalty, learningRate, lossAfter, penaltyAfter, l1PenaltyAfter },
  };
  yield JSON.stringify(figures).slice(0, -1);
  if (view === undefined) {
    yield ',"steps":[';
    for (const [n, step] of steps.entries()) {
      yield n === 0 ? '' : ',';
      yield* withValues(stepFields(step), step.values);
    }
  } else yield* noteSteps(view);
  yield '],"gradients":{';
  for (const [n, [name, { shape, values }]] of Object.entries(gradients).entries()) {
    yield `${n === 0 ? '' : ','}${JSON.stringify(name)}:`;
    yield* withValues({ shape }, values);
  }
  yield '}}';
}

/** The letters and formulas of a note in the place of the steps. */
function* noteSteps({ note, blocks }: NoteView): Generator<string> {
  const letters = blocks.flatMap(({ title, letters: own }) =>
    own.map(({ symbol, code, rows, cols, meaning }) => ({
      ...(title !== '' && { part: title }),
      ...{ symbol, matrix: code, shape: [rows, cols], meaning },
    })),
  );
  yield `,"as":"${note}","letters":${JSON.stringify(letters)},"steps":[`;
  let first = true;
  for (const { title, lines } of blocks) {
    for (const { id, text, code, rows, cols, values } of lines) {
      yield first ? '' : ',';
      first = false;
      const fields = { formula: id, text: text.join('; '), symbol: code, shape: [rows, cols] };
      yield* withValues({ ...(title !== '' && { part: title }), ...fields }, values);
    }
  }
}

/** What a step says of itself, without its values. */
function stepFields(step: Step): Readonly<Record<string, unknown>> {
  const { formulas, citations, name, role, layer, symbol, text, latex, shape, direction, values } = step;
  const { norm, min, max } = summary(values, 0);
  const operands = step.operands.map((letter) => ({
    symbol: letter.symbol,
    latex: letter.latex,
    shape: letter.shape,
  }));
  return {
    ...{
      formula: formulas[0] ?? null,
      formulas,
      citations,
      name,
      role,
      layer,
      symbol,
      text,
      latex,
      shape,
      operands,
      direction,
    },
    ...{ norm, min, max },
  };
}

/** The object with the field `values` as its last. */
function* withValues(object: Readonly<Record<string, unknown>>, values: ArrayLike<number>) {
  yield `${JSON.stringify(object).slice(0, -1)},"values":[`;
  for (let start = 0; start < values.length; start += VALUES_A_PIECE) {
    const length = Math.min(VALUES_A_PIECE, values.length - start);
    const piece = Array.from({ length }, (_, i) => values[start + i]);
    yield `${start === 0 ? '' : ','}${JSON.stringify(piece).slice(1, -1)}`;
  }
  yield ']}';
}
