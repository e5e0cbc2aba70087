/** The page of `mlp train --ui`: publishes the run's events as messages, and waits once the run is over. */

import { basename } from 'node:path';
import { decodeModel } from '../../formats/model.ts';
import type { NamedTensor, NetworkSpec } from '../../network/network.ts';
import type { RecordedConfig } from '../../options/record.ts';
import type { TrainData } from '../../train/config.ts';
import type { BatchEvent, EndEvent, StartEvent, TrainEvent } from '../../train/events.ts';
import type { RunCourse, RunState } from '../../train/run/run-state.ts';
import { RunMonitor } from '../../train/threads/run-monitor.ts';
import { RunControl } from '../../train/watch/run-control.ts';
import { modelSummary } from '../../web/model-summary.ts';
import type { RunPhase, RunSnapshot } from '../../web/protocol.ts';
import type { PageContent } from '../../web/server/content.ts';
import { ImageSamples } from '../../web/server/image-samples.ts';
import { LiveRun } from '../../web/server/live-run.ts';
import type { PageServer } from '../../web/server/server.ts';
import type { TrainingData } from '../data/training-samples.ts';
import { describeError, EXIT } from '../errors.ts';
import type { PageOptions } from '../options/page-flags.ts';
import { printMessages } from '../text/terminal.ts';
import { RunClock } from '../train/run-clock.ts';
import { aborted, BY_PAGE, type SignalHandling, stopOnSignals } from '../train/stop-signals.ts';
import { VERSION } from '../version.ts';
import { servePage } from './page-server.ts';
import { probeImages, snapshotMessage } from './run-snapshots.ts';

/** Milliseconds between two estimates of the time left. */
const STATE_EVERY = 500;

/** A page beside a training run. Closing it disturbs nothing: messages are kept for whoever opens it again. */
export class RunPage {
  readonly #stop: SignalHandling;
  readonly #options: PageOptions;
  readonly #control = new RunControl();
  readonly #live: LiveRun;
  readonly #content: PageContent;
  #server: PageServer | undefined;
  #report: (line: string) => void = () => {};
  #monitor: RunMonitor | undefined;
  #lastView: RunSnapshot | undefined;
  /** Ends the wait after the run. */
  #dismiss: (() => void) | undefined;
  #phase: RunPhase = 'running';
  #clock = new RunClock(1);
  #batchesPerEpoch = 1;
  #stepsDone = 0;
  #publishedAt = 0;
  #hasBegun = false;

