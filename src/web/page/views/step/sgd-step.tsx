/** The step of gradient descent: its learning rate, the button that takes it, and what it does to loss and classes. */

import { useState } from 'preact/hooks';
import type { Explanation } from '../../../../explain/explain.ts';
import { trainedRate, trainingTerms } from '../../../../explain/training-terms.ts';
import type { Model } from '../../../../formats/model.ts';
import { Button } from '../../components/button.tsx';
import { fiveDigits } from '../../components/heat-map.tsx';
import { Panel } from '../../components/panel.tsx';
import { learningRateOf, type StepOutcome } from '../../explanation.ts';
import { lossText } from './numbers.ts';

interface StepProps {
  readonly explanation: Explanation;
  readonly model: Model;
  /** After the step; undefined before it is taken. */
  readonly after: StepOutcome | undefined;
  readonly onTake: () => void;
  readonly onReset: () => void;
  readonly rate: number;
  readonly onRate: (rate: number | undefined) => void;
}

/** The panel of the step. */
export function SgdStep(props: StepProps) {
  const { explanation, model, after, onTake, onReset, rate, onRate } = props;
  const { classes } = model;
  const decays = model.spec.l2 > 0;
  const { note } = trainingTerms(model.training.config);
  const { loss, penalty, lossAfter, penaltyAfter, l1, l1Penalty, l1PenaltyAfter } = explanation;
  const [refused, setRefused] = useState(false);
  const rows: readonly (readonly [string, number, number])[] = [
    ['Loss', loss, lossAfter],
    ...(decays ? ([['L2 term', penalty, penaltyAfter]] as const) : []),
    ...(l1 > 0 ? ([['L1 term', l1Penalty, l1PenaltyAfter]] as const) : []),
    ...(decays || l1 > 0
      ? ([['Sum', loss + penalty + l1Penalty, lossAfter + penaltyAfter + l1PenaltyAfter]] as const)
      : []),
  ];
  return (
    <Panel
      title="One step of gradient descent"
      note={`Plain SGD on this one sample. By default α is ${
        trainedRate(model.training.config) === undefined
          ? learningRateOf(model)
          : 'the sample’s share of a training step: learning rate over batch size'
      }.`}
    >
      {note && <p class="note step-training">{note}</p>}
      <div class="step-controls">
        <label class="step-field">
          Learning rate α
          <input
            key={rate}
            type="text"
            inputMode="decimal"
            defaultValue={String(rate)}
            aria-invalid={refused}
            onChange={({ currentTarget }) => {
              const text = currentTarget.value.trim();
              const value = Number(text);
              const fits = text === '' || (value > 0 && Number.isFinite(value));
              setRefused(!fits);
              if (fits) onRate(text === '' ? undefined : value);
            }}
          />
        </label>
        {after === undefined ? (
          <Button primary onPress={onTake}>
            Take the SGD step
          </Button>
        ) : (
          <Button onPress={onReset}>Reset</Button>
        )}
      </div>
      {refused && <p role="alert">Expected a learning rate above 0.</p>}
      <table class="step-losses number" aria-live="polite">
        <thead>
          <tr>
            <td />
            <th scope="col">before</th>
            <th scope="col">after</th>
          </tr>
        </thead>
        <tbody>
          {rows.map(([name, before, then]) => (
            <tr key={name}>
              <th scope="row">{name}</th>
              <td>
                <data value={String(before)}>{lossText(before)}</data>
              </td>
              <td>
                {after === undefined ? (
                  <span class="muted">not taken</span>
                ) : (
                  <data class={tone(name, before, then)} value={String(then)}>
                    {lossText(then)}
                  </data>
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      <Classes explanation={explanation} classes={classes} after={after} />
    </Panel>
  );
}

/** The terms may grow while the sum falls, and nothing is wrong with that. */
function tone(name: string, before: number, after: number): string {
  if (name.endsWith('term') || before === after) return '';
  return after < before ? 'step-better' : 'step-worse';
}

/** Few classes are all shown; of more, those with the largest values. */
const MAX_CLASSES = 10;

function Classes(props: Pick<StepProps, 'explanation' | 'after'> & { classes: readonly string[] }) {
  const { explanation, classes, after } = props;
  const { probabilities, outputs, label, prediction } = explanation;
  const before = probabilities ?? outputs;
  const all = Array.from(before, (_, k) => k);
  const shown =
    all.length <= MAX_CLASSES
      ? all
      : [...new Set([label, prediction, ...[...all].sort((a, b) => before[b] - before[a])])].slice(
          0,
          MAX_CLASSES,
        );
  const values = after?.values;
  const most = probabilities
    ? 1
    : Math.max(...shown.map((k) => Math.max(Math.abs(before[k]), Math.abs(values?.[k] ?? 0)))) || 1;
  const bar = (value: number) => ({ width: `${(100 * Math.min(1, Math.abs(value) / most)).toFixed(2)}%` });
  return (
    <table class="step-classes number">
      <caption>{probabilities ? 'Probability of each class' : 'Output of each class'}</caption>
      <thead class="visually-hidden">
        <tr>
          <th scope="col">class</th>
          <th scope="col">before</th>
          <th scope="col">after</th>
        </tr>
      </thead>
      <tbody>
        {shown.map((k) => (
          <tr key={k} class={k === label ? 'step-label' : k === prediction ? 'step-wrong' : ''}>
            <th scope="row">{classes[k]}</th>
            <td class="step-bars">
              <span class="step-bar" style={bar(before[k])} />
              {values && <span class="step-bar step-bar-after" style={bar(values[k])} />}
            </td>
            <td>{fiveDigits(before[k])}</td>
            <td>{values ? fiveDigits(values[k]) : ''}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
