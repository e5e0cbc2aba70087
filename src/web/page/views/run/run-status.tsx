/** Where the run stands, in a line of figures, and the buttons that steer it. */

import { useEffect, useState } from 'preact/hooks';
import type { RunPhase } from '../../../protocol.ts';
import { Button } from '../../components/button.tsx';
import { countText, percentText, secondsText, shortLossText, timeLeftText } from '../../number-text.ts';
import type { RunRecord } from './run-record.ts';
import type { WatchedRun } from './watched-run.ts';

/** Milliseconds in which a second press of Stop means it. */
const SURE_WITHIN = 3000;

const PHASES: Readonly<Record<RunPhase, string>> = {
  running: 'running',
  paused: 'paused',
  stopping: 'stopping …',
  ended: 'ended',
  diverged: 'diverged',
};

/** The head of the view. */
export function RunStatus({ run }: { run: WatchedRun }) {
  void run.drawn.value;
  const { record } = run;
  const { epoch, epochs, step, steps } = record.place;
  const { phase, end } = record;
  const rate = record.samplesPerSecond;
  const over = phase === 'ended' || phase === 'diverged';
  return (
    <section class="panel run-status" aria-label="Where the run stands">
      <div class="run-status-head">
        <h1>
          Run <span class={`run-phase run-phase-${phase ?? 'waiting'}`}>{phaseText(record)}</span>
        </h1>
        <Controls run={run} phase={phase} />
      </div>
      <progress class="run-progress" aria-label="Steps done" max={Math.max(1, steps)} value={step} />
      <dl class="figures">
        <Figure name="Epoch" value={epochs === 0 ? '–' : `${epoch} / ${countText(epochs)}`} />
        <Figure name="Step" value={steps === 0 ? '–' : `${countText(step)} / ${countText(steps)}`} />
        <Figure name="Elapsed" value={secondsText(end?.seconds ?? record.state?.seconds ?? 0)} />
        {!over && <Figure name="Time left" value={timeLeftText(record.state?.secondsLeft)} />}
        <Figure name="Samples per second" value={rate === undefined ? '–' : countText(rate)} />
        {end?.testAccuracy !== undefined && (
          <Figure name="Test accuracy" value={percentText(end.testAccuracy)} strong />
        )}
        {end?.testLoss !== undefined && <Figure name="Test loss" value={shortLossText(end.testLoss)} />}
        {end?.bestEpoch !== undefined && <Figure name="Best epoch" value={String(end.bestEpoch)} />}
      </dl>
      <Messages run={run} />
    </section>
  );
}

function Figure({ name, value, strong }: { name: string; value: string; strong?: boolean }) {
  return (
    <div class={strong ? 'figure figure-strong' : 'figure'}>
      <dt>{name}</dt>
      <dd class="number">{value}</dd>
    </div>
  );
}

function phaseText({ phase, end }: RunRecord): string {
  if (phase === undefined) return 'waiting for the first step';
  if (end?.interrupted) return 'stopped';
  if (end?.stoppedEarly) return 'ended early: no better for a while';
  return PHASES[phase];
}

/** Pause or resume, and stop, which is asked twice. */
function Controls({ run, phase }: { run: WatchedRun; phase: RunPhase | undefined }) {
  const [sure, setSure] = useState(false);
  useEffect(() => {
    if (!sure) return;
    const timer = setTimeout(() => setSure(false), SURE_WITHIN);
    return () => clearTimeout(timer);
  }, [sure]);
  const asked = run.asked.value;
  const steered = run.connection.value === 'open' && (phase === 'running' || phase === 'paused');
  const stop = () => {
    setSure(!sure);
    if (sure) void run.ask('stop');
  };
  const takeBack = (event: KeyboardEvent) => {
    if (event.key === 'Escape') setSure(false);
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: Escape takes back what a button within was pressed for
    <div class="panel-actions" onKeyDown={takeBack}>
      <Button
        primary={phase === 'paused'}
        disabled={!steered || asked === 'stop'}
        onPress={() => void run.ask(phase === 'paused' ? 'resume' : 'pause')}
      >
        {phase === 'paused' ? 'Resume' : 'Pause'}
      </Button>
      <Button primary={sure} disabled={!steered || asked === 'stop'} onPress={stop}>
        {sure ? 'Stop: press again' : 'Stop'}
      </Button>
      <output class="visually-hidden">
        {sure ? 'Press Stop again within three seconds to end the run. Its weights are kept.' : ''}
      </output>
    </div>
  );
}

/** Messages in words: each completed epoch for screen readers, and errors for everybody. */
function Messages({ run }: { run: WatchedRun }) {
  // Read here too: a component with the same properties is only drawn anew for signals of its own.
  void run.drawn.value;
  const { record } = run;
  const over = record.phase === 'ended' || record.phase === 'diverged';
  const lost = run.connection.value === 'lost';
  return (
    <>
      <output class="visually-hidden">{spoken(record)}</output>
      {lost && (
        <p role="alert" class="run-alert">
          {over
            ? 'mlp has ended or cannot be reached. What it reported so far stays here.'
            : 'The connection to mlp is lost; trying again. The run itself does not need this page.'}
        </p>
      )}
      {record.failed !== undefined && (
        <p role="alert" class="run-alert">
          {record.failed}
        </p>
      )}
      {run.refusal.value !== undefined && (
        <p role="alert" class="run-alert">
          {run.refusal.value}
        </p>
      )}
    </>
  );
}

function spoken({ phase, epochs, end }: RunRecord): string {
  const state = phase === undefined || phase === 'running' ? '' : `The run is ${PHASES[phase]}. `;
  if (end?.testAccuracy !== undefined) return `${state}Test accuracy ${percentText(end.testAccuracy)}.`;
  const last = epochs.at(-1);
  if (last === undefined) return state;
  const accuracy = last.validationAccuracy ?? last.trainAccuracy;
  const which = last.validationAccuracy === undefined ? 'training' : 'validation';
  return `${state}Epoch ${last.epoch} done, ${which} accuracy ${percentText(accuracy)}.`;
}
