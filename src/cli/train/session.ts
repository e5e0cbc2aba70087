/** What the runs of one `mlp train` share. */

import type { NamedTensor, NetworkSpec } from '../../network/network.ts';
import type { EndEvent } from '../../train/events.ts';
import type { TrainingData } from '../data/training-samples.ts';
import type { OutputFile } from '../files/output-file.ts';
import type { TrainFlags } from '../options/train-flags.ts';
import type { RunPage } from '../page/run-page.ts';
import type { Terminal } from '../text/terminal.ts';
import type { EventLog } from './event-log.ts';
import type { Screen } from './screen.ts';
import { stoppedCode } from './stop-signals.ts';

/** All that the runs of one command share. */
export interface Session {
  readonly signal: AbortSignal;
  readonly options: TrainFlags;
  readonly source: TrainingData;
  readonly spec: NetworkSpec;
  readonly terminal: Terminal;
  readonly screen: Screen;
  readonly output: OutputFile;
  readonly log: EventLog | undefined;
  /** The page of `--ui`. */
  readonly page: RunPage | undefined;
}

/** A run that has ended or was interrupted. */
export interface Outcome {
  readonly end: EndEvent;
  readonly tensors: readonly NamedTensor[];
  /** That it has learned nothing, if so. */
  readonly warnings: readonly string[];
}

/** Reports that no run has begun, and gives the exit code. */
export function interruptedEarly({ signal, terminal }: Session): number {
  terminal.err('interrupted before the first step; no model was written');
  return stoppedCode(signal);
}
