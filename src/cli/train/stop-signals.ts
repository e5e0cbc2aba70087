/** Turns the first SIGINT, SIGTERM or SIGHUP into a request to stop. */

import { EXIT, type SignalName } from '../errors.ts';

/** A signal sent to a process and to its group, as by `timeout` or a shell around it, comes twice within milliseconds. */
const SAME_SIGNAL = 500;

/** Why something was stopped that no signal stopped: the page's button. */
export const BY_PAGE = 'page';

/** What `stopOnSignals` gives. */
export interface SignalHandling {
  /** Aborted with the signal's name as its reason; others may abort it with another reason before. */
  readonly controller: AbortController;
  /** The signal that has come, whoever has aborted. */
  readonly signalled: () => SignalName | undefined;
  /** Lets signals kill as usual. */
  readonly release: () => void;
}

/**
 * Turns the first SIGINT, SIGTERM or SIGHUP into an abort whose reason is the signal's name; a later one kills as usual.
 * Where no standard stream is a terminal (nohup, a service), SIGHUP ends nothing: Node forgets that nohup had it ignored.
 */
export function stopOnSignals(): SignalHandling {
  const controller = new AbortController();
  let signalled: SignalName | undefined;
  const abort = (name: NodeJS.Signals) => {
    if (signalled !== undefined) return;
    signalled = name as SignalName;
    controller.abort(name);
    setTimeout(release, SAME_SIGNAL).unref();
  };
  const { stdin, stdout, stderr } = process;
  const hasTerminal = [stdin, stdout, stderr].some((stream) => stream.isTTY);
  const stopping: NodeJS.Signals[] = ['SIGINT', 'SIGTERM', ...(hasTerminal ? (['SIGHUP'] as const) : [])];
  const release = () => {
    for (const name of stopping) process.removeListener(name, abort);
  };
  for (const name of stopping) process.on(name, abort);
  if (!hasTerminal && !process.listeners('SIGHUP').includes(ignore)) process.on('SIGHUP', ignore);
  return { controller, signalled: () => signalled, release };
}

const ignore = () => {};

/** The exit code of what was stopped: the signal's, or that of success where the user said so on the page. */
export function stoppedCode(signal: AbortSignal): number {
  return signal.reason === BY_PAGE ? EXIT.done : EXIT[signal.reason as SignalName];
}

/** Settles when the signal is aborted. */
export function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
