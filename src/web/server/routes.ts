/** What each address of the page's server answers. */

import { MAX_SAMPLES_PER_REQUEST, type RunAction, type SamplesAnswer } from '../protocol.ts';
import { type PageContent, pageInfo } from './content.ts';
import type { ImageSamples } from './image-samples.ts';
import type { LiveRun, ProbeImages } from './live-run.ts';
import type { PageFile, PageFiles } from './page-files.ts';

/** An answer that has not been written yet. */
export type RouteResponse =
  | { readonly kind: 'file'; readonly file: PageFile }
  | { readonly kind: 'text'; readonly text: string; readonly type: string }
  | { readonly kind: 'events'; readonly run: LiveRun }
  | { readonly kind: 'done' }
  | { readonly kind: 'refused'; readonly status: number; readonly line: string; readonly allow?: string };

const JSON_TYPE = 'application/json; charset=utf-8';
const TEXT_TYPE = 'text/plain; charset=utf-8';

const json = (value: unknown): RouteResponse => ({
  kind: 'text',
  text: JSON.stringify(value),
  type: JSON_TYPE,
});
const refused = (status: number, line: string): RouteResponse => ({ kind: 'refused', status, line });
const missing = (what = 'nothing at this address'): RouteResponse => refused(404, what);

type Reader = (content: PageContent, query: URLSearchParams) => RouteResponse;

const READERS: ReadonlyMap<string, Reader> = new Map<string, Reader>([
  ['/api/info', (content) => json(pageInfo(content))],
  [
    '/api/model',
    ({ model }) =>
      model === undefined ? missing('no model yet') : { kind: 'text', text: model.text, type: JSON_TYPE },
  ],
  ['/api/samples', ({ samples }, query) => imagesFrom(samples, query)],
  ['/api/run/events', ({ run }) => (run === undefined ? missing('no run') : { kind: 'events', run })],
  ['/api/run/sample', ({ run }, query) => imageOf(run?.probe, query)],
]);

const INDEX = 'index.html';
const ACTIONS: readonly RunAction[] = ['pause', 'resume', 'stop'];
const COMPARED = /^\/api\/compare\/(0|[1-9]\d{0,5})$/;

/**
 * The answer to a request that `refusal` has let pass. Addresses are compared as they came, so that no way of writing
 * one names a file that is not listed.
 *
 * @param reading whether the method is GET or HEAD, else it is POST
 */
export function answer(
  path: string,
  query: string,
  reading: boolean,
  files: PageFiles,
  content: PageContent,
): RouteResponse {
  const action = ACTIONS.find((name) => path === `/api/run/${name}`);
  if (action !== undefined) {
    if (reading) return { ...refused(405, 'expected POST'), allow: 'POST' } as RouteResponse;
    if (content.run === undefined) return missing('no run');
    content.run.control[action]();
    return { kind: 'done' };
  }
  const file = path.startsWith('/') ? files.get(path === '/' ? INDEX : path.slice(1)) : undefined;
  const reader = READERS.get(path);
  const compared = COMPARED.exec(path)?.[1];
  if (file === undefined && reader === undefined && compared === undefined) return missing();
  if (!reading) return { ...refused(405, 'expected GET or HEAD'), allow: 'GET, HEAD' } as RouteResponse;
  if (file !== undefined) return { kind: 'file', file };
  if (reader !== undefined) return reader(content, new URLSearchParams(query));
  const entry = content.compare[Number(compared)];
  if (entry === undefined) return missing(`expected a number below ${content.compare.length}`);
  return { kind: 'text', text: entry.text, type: entry.kind === 'model' ? JSON_TYPE : TEXT_TYPE };
}

function imagesFrom(samples: ImageSamples | undefined, query: URLSearchParams): RouteResponse {
  if (samples === undefined) return missing('no samples');
  const { count } = samples.info;
  const [from, wanted] = [whole(query.get('from')), whole(query.get('count'))];
  if (from === undefined || wanted === undefined || wanted > MAX_SAMPLES_PER_REQUEST) {
    return refused(400, `expected from=N and count=N up to ${MAX_SAMPLES_PER_REQUEST}, both whole numbers`);
  }
  const length = Math.max(0, Math.min(wanted, count - from));
  const images = Array.from({ length }, (_, i) => samples.at(from + i));
  return json({ samples: images } satisfies SamplesAnswer);
}

function imageOf(samples: ProbeImages | undefined, query: URLSearchParams): RouteResponse {
  if (samples === undefined) return missing('no samples');
  const index = whole(query.get('index'));
  if (index === undefined) return refused(400, 'expected index=N, a whole number');
  if (index >= samples.count) return missing(`expected an index below ${samples.count}`);
  return json({ samples: [samples.at(index)] } satisfies SamplesAnswer);
}

const whole = (text: string | null) => (text !== null && /^\d{1,9}$/.test(text) ? Number(text) : undefined);
