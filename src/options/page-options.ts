/** The options that say where the page is served. */

import { isIP } from 'node:net';
import * as v from 'valibot';
import { UsageError } from './errors.ts';
import type { OptionRow } from './train-option-table.ts';

/** Where the page is looked for first; after it the next ones. */
export const DEFAULT_PORT = 6570;

const HOST = 'an address or name of this machine';
const MAX_PORT = 65535;
const PORT = `a whole number from 0 (any that is free) to ${MAX_PORT}`;

const isHost = (host: string) =>
  (isIP(host) === 6 && !host.includes('%')) ||
  (/^[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?$/i.test(host) && URL.canParse(`http://${host}`));

/** Rows of the table of options of `train`, and flags of `ui`. */
export const PAGE_OPTIONS = {
  host: {
    value: 'HOST',
    fromText: (text: string) => text,
    schema: v.pipe(v.string(HOST), v.check(isHost, HOST)),
    help: 'address to serve the page on for other machines, with a token in its address',
    defaultText: 'this machine alone',
  },
  port: {
    value: 'PORT',
    fromText: (text: string) => (/^\d+$/.test(text) ? Number(text) : text),
    schema: v.pipe(v.number(PORT), v.integer(PORT), v.minValue(0, PORT), v.maxValue(MAX_PORT, PORT)),
    help: 'port of the page',
    defaultText: `${DEFAULT_PORT}, or the next that is free`,
  },
  noOpen: {
    schema: v.boolean('true or false'),
    help: 'open no browser (none is opened without a terminal either)',
  },
} as const satisfies Record<string, OptionRow>;

/** Where the page is served; absent is the default. */
export type PageOptions = {
  -readonly [K in keyof typeof PAGE_OPTIONS]?: v.InferOutput<(typeof PAGE_OPTIONS)[K]['schema']>;
};

/** @throws UsageError for an option of the page without `--ui` */
export function requirePage(given: PageOptions & { ui?: boolean }): void {
  if (given.ui) return;
  const flags = { host: '--host', port: '--port', noOpen: '--no-open' } as const;
  const keys = Object.keys(flags) as (keyof typeof flags)[];
  const alone = keys.find((key) => given[key] !== undefined && given[key] !== false);
  if (alone !== undefined) throw new UsageError(`${flags[alone]}: expected with --ui, the page it is of`);
}
