/** What the page and its server say to each other; types alone, with no import of `node:` or of the browser. */

import type { RecordedConfig } from '../options/record.ts';
import type { EndEvent, EpochEvent, StartEvent } from '../train/events.ts';
import type { LayerSnapshot, Mistake, ReceptiveFields } from '../train/watch/monitor.ts';

/** One of the models or run logs that are compared; its text is at `api/compare/N`, N being its place in the list. */
export interface CompareEntry {
  /** The file's name, without its folder. */
  readonly name: string;
  readonly kind: 'model' | 'run-log';
}

/** What the page has been given: `api/info`. Of Run, Draw and Step through, what is absent has no tab. */
export interface PageInfo {
  /** Of mlp. */
  readonly version: string;
  /** The model at `api/model`. */
  readonly model?: ModelSummary;
  /** A training run is to be watched at `api/run/events`. */
  readonly run?: true;
  /** Empty without any. */
  readonly compare: readonly CompareEntry[];
  /** The test set at `api/samples`, where its samples are images. */
  readonly samples?: SamplesInfo;
}

/** What the page knows of its model before it has read it. */
export interface ModelSummary {
  /** The file's name, without its folder. */
  readonly name: string;
  /** Of its weights, 64 hex digits. */
  readonly sha256: string;
  /** Rows and columns of its inputs; absent where they are no image, and then nothing can be drawn for it. */
  readonly shape?: readonly [rows: number, cols: number];
}

/** What the samples of the test set are. */
export interface SamplesInfo {
  readonly count: number;
  /** The name of each class. */
  readonly classes: readonly string[];
  /** Pixels of an image. */
  readonly rows: number;
  readonly cols: number;
}

/** One image of a set. */
export interface SampleImage {
  /** Its place in the set, from 0. */
  readonly index: number;
  /** Its class, from 0. */
  readonly label: number;
  /** Bytes, row-major [rows, cols], 0 to 255, as base64. */
  readonly pixels: string;
}

/** `api/samples?from=&count=`, and `api/run/sample?index=` with one. */
export interface SamplesAnswer {
  readonly samples: readonly SampleImage[];
}

/** The most samples that one request may ask for. */
export const MAX_SAMPLES_PER_REQUEST = 200;

/** What the one-file page holds instead of a server. */
export interface StandaloneData {
  readonly info: PageInfo;
  /** The text of model.json. */
  readonly model: string;
  /** Some images of the test set; `info.samples.count` of them. */
  readonly samples: readonly SampleImage[];
}

/** The weights of the first layer's units as images, for JSON. */
export interface EncodedReceptiveFields extends Omit<ReceptiveFields, 'units'> {
  /** The bytes of each unit as base64. */
  readonly units: readonly string[];
}

/** The run begins. */
export interface RunStart {
  readonly type: 'start';
  readonly start: StartEvent;
  /** The configuration, as the start event reports it. */
  readonly config: RecordedConfig;
  /** The name of each class. */
  readonly classes: readonly string[];
  /** Rows and columns of a sample, where it is an image. */
  readonly imageShape?: readonly [rows: number, cols: number];
}

/** Some steps (batches), one after the other; all lists are of one length. */
export interface RunSteps {
  readonly type: 'steps';
  /** The number of the first of them, from 1. */
  readonly firstStep: number;
  /** How many steps lie between one entry and the next; above 1 in the thinned history of a long run. */
  readonly stride: number;
  /** The mean loss of each batch, in nats per sample, without the L2 term. */
  readonly losses: readonly number[];
  /** The share of each batch that was right, 0 to 1. */
  readonly accuracies: readonly number[];
  readonly learningRates: readonly number[];
}

/** An epoch has ended. */
export interface RunEpoch {
  readonly type: 'epoch';
  readonly epoch: EpochEvent;
}

/** What the network is like at a moment, on the probe samples. A later snapshot replaces an earlier one. */
export interface RunSnapshot {
  readonly type: 'snapshot';
  /** Steps done. */
  readonly step: number;
  /** From 1. */
  readonly epoch: number;
  /** In the order of the network. */
  readonly layers: readonly LayerSnapshot[];
  /** Absent where the samples are no images. */
  readonly receptiveFields?: EncodedReceptiveFields;
  /** Which samples `confusion` and `mistakes` are of: at the end the test set's, until then some of the others. */
  readonly set?: 'training' | 'validation' | 'test';
  /** Counts by label (row) and prediction (column). */
  readonly confusion: readonly (readonly number[])[];
  /** At most 12 for each cell of the confusion matrix. */
  readonly mistakes: readonly Mistake[];
}

/** Where a run stands. */
export type RunPhase = 'running' | 'paused' | 'stopping' | 'ended' | 'diverged';

/** The state of the run: it continues, pauses, resumes or stops. */
export interface RunStatus {
  readonly type: 'state';
  readonly state: RunPhase;
  /** Of training so far, without pauses. */
  readonly seconds: number;
  /** An estimate; absent before there is one, and at the end. */
  readonly secondsLeft?: number;
}

/** The run is over. */
export interface RunEnd {
  readonly type: 'end';
  readonly end: EndEvent;
}

/** The run has ended with an error. */
export interface RunFailed {
  readonly type: 'failed';
  /** One line for the user. */
  readonly message: string;
}

/** A message of `api/run/events`, one an SSE `data:` line as JSON: first the whole history, then what happens. */
export type RunMessage = RunStart | RunSteps | RunEpoch | RunSnapshot | RunStatus | RunEnd | RunFailed;

/** What the page may ask of a run: POST `api/run/ACTION`, answered with 204. */
export type RunAction = 'pause' | 'resume' | 'stop';
