/** Describes a run's regularisation in a line. */

const NAMES = {
  l1: 'L1',
  dropout: 'dropout',
  inputDropout: 'input dropout',
  maxNorm: 'max-norm',
  labelSmoothing: 'label smoothing',
} as const;

/** `dropout 0.5, max-norm 3`; empty where there is none. */
export function regularisationText(options: Readonly<Partial<Record<keyof typeof NAMES, number>>>): string {
  return (Object.keys(NAMES) as (keyof typeof NAMES)[])
    .filter((key) => options[key] !== undefined)
    .map((key) => `${NAMES[key]} ${options[key]}`)
    .join(', ');
}
