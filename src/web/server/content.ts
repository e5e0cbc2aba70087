/** What a server of the page has to show. */

import type { CompareEntry, ModelSummary, PageInfo } from '../protocol.ts';
import type { ImageSamples } from './image-samples.ts';
import type { LiveRun } from './live-run.ts';

/** A model's file. */
export interface ModelText {
  readonly summary: ModelSummary;
  readonly text: string;
}

/** One of the files to compare. */
export interface ComparedText extends CompareEntry {
  readonly text: string;
}

/** All that the page may ask for; a live run adds its model when it has one. */
export interface PageContent {
  readonly version: string;
  model?: ModelText | undefined;
  samples?: ImageSamples | undefined;
  readonly compare: readonly ComparedText[];
  readonly run?: LiveRun;
}

/** Its summary, which the page gets first. */
export function pageInfo({ version, model, samples, compare, run }: PageContent): PageInfo {
  return {
    version,
    ...(model && { model: model.summary }),
    ...(run && { run: true }),
    compare: compare.map(({ name, kind }) => ({ name, kind })),
    ...(samples && { samples: samples.info }),
  };
}
