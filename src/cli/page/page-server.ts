/** Serving the page for a command: its files, its port, and a browser to open it in. */

import { FileError } from '../../data/errors.ts';
import { UsageError } from '../../options/errors.ts';
import type { PageContent } from '../../web/server/content.ts';
import { openBrowser } from '../../web/server/open-browser.ts';
import { readPageFiles } from '../../web/server/page-files.ts';
import { PageServer } from '../../web/server/server.ts';
import { DEFAULT_PORT, type PageOptions } from '../options/page-flags.ts';

/**
 * Starts the server, and opens the page where a person is at the terminal.
 *
 * @param report receives a line if another port than the default was chosen
 * @throws FileError if the port is taken or not allowed; UsageError if the host is none of this machine's
 */
export async function servePage(
  content: PageContent,
  { host, port, noOpen }: PageOptions,
  report: (line: string) => void,
): Promise<PageServer> {
  const server = await PageServer.listen({
    files: await readPageFiles(),
    content,
    ...(host !== undefined && { host }),
    port: port ?? DEFAULT_PORT,
    orNext: port === undefined,
  }).catch((error) => {
    throw listenError(error, host, port);
  });
  if (port === undefined && server.port !== DEFAULT_PORT) {
    report(`port ${DEFAULT_PORT} is taken; the page is on port ${server.port}`);
  }
  if (!noOpen && process.stdout.isTTY && (process.env.CI ?? '') === '') openBrowser(server.urlForOne());
  return server;
}

function listenError(error: unknown, host: string | undefined, port: number | undefined): unknown {
  const on = `port ${port ?? DEFAULT_PORT}`;
  switch ((error as NodeJS.ErrnoException).code) {
    case 'EADDRINUSE':
      return new FileError(`cannot listen on ${on}: it is taken; without --port a free one is chosen`);
    case 'EACCES':
      return new FileError(`cannot listen on ${on}: permission denied; ports from 1024 on are free to all`);
    case 'EADDRNOTAVAIL':
    case 'EAFNOSUPPORT':
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
    case 'EINVAL':
      return new UsageError(`--host: expected an address or name of this machine, got "${host}"`);
    default:
      return error;
  }
}
