/** Tables of options as flags of a command: their help, and what was typed for them. */

import { type Command, Option } from 'commander';
import { completeOptions } from '../../options/complete-options.ts';
import {
  flagOf,
  HELP_GROUPS,
  type OptionRow,
  type OptionRows,
  rowsOf,
  textOf,
} from '../../options/option-row.ts';
import type { Typed } from '../../options/read-options.ts';

/** Adds the flags of a table; @param defaultText of an option, for its help */
export function addFlags(command: Command, rows: OptionRows, defaultText = usualDefault(rows)): void {
  const place = ([, { group }]: [string, OptionRow]) =>
    group === undefined ? HELP_GROUPS.length : HELP_GROUPS.indexOf(group);
  for (const [key, row] of rowsOf(rows).toSorted((a, b) => place(a) - place(b))) {
    const { value, help, group, required = false, repeats } = row;
    const usual = defaultText(key);
    const option = new Option(
      flagOf(key) + (value === undefined ? '' : ` <${value}>`),
      usual === undefined ? help : `${help} (default: ${usual})`,
    ).makeOptionMandatory(required);
    if (group !== undefined) option.helpGroup(`${group}:`);
    if (repeats) option.argParser((word: string, words: string[] = []) => [...words, word]);
    command.addOption(option);
  }
}

/** The default of each option of a table in words; undefined where it has none. */
export function usualDefault(rows: OptionRows): (key: string) => string | undefined {
  const usual = new Map(Object.entries(completeOptions(rows, {})));
  return (key) => {
    const { defaultText, off } = rows[key];
    const value = usual.get(key) ?? off;
    return defaultText ?? (value === undefined ? undefined : textOf(rows, key, value));
  };
}

/** What was typed for the flags of a table, by its keys. */
export function typedFlags(command: Command, rows: OptionRows): Record<string, Typed> {
  const typed: Record<string, Typed> = {};
  for (const [key] of rowsOf(rows)) {
    const option = command.options.find(({ long }) => long === flagOf(key));
    if (option === undefined) continue;
    const value: Typed = command.getOptionValue(option.attributeName());
    // commander has `--no-color` as the opposite of `color`.
    if (!option.negate) typed[key] = value;
    else if (value === false) typed[key] = true;
  }
  return typed;
}
