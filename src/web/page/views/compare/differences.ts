/** In what the configurations of runs and models differ. */

/** Options about output files and display, which do not affect training. Layers are compared separately. */
const NO_PART = new Set([
  'out',
  'log',
  'checkpoint',
  'checkpointEvery',
  'resume',
  'threads',
  'repeat',
  'ui',
  'host',
  'port',
  'open',
  'hidden',
  'activation',
]);

/** A key in which they differ. */
export interface Difference {
  /** As the command line has it: `--learning-rate`. */
  readonly flag: string;
  /** The value in each configuration, as text; `–` if it is not recorded. */
  readonly values: readonly string[];
}

/** The keys that do not have the same value in all, in the order in which they first come. */
export function differences(configs: readonly Readonly<Record<string, unknown>>[]): Difference[] {
  const keys = new Set(configs.flatMap((config) => Object.keys(config)));
  return [...keys].flatMap((key) => {
    if (NO_PART.has(key)) return [];
    const values = configs.map((config) => valueText(config[key]));
    return new Set(values).size < 2 ? [] : [{ flag: flagOf(key), values }];
  });
}

const flagOf = (key: string) => `--${key.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;

function valueText(value: unknown): string {
  if (value === undefined || value === null) return '–';
  if (value === true) return 'yes';
  if (value === false) return 'no';
  if (Array.isArray(value)) return value.map(valueText).join(', ');
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}
