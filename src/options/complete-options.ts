/** From given options to all of them: which go together, and the defaults. */

import { UsageError } from './errors.ts';
import { type Choices, type Chosen, flagOf, type OptionRow, type OptionRows, rowsOf } from './option-row.ts';

/** Options by name, checked one by one. */
export type Values = Readonly<Record<string, unknown>>;

/**
 * All options of a table.
 *
 * @param cores of this machine
 * @throws UsageError if two of the options do not go together
 */
export function completeOptions<Rows extends OptionRows>(rows: Rows, given: Values, cores = 1): Chosen<Rows> {
  const chosen = choicesOf(rows, given, cores);
  for (const key of Object.keys(given)) {
    const conflict = conflictOf(rows, key, given, chosen);
    if (conflict !== undefined) throw new UsageError(`${flagOf(key)}: ${conflict}`);
  }
  const entries = rowsOf(rows).map(([key]) => [key, chosen[key]]);
  return Object.fromEntries(entries.filter(([, value]) => value !== undefined));
}

/** Every option with its default, each found when it is asked for: the rules may ask in any order. */
export function choicesOf(rows: OptionRows, given: Values, cores: number): Choices & Values {
  const known = new Map<string, unknown>();
  const choices = Object.create(null, { cores: { value: cores } });
  for (const [key, row] of rowsOf(rows)) {
    const get = () => {
      if (!known.has(key)) known.set(key, chosenValue(row, given[key], choices));
      return known.get(key);
    };
    Object.defineProperty(choices, key, { get });
  }
  return choices;
}

function chosenValue(row: OptionRow, given: unknown, choices: Choices): unknown {
  if (row.byDefault !== undefined) return given ?? row.byDefault(choices);
  return isOn(row, given) ? given : undefined;
}

/** Whether an option is given, and not to turn it off. */
const isOn = (row: OptionRow | undefined, value: unknown): boolean =>
  value !== undefined && value !== false && (row?.off === undefined || value !== row.off);

/**
 * Why a given option does not go with the others, after its flag; undefined if it does, or is not given.
 *
 * @param choices of what is given
 */
export function conflictOf(
  rows: OptionRows,
  key: string,
  given: Values,
  choices: Choices,
): string | undefined {
  const row = rows[key];
  const value = given[key];
  if (row === undefined || !isOn(row, value)) return undefined;
  const { needs, excludes = [], onlyWith } = row;
  const isGiven = (other: string) => isOn(rows[other], given[other]);
  if (needs !== undefined && !needs.anyOf.some(isGiven)) {
    return `expected with ${flagOf(needs.anyOf[0])}, ${needs.because}`;
  }
  const excluded = excludes.find(({ option }) => isGiven(option));
  if (excluded !== undefined) return `expected without ${flagOf(excluded.option)}, ${excluded.because}`;
  if (onlyWith !== undefined) {
    const [flag, other] = [flagOf(onlyWith.option), String(choices[onlyWith.option])];
    if (!onlyWith.values.includes(other)) {
      return `expected with ${flag} ${onlyWith.values.join(' or ')} only, got ${flag} ${other}`;
    }
  }
  return row.check?.(value, choices);
}
