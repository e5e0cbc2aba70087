/** Where the page has its things from: the server that sent it, or the data within the one file. */

import type {
  PageInfo,
  RunAction,
  RunMessage,
  SampleImage,
  SamplesAnswer,
  StandaloneData,
} from '../protocol.ts';

/** What hears of a run. */
export interface RunListener {
  /** After a reconnection the whole history comes again, from its `start` on. */
  message(message: RunMessage): void;
  /** Whether the server is being heard. */
  connected(connected: boolean): void;
}

/** What the page has been given, whoever gives it. Calls for things that `info` does not have are rejected. */
export interface PageSource {
  readonly info: PageInfo;
  /** Whether a server gives it; the one file has Draw and Step through alone. */
  readonly served: boolean;
  /** The text of model.json. */
  modelText(): Promise<string>;
  /** Images of the test set from a place on; fewer at its end, and at most 200. */
  samples(from: number, count: number): Promise<readonly SampleImage[]>;
  /** Where the test sample of a number stands among those that `samples` gives; undefined where it is not there. */
  placeOf(index: number): number | undefined;
  /** Hears of the run: its history, then what happens. The function that is given ends that. */
  listen(listener: RunListener): () => void;
  /** Pauses, resumes or stops the run. */
  control(action: RunAction): Promise<void>;
  /** One of the run's probe samples, by the index that a mistake names. */
  runSample(index: number): Promise<SampleImage>;
  /** The text of the n-th of `info.compare`. */
  compareText(n: number): Promise<string>;
}

/**
 * Finds out what the page has been given.
 *
 * @throws Error if the server does not answer, in one line for the user
 */
export async function openSource(): Promise<PageSource> {
  const data = document.getElementById('mlp-data')?.textContent;
  return data ? standalone(JSON.parse(data) as StandaloneData) : serverSource();
}

/** Milliseconds before a refused stream is asked for again. */
const RETRY_AFTER = 3000;

/** The bytes of an image. */
export function pixelsOf({ pixels }: SampleImage): Uint8Array<ArrayBuffer> {
  return bytesOf(pixels);
}

/** The bytes that a base64 text stands for. */
export function bytesOf(base64: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
}

function standalone({ info, model, samples }: StandaloneData): PageSource {
  const absent = () => Promise.reject(new Error('this needs the page of `mlp ui`'));
  return {
    info,
    served: false,
    modelText: () => Promise.resolve(model),
    samples: (from, count) => Promise.resolve(samples.slice(from, from + count)),
    placeOf: (wanted) => placeIn(samples, wanted),
    listen: () => () => {},
    control: absent,
    runSample: absent,
    compareText: absent,
  };
}

function placeIn(samples: readonly SampleImage[], wanted: number): number | undefined {
  const place = samples.findIndex(({ index }) => index === wanted);
  return place === -1 ? undefined : place;
}

async function serverSource(): Promise<PageSource> {
  const ask = async (path: string, method: 'GET' | 'POST' = 'GET'): Promise<Response> => {
    let answer: Response;
    try {
      answer = await fetch(path, { method, cache: 'no-store' });
    } catch {
      throw new Error('mlp does not answer: it may have ended');
    }
    if (answer.status === 401 || answer.status === 403) {
      throw new Error('mlp refuses this page: open the address that it printed, with its token');
    }
    if (!answer.ok) throw new Error(`${path}: mlp answered ${answer.status}`);
    return answer;
  };
  const json = async <T>(path: string) => (await (await ask(path)).json()) as T;

  const info = await json<PageInfo>('api/info');
  return {
    info,
    served: true,
    modelText: async () => (await ask('api/model')).text(),
    samples: async (from, count) =>
      (await json<SamplesAnswer>(`api/samples?from=${from}&count=${count}`)).samples,
    placeOf: (wanted) => (wanted >= 0 && wanted < (info.samples?.count ?? 0) ? wanted : undefined),
    listen(listener) {
      let events: EventSource;
      let again: ReturnType<typeof setTimeout> | undefined;
      const open = () => {
        events = new EventSource('api/run/events');
        events.onopen = () => listener.connected(true);
        events.onerror = () => {
          listener.connected(false);
          // After a lost connection the browser tries again by itself; after a refusal it does not.
          if (events.readyState === EventSource.CLOSED) again = setTimeout(open, RETRY_AFTER);
        };
        events.onmessage = ({ data }) => listener.message(JSON.parse(data) as RunMessage);
      };
      open();
      return () => {
        clearTimeout(again);
        events.close();
      };
    },
    control: async (action) => {
      await ask(`api/run/${action}`, 'POST');
    },
    runSample: async (index) => (await json<SamplesAnswer>(`api/run/sample?index=${index}`)).samples[0],
    compareText: async (n) => (await ask(`api/compare/${n}`)).text(),
  };
}
