/** A formula of the network at hand, whose symbols can be clicked, and the same as the notes have it. */

import katex from 'katex';
import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import { citedLines } from '../../../../explain/citation.ts';
import type { Formula as Entry } from '../../../../formulas/formula.ts';
import { formula, NOTES } from '../../../../formulas/registry.ts';
import { RenderedFormula, useScrollKeys, withBoldOne } from '../../components/formula.tsx';
import type { Stop } from './walkthrough.ts';

interface StepFormulaProps {
  readonly stop: Stop;
  readonly chosen: number;
  readonly onChoose: (place: number) => void;
}

/**
 * The formula in the network's own letters. A click on a symbol chooses it; the same can be done with the buttons
 * below it, so that the formula itself needs no keys.
 */
export function StepFormula({ stop, chosen, onChoose }: StepFormulaProps) {
  const place = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    if (place.current === null) return;
    // Only htmlData, which marks the symbols, is trusted.
    const trust = ({ command }: { command: string }) => command === '\\htmlData';
    katex.render(withBoldOne(stop.latex), place.current, {
      displayMode: true,
      throwOnError: false,
      strict: 'ignore',
      trust,
    });
  }, [stop.latex]);
  useLayoutEffect(() => {
    for (const element of place.current?.querySelectorAll<HTMLElement>('[data-symbol]') ?? []) {
      element.classList.add('step-symbol');
      element.classList.toggle('step-symbol-chosen', element.dataset.symbol === String(chosen));
      element.title = stop.quantities[Number(element.dataset.symbol)]?.letter.meaning ?? '';
    }
  }, [stop, chosen]);
  useScrollKeys(place, true, stop.latex);
  const choose = (event: MouseEvent) => {
    const symbol = (event.target as Element).closest<HTMLElement>('[data-symbol]');
    if (symbol !== null) onChoose(Number(symbol.dataset.symbol));
  };
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the buttons below have the keys
    // biome-ignore lint/a11y/noStaticElementInteractions: as above
    <div class="step-statement" ref={place} onClick={choose} />
  );
}

/** The formulas of the notes that a step is: their ids to choose from, and the chosen one with its letters. */
export function NoteFormula({ stop }: { stop: Stop }) {
  const { citations } = stop.step;
  const [wanted, setWanted] = useState<string | undefined>(undefined);
  const citation = citations.find(({ id }) => id === wanted) ?? citations[0];
  if (citation === undefined) return null;
  const entry = formula(citation.id);
  return (
    <section class="step-note" aria-label="The formula in the notes">
      <div class="step-note-head">
        {citations.map(({ id }) => (
          <button
            key={id}
            type="button"
            class="step-id"
            aria-pressed={id === citation.id}
            onClick={() => setWanted(id)}
          >
            {id}
          </button>
        ))}
        <h3>{entry.title}</h3>
      </div>
      <p class="note">{noteTitle(entry)}</p>
      {citedLines(citation, 'latex').map((line) => (
        <RenderedFormula key={line} latex={line} display />
      ))}
      <dl class="step-letters">
        {entry.symbols.map(({ symbol, latex, shape, meaning }) => (
          <div key={`${symbol} ${meaning}`}>
            <dt>
              <RenderedFormula latex={latex} />
            </dt>
            <dd>
              {meaning} <span class="muted">{shape}</span>
            </dd>
          </div>
        ))}
      </dl>
      {entry.derivation && <p class="note">{entry.derivation}</p>}
      {entry.source && <p class="note">{entry.source}</p>}
    </section>
  );
}

function noteTitle({ note }: Entry): string {
  const title = NOTES.find(({ name }) => name === note)?.title ?? '';
  return note === 'X' ? 'The project’s own formula, not in the notes' : `Note ${note}: ${title}`;
}
