/** The tab «Compare»: several runs and models on the same axes. */

import { useEffect, useMemo, useState } from 'preact/hooks';
import { Button } from '../../components/button.tsx';
import type { PageSource } from '../../source.ts';
import { source } from '../../state.ts';
import { pageRun } from '../run/page-run.ts';
import { ComparedCurves } from './compared-curves.tsx';
import { itemsOf } from './compared-file.ts';
import { FinalDots, FinalTable } from './final-figures.tsx';
import { type ComparedItem, mergedItems } from './item.ts';
import { liveItem } from './live-item.ts';
import './compare.css';

/** Beyond this a file is no model and no log that could be shown. */
const MAX_BYTES = 256 << 20;

/** What has been read so far. */
interface Read {
  readonly items: readonly ComparedItem[];
  /** A line a file that could not be. */
  readonly errors: readonly string[];
  /** Files yet to come. */
  readonly waiting: number;
}

/** The view. Files that the user adds are read here, and go nowhere. */
export function CompareView() {
  const given = source.value;
  return <>{given && <Comparison given={given} />}</>;
}

function Comparison({ given }: { given: PageSource }) {
  const [read, setRead] = useState<Read>({ items: [], errors: [], waiting: 0 });
  const [over, setOver] = useState(false);
  const add = async (file: string, text: () => Promise<string>) => {
    setRead((before) => ({ ...before, waiting: before.waiting + 1 }));
    let items: readonly ComparedItem[] = [];
    const errors: string[] = [];
    try {
      items = await itemsOf(await text(), file);
    } catch (error) {
      errors.push((error as Error).message.split('\n')[0]);
    }
    setRead((before) => ({
      items: [...before.items, ...items],
      errors: [...before.errors, ...errors],
      waiting: before.waiting - 1,
    }));
  };
  const addFiles = async (files: Iterable<File>) => {
    for (const file of files) {
      await add(file.name, () => {
        if (file.size > MAX_BYTES) throw new Error(`${file.name}: expected at most 256 MB, got more`);
        return file.text();
      });
    }
  };
  useEffect(() => {
    const readAll = async () => {
      for (const [n, { name }] of given.info.compare.entries()) await add(name, () => given.compareText(n));
    };
    void readAll();
  }, [given.compareText]);
  const live = useLiveItem(given);
  const items = useMemo(() => mergedItems(live ? [live, ...read.items] : read.items), [live, read.items]);
  const runs = useMemo(() => items.filter(({ epochs }) => epochs.length > 0), [items]);

  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: files can be dropped anywhere; the button does the same
    <div
      class={over ? 'view compare-over' : 'view'}
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={(event) => event.target === event.currentTarget && setOver(false)}
      onDrop={(event) => {
        event.preventDefault();
        setOver(false);
        void addFiles(event.dataTransfer?.files ?? []);
      }}
    >
      <div class="compare-head">
        <h1>Compare</h1>
        <label class="compare-add">
          <span>Add models or run logs</span>
          <input
            type="file"
            multiple
            accept=".json,.ndjson,.jsonl,.log"
            onChange={(event) => {
              void addFiles([...(event.currentTarget.files ?? [])]);
              event.currentTarget.value = '';
            }}
          />
        </label>
      </div>
      <output class="note">
        {read.waiting > 0
          ? 'Reading …'
          : 'Files from your disk can be dropped here too. They are read in the browser and sent nowhere.'}
      </output>
      {read.errors.length > 0 && (
        <div class="compare-errors">
          <div role="alert">
            <ul>
              {read.errors.map((error) => (
                <li key={error}>{error}</li>
              ))}
            </ul>
          </div>
          <Button onPress={() => setRead((before) => ({ ...before, errors: [] }))}>Dismiss</Button>
        </div>
      )}
      {items.length === 0 && read.waiting === 0 && <Empty awaits={given.info.run === true} />}
      {runs.length > 0 && <ComparedCurves runs={runs} />}
      {items.length > 0 && <FinalDots items={items} runs={runs} />}
      {items.length > 0 && <FinalTable items={items} />}
    </div>
  );
}

/** The run of the page, anew after each epoch; undefined on a page without one. */
function useLiveItem(given: PageSource): ComparedItem | undefined {
  const run = given.info.run ? pageRun(given) : undefined;
  // The record changes in place; this signal reports the change.
  run?.drawn.value;
  const { start, epochs, end } = run?.record ?? {};
  const sha256 = given.info.model?.sha256;
  return useMemo(
    () => start && epochs && liveItem({ start, epochs, end }, sha256),
    [start, epochs?.at(-1), end, sha256],
  );
}

/** What stands where there is nothing to compare yet. */
function Empty({ awaits }: { readonly awaits: boolean }) {
  return (
    <div class="compare-empty">
      <p>
        Drop models (<code>model.json</code>) and logs of runs (<code>mlp train --log run.ndjson</code>) here,
        or add them with the button above: their curves and figures come on the same axes.
      </p>
      {awaits && <p class="muted">This run joins them when its first epoch has ended.</p>}
    </div>
  );
}
