/** How a model came about, as its file records it. */

import * as v from 'valibot';
import type { DataError } from '../data/errors.ts';
import { decodeConfig, type RecordedConfig } from '../options/record.ts';

const natural = v.pipe(v.number(), v.integer(), v.minValue(0));
/** JSON has null for a figure that is not finite. */
const figure = v.optional(v.nullable(v.number()));

const Record = v.looseObject({
  config: v.exactOptional(v.looseObject({})),
  seed: v.exactOptional(natural),
  epochs: v.exactOptional(natural),
  steps: v.exactOptional(natural),
  bestEpoch: v.exactOptional(natural),
  stoppedEarly: v.exactOptional(v.boolean()),
  interrupted: v.exactOptional(v.boolean()),
  data: v.exactOptional(
    v.looseObject({
      source: v.exactOptional(v.string()),
      test: v.exactOptional(
        v.union([v.object({ held: v.number(), seed: natural }), v.object({ source: v.string() })]),
      ),
      sha256: v.exactOptional(v.string()),
      files: v.exactOptional(
        v.pipe(
          v.array(v.object({ name: v.string(), sha256: v.string(), count: v.exactOptional(natural) })),
          v.readonly(),
        ),
      ),
    }),
  ),
  metrics: v.exactOptional(
    v.looseObject({
      trainLoss: figure,
      trainAccuracy: figure,
      validationLoss: figure,
      validationAccuracy: figure,
      testLoss: figure,
      testAccuracy: figure,
    }),
  ),
  mlp: v.exactOptional(v.string()),
});

type Fields = v.InferOutput<typeof Record>;

/** Where the test samples of a model's data are: in another place, or split off the training samples. */
export type TestPlace = NonNullable<NonNullable<Fields['data']>['test']>;

/** How a model came about: any of it may be absent, and what is unknown is kept. */
export type TrainingRecord = {
  readonly [K in keyof Omit<typeof Record.entries, 'config'>]?: NonNullable<Fields[K]>;
} & { readonly config?: RecordedConfig };

/**
 * Reads the record of a model file.
 *
 * @param fail makes the error for what does not fit
 */
export function decodeTraining(json: object, fail: (message: string) => DataError): TrainingRecord {
  const parsed = v.safeParse(Record, json);
  if (!parsed.success) {
    const [issue] = parsed.issues;
    throw fail(`training.${v.getDotPath(issue)}: expected ${issue.expected}, got ${issue.received}`);
  }
  const { config } = parsed.output;
  // First as the file has it, so that the order of its keys stays.
  return {
    ...json,
    ...(config && { config: decodeConfig(config, (message) => fail(`training.${message}`)) }),
  };
}
