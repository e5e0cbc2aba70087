/** In what the configurations of runs and models differ. */

import { flagOf } from '../../../../options/option-row.ts';
import { COMPARED_KEYS, type RecordedConfig } from '../../../../options/record.ts';

/** An option in which they differ. */
export interface Difference {
  /** As the command line has it: `--learning-rate`. */
  readonly flag: string;
  /** The value in each configuration, as text; `–` if it is not recorded. */
  readonly values: readonly string[];
}

/** The options that do not have the same value in all, in the order of the help. Layers are shown by themselves. */
export function differences(configs: readonly RecordedConfig[]): Difference[] {
  return COMPARED_KEYS.flatMap((key) => {
    const values = configs.map((config) => valueText(config[key]));
    return new Set(values).size < 2 ? [] : [{ flag: flagOf(key), values }];
  });
}

function valueText(value: unknown): string {
  if (value === undefined) return '–';
  if (value === true) return 'yes';
  if (value === false) return 'no';
  return Array.isArray(value) ? value.map(valueText).join(', ') : String(value);
}
