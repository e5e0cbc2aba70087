/** Options from text and from JSON, each checked by its row. */

import * as v from 'valibot';
import { UsageError } from './errors.ts';
import { flagOf, type Given, type OptionRow, type OptionRows, rowsOf } from './option-row.ts';
import { didYouMean, otherName } from './suggest.ts';

/** What was typed for a flag: text, a list of texts where it repeats, true for a switch. */
export type Typed = string | readonly string[] | boolean | undefined;

/**
 * The options of a table from the flags of a command line.
 *
 * @param typed by the keys of the table
 * @throws UsageError naming the flag, what was expected and what came
 */
export function optionsFromFlags<Rows extends OptionRows>(
  rows: Rows,
  typed: Readonly<Record<string, Typed>>,
): Given<Rows> {
  const entries = rowsOf(rows).flatMap(([key, row]) => {
    const texts = typed[key];
    if (texts === undefined) return [];
    const { fromText = (text: string) => text } = row;
    const value = typeof texts === 'string' ? fromText(texts) : texts;
    const got = typeof texts === 'object' ? shown(texts) : `"${texts}"`;
    return [[key, checked(row, value, flagOf(key), got)]];
  });
  return Object.fromEntries(entries);
}

/**
 * The options of a table from JSON, as in a config file.
 *
 * @param name where the JSON comes from, for messages
 * @throws UsageError naming the key, what was expected and what came
 */
export function optionsFromJson<Rows extends OptionRows>(
  rows: Rows,
  json: object,
  name: string,
): Partial<Given<Rows>> {
  const known = new Map(rowsOf(rows).filter(([, { flagOnly }]) => !flagOnly));
  const entries = Object.entries(json).map(([key, value]) => {
    const row = known.get(key);
    if (row === undefined) {
      throw new UsageError(`${name}: unknown key "${key}"${otherName(key, known)}`);
    }
    return [key, checked(row, value, `${name}: ${key}`, shown(value))];
  });
  return Object.fromEntries(entries);
}

function checked(
  { schema, valuesAlsoKnownAs = {} }: OptionRow,
  value: unknown,
  where: string,
  got: string,
): unknown {
  const result = v.safeParse(schema, value);
  if (result.success) return result.output;
  const hint = typeof value === 'string' ? didYouMean(value, namesOf(schema), valuesAlsoKnownAs) : '';
  throw new UsageError(`${where}: expected ${result.issues[0].message}, got ${got}${hint}`);
}

/** No message is made longer by a value than this. */
const MAX_SHOWN = 80;

/** A value of JSON as it is quoted in a message. */
export function shown(value: unknown): string {
  let text: string;
  try {
    text = JSON.stringify(value) ?? String(value);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return 'JSON that is nested too deep';
  }
  return text.length > MAX_SHOWN ? `${text.slice(0, MAX_SHOWN)}…` : text;
}

/** The names that a schema allows; none where it allows others. */
const namesOf = (schema: object): string[] =>
  'options' in schema && Array.isArray(schema.options)
    ? schema.options.filter((name) => typeof name === 'string')
    : [];
