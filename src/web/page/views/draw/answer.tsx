/** What the network makes of the drawing: the class, and each class's share. */

import type { ComponentChildren } from 'preact';
import { Panel } from '../../components/panel.tsx';
import type { Seen } from './look.ts';
import { type Ranked, ranked } from './ranking.ts';

interface AnswerProps {
  readonly seen: Seen | undefined;
  readonly classes: readonly string[];
  /** For screen readers, once the pen is lifted. */
  readonly said: string;
  /** What stands at the right of the title. */
  readonly actions: ComponentChildren;
}

/** The panel with the class in large and a bar for each class. */
export function Answer({ seen, classes, said, actions }: AnswerProps) {
  const rows = ranked(seen?.prediction, classes);
  const best = rows.find(({ isBest }) => isBest);
  const likely = seen === undefined || seen.prediction.probabilities !== undefined;
  const some = rows.length < classes.length ? `, the largest ${rows.length} of ${classes.length}` : '';
  return (
    <Panel title="Prediction" actions={actions}>
      <Best best={best} />
      <output class="visually-hidden">{said}</output>
      <ol class="bars" aria-label={`${likely ? 'Probabilities' : 'Scores'}${some}`}>
        {rows.map(({ name, text, share, isBest }) => (
          <li key={name} class={isBest ? 'bar bar-best' : 'bar'}>
            <span class="bar-name">{name}</span>
            <span class="bar-track">
              <span class="bar-fill" style={{ width: `${100 * share}%` }} />
            </span>
            <span class="bar-value number">{text}</span>
          </li>
        ))}
      </ol>
    </Panel>
  );
}

/** The class in large, with its share. */
export function Best({ best }: { best: Ranked | undefined }) {
  return (
    <p class="answer">
      <span class="answer-class">{best?.name ?? '–'}</span>
      <span class="answer-value number">{best?.text ?? 'nothing drawn'}</span>
    </p>
  );
}
