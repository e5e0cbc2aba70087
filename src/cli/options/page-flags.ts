/** The flags that say where the page is served. */

import { isIP } from 'node:net';
import * as v from 'valibot';
import type { Given, OptionRows } from '../../options/option-row.ts';
import { SWITCH, wholeNumber } from '../../options/values.ts';

/** The first port that is tried; then the next ones are. */
export const DEFAULT_PORT = 6570;

const HOST = 'an address or name of this machine';
const MAX_PORT = 65535;
const PORT = `a whole number from 0 (any that is free) to ${MAX_PORT}`;

const isHost = (host: string) =>
  (isIP(host) === 6 && !host.includes('%')) ||
  (/^[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?$/i.test(host) && URL.canParse(`http://${host}`));

/** Flags of `ui`, and of `train`. */
export const PAGE_FLAGS = {
  host: {
    belongsTo: 'page',
    value: 'HOST',
    schema: v.pipe(v.string(HOST), v.check(isHost, HOST)),
    help: 'address on which to serve the page to other machines, protected by a token in its URL',
    defaultText: 'this machine only',
  },
  port: {
    belongsTo: 'page',
    value: 'PORT',
    fromText: (text: string) => (/^\d+$/.test(text) ? Number(text) : text),
    schema: wholeNumber(0, MAX_PORT, PORT),
    help: 'port of the page',
    defaultText: `${DEFAULT_PORT}, or the next free port`,
  },
  noOpen: {
    belongsTo: 'page',
    schema: SWITCH,
    help: 'do not open a browser (without a terminal, none is opened either)',
  },
} as const satisfies OptionRows;

/** Where the page is served. */
export type PageOptions = Given<typeof PAGE_FLAGS>;