  /** @param stop is aborted, with `BY_PAGE` as the reason, when the page says so */
  constructor(stop: SignalHandling, options: PageOptions) {
    this.#stop = stop;
    this.#options = options;
    this.#live = new LiveRun({
      pause: () => this.#control.pause(),
      resume: () => this.#control.resume(),
      stop: () => this.#stopRun(),
    });
    this.#content = { version: VERSION, compare: [], run: this.#live };
  }

  /**
   * Starts the server, with the test images of the run.
   *
   * @param report receives the page's address, a line
   * @throws FileError or UsageError if it cannot listen
   */
  async open(source: TrainingData, report: (line: string) => void): Promise<void> {
    const { test, shape, classes } = source;
    this.#content.samples = test && ImageSamples.of(test, shape, classes);
    this.#report = report;
    this.#server = await servePage(this.#content, this.#options, report);
    report(`the page is at ${this.#server.url}`);
  }

  /** What the trainer is given to be steered by, and looked at with. */
  course(spec: NetworkSpec, data: TrainData, { shape }: TrainingData): RunCourse {
    const monitor = new RunMonitor({
      spec,
      data,
      ...(shape && { shape }),
      control: this.#control,
      view: (view) => this.#show(snapshotMessage(view, monitor.probe.set)),
      failed: (error) => this.#report(`warning: the page shows no more of the weights: ${error.message}`),
    });
    this.#monitor = monitor;
    this.#live.probe = shape && probeImages(monitor, data, shape);
    return {
      control: this.#control,
      snapshot: monitor.snapshot,
      paused: (paused) => {
        if (paused) this.#clock.pause();
        else this.#clock.resume();
        if (this.#phase !== 'stopping') this.#publishState(paused ? 'paused' : 'running');
      },
    };
  }

  /** A run begins. */
  begin(start: StartEvent, config: RecordedConfig, { classes, shape }: TrainingData, from?: RunState): void {
    this.#batchesPerEpoch = start.batchesPerEpoch;
    this.#stepsDone = from?.steps ?? 0;
    this.#clock = new RunClock(start.epochs * start.batchesPerEpoch, this.#stepsDone);
    this.#hasBegun = true;
    this.#live.publish({
      type: 'start',
      start,
      config,
      classes,
      ...(shape && { imageShape: shape }),
    });
    this.#publishState(this.#control.paused ? 'paused' : 'running');
  }

  /** What happens in it. */
  report(event: TrainEvent): void {
    if (event.event === 'batch') this.#publishBatch(event);
    else if (event.event === 'epoch') this.#live.publish({ type: 'epoch', epoch: event });
  }

  #publishBatch({ epoch, batch, steps }: BatchEvent): void {
    if (this.#monitor !== undefined) this.#monitor.watched = this.#live.watched;
    this.#stepsDone = (epoch - 1) * this.#batchesPerEpoch + batch;
    if (steps.losses.length > 0) this.#live.publish({ type: 'steps', stride: 1, ...steps });
    const now = performance.now();
    if (now - this.#publishedAt < STATE_EVERY) return;
    this.#publishedAt = now;
    this.#publishState(this.#phase);
  }

  #show(view: RunSnapshot): void {
    this.#lastView = view;
    this.#live.publish(view);
  }

  #publishState(phase: RunPhase): void {
    this.#phase = phase;
    const secondsLeft = isGoingOn(phase) ? this.#clock.secondsLeft(this.#stepsDone) : undefined;
    this.#live.publish({
      type: 'state',
      state: phase,
      seconds: this.#clock.seconds,
      ...(secondsLeft !== undefined && { secondsLeft }),
    });
  }

  /**
   * It has come to its end, and its model, which can be drawn for and stepped through from now on, has been written.
   *
   * @param tensors the weights that are kept
   */
  async end(
    end: EndEvent,
    tensors: readonly NamedTensor[],
    { path, text }: { readonly path: string; readonly text: string },
  ): Promise<void> {
    const summary = modelSummary(basename(path), await decodeModel(text, path));
    this.#content.model = { summary, text };
    const epoch = end.bestEpoch ?? Math.max(1, end.epochs);
    const kept = { step: end.steps, epoch, batch: this.#batchesPerEpoch, parameters: tensors };
    const tested = await this.#monitor?.finish(kept, !end.interrupted);
    if (tested !== undefined && this.#lastView !== undefined) {
      const { confusion, mistakes } = tested;
      this.#show({ ...this.#lastView, set: 'test', confusion, mistakes });
    }
    this.#publishState('ended');
    this.#live.publish({ type: 'end', end });
  }

  /**
   * Waits for the run and then, unless a signal ended it or it never began, until a signal comes or the page says that
   * it is done. Gives the run's exit code; an error of the run is printed before the wait.
   *
   * @throws what the run throws, if there is no wait
   */
  async whileOpen(run: Promise<number>, report: (line: string) => void): Promise<number> {
    try {
      const code = await this.#outcome(run);
      if (isGoingOn(this.#phase) || this.#phase === 'stopping') this.#publishState('ended');
      if (this.#server === undefined || this.#stop.signalled() !== undefined) return code;
      // From now on a signal ends the wait, not the run. One listens before the other ceases to, lest one be lost.
      const { controller, release } = stopOnSignals();
      this.#stop.release();
      this.#dismiss = () => controller.abort(BY_PAGE);
      report(`the run is over; the page stays at ${this.#server.url} until Ctrl-C`);
      await aborted(controller.signal);
      release();
      return code;
    } finally {
      await this.#monitor?.close();
      await this.#server?.close();
    }
  }

  async #outcome(run: Promise<number>): Promise<number> {
    try {
      return await run;
    } catch (error) {
      const { code, message } = describeError(error);
      await this.#monitor?.close();
      if (!this.#hasBegun || this.#stop.signalled() !== undefined) throw error;
      this.#publishState(code === EXIT.diverged ? 'diverged' : 'ended');
      this.#live.publish({ type: 'failed', message: message.split('\n')[0] });
      printMessages(`error: ${message}`);
      return code;
    }
  }

  #stopRun(): void {
    if (this.#dismiss !== undefined) this.#dismiss();
    else if (!this.#stop.controller.signal.aborted) {
      this.#publishState('stopping');
      this.#stop.controller.abort(BY_PAGE);
    }
  }
}

const isGoingOn = (phase: RunPhase) => phase === 'running' || phase === 'paused';
