/** What all views share, as signals. */

import { computed, signal } from '@preact/signals';
import { type LoadedModel, loadModel } from './kernels.ts';
import { openSource, type PageSource } from './source.ts';

/** The tabs, by the part of the address behind `#`. */
export type ViewName = 'run' | 'draw' | 'step' | 'compare';

/** Undefined until it is known what the page has been given. */
export const source = signal<PageSource | undefined>(undefined);

/** Why the page can show nothing, in one line. */
export const failure = signal<string | undefined>(undefined);

/** The views there is something for, in the order of the tabs. */
export const views = computed<readonly ViewName[]>(() => {
  const { value } = source;
  if (value === undefined) return [];
  const { info, served } = value;
  const images = info.model?.shape !== undefined;
  return [
    ...(info.run ? (['run'] as const) : []),
    ...(images ? (['draw', 'step'] as const) : []),
    // Files can be added there, whatever the page has been given.
    ...(served ? (['compare'] as const) : []),
  ];
});

/** The view that the address asks for; may be one that is not there. */
export const wanted = signal(location.hash.slice(1));
addEventListener('hashchange', () => {
  wanted.value = location.hash.slice(1);
});

/** The view that is shown. */
export const view = computed<ViewName | undefined>(
  () => views.value.find((name) => name === wanted.value) ?? views.value[0],
);

/** A digit as it is handed from view to view: what was drawn is stepped through. */
export interface Digit {
  /** 0 to 255, row-major, as many as the model has inputs. */
  readonly pixels: Uint8Array;
  /** From 0; undefined where nobody has said it. */
  readonly label: number | undefined;
  /** Its number in the test set, where it is of that. */
  readonly index?: number;
  /** `drawn`, or `sample 12`. */
  readonly title: string;
}

/** The digit last drawn; undefined before there is one. */
export const drawn = signal<Digit | undefined>(undefined);

/** Looks again for what the page has been given: a run that has ended leaves a model. */
export async function lookAgain(): Promise<void> {
  const { info } = await openSource();
  if (source.value !== undefined) source.value = { ...source.value, info };
}

let loading: Promise<LoadedModel> | undefined;

/**
 * The model that the page has been given, loaded once for all views.
 *
 * @throws {DataError} it does not fit its format
 */
export function model(): Promise<LoadedModel> {
  const { value } = source;
  if (value?.info.model === undefined) return Promise.reject(new Error('this page has no model'));
  const { name } = value.info.model;
  loading ??= value.modelText().then((text) => loadModel(text, name));
  return loading;
}
