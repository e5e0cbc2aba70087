/** How good each model is in the end: dots on one axis, and a table. */

import { useState } from 'preact/hooks';
import { Button } from '../../components/button.tsx';
import { Panel } from '../../components/panel.tsx';
import { countText, percentText, secondsText, shortLossText } from '../../number-text.ts';
import { differences } from './differences.ts';
import type { ComparedItem, FinalFigures } from './item.ts';
import { lookOf } from './looks.ts';

const FIGURES = [
  { key: 'testAccuracy', title: 'Test accuracy', format: percentText },
  { key: 'validationAccuracy', title: 'Validation accuracy', format: percentText },
  { key: 'testLoss', title: 'Test loss', format: shortLossText },
  { key: 'validationLoss', title: 'Validation loss', format: shortLossText },
] as const satisfies readonly {
  key: keyof FinalFigures;
  title: string;
  format: (value: number) => string;
}[];

type Key = (typeof FIGURES)[number]['key'];

interface FinalDotsProps {
  readonly items: readonly ComparedItem[];
  /** Those that have curves, in the order in which these have their looks. */
  readonly runs: readonly ComparedItem[];
}

/** A dot an item, the best first; the axis begins where the values do. */
export function FinalDots({ items, runs }: FinalDotsProps) {
  const there = FIGURES.filter(({ key }) => items.some(({ final }) => final[key] !== undefined));
  const [chosen, setChosen] = useState<Key>('testAccuracy');
  const figure = there.find(({ key }) => key === chosen) ?? there[0];
  if (figure === undefined || items.length < 2) return null;
  const { key, format } = figure;
  const sign = key.endsWith('Loss') ? 1 : -1;
  const rows = items
    .flatMap(({ name, final }) => {
      const value = final[key];
      const run = runs.findIndex((item) => item.name === name);
      const colour = run === -1 ? '--muted' : lookOf(run, 'validation').colour;
      return value === undefined ? [] : [{ name, value, colour }];
    })
    .sort((a, b) => sign * (a.value - b.value));
  const values = rows.map(({ value }) => value);
  const [least, most] = [Math.min(...values), Math.max(...values)];
  const air = (most - least || Math.abs(most) || 1) * 0.08;
  const [from, to] = [Math.max(0, least - air), most + air];
  const place = (value: number) => `${(100 * (value - from)) / (to - from)}%`;
  return (
    <Panel
      title="In the end"
      note={`${figure.title} of the weights that were kept. The axis goes from ${format(from)} to ${format(key.endsWith('Accuracy') ? Math.min(1, to) : to)}.`}
      actions={there.map(({ key: other, title }) => (
        <Button key={other} pressed={other === key} onPress={() => setChosen(other)}>
          {title}
        </Button>
      ))}
    >
      <ul class="dots">
        {rows.map(({ name, value, colour }) => (
          <li key={name} class="dots-row">
            <span class="dots-name">{name}</span>
            <span class="dots-axis" aria-hidden="true">
              <span class="dots-dot" style={{ left: place(value), background: `var(${colour})` }} />
            </span>
            <span class="number">{format(value)}</span>
          </li>
        ))}
      </ul>
    </Panel>
  );
}

/** All figures, and the options in which the items differ. */
export function FinalTable({ items }: { items: readonly ComparedItem[] }) {
  const keys = differences(items.map(({ config }) => config));
  const cell = (value: number | undefined, format: (value: number) => string) =>
    value === undefined ? '–' : format(value);
  return (
    <Panel
      title="Figures and options"
      note={
        items.length === 1
          ? 'Add others to see in what they differ.'
          : keys.length === 0
            ? 'All were trained with the same options, as far as the files record them.'
            : 'Of the options of training those in which they differ.'
      }
    >
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it can be scrolled with the arrow keys */}
      <section class="compare-scroll" aria-label="The table, which can be scrolled" tabIndex={0}>
        <table class="compare-table number">
          <thead>
            <tr>
              <th scope="col">Name</th>
              <th scope="col">Test accuracy</th>
              <th scope="col">Test loss</th>
              <th scope="col">Validation accuracy</th>
              <th scope="col">Layers</th>
              <th scope="col">Parameters</th>
              <th scope="col">Epochs</th>
              <th scope="col">Training time</th>
              {keys.map(({ flag }) => (
                <th key={flag} scope="col">
                  <code>{flag}</code>
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {items.map(({ name, final, layers, parameters, epochsDone, seconds, unfinished }, i) => (
              <tr key={name}>
                <th scope="row">{name}</th>
                <td>{cell(final.testAccuracy, percentText)}</td>
                <td>{cell(final.testLoss, shortLossText)}</td>
                <td>{cell(final.validationAccuracy, percentText)}</td>
                <td>{layers}</td>
                <td>{cell(parameters, countText)}</td>
                <td>{`${cell(epochsDone, countText)}${unfinished ? ', not finished' : ''}`}</td>
                <td>{cell(seconds, secondsText)}</td>
                {keys.map(({ flag, values }) => (
                  <td key={flag}>{values[i]}</td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </section>
    </Panel>
  );
}
