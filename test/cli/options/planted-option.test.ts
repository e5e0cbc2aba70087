/** A row added to the table of flags: what it belongs to decides where it is recorded, and nothing else does. */

import { afterEach, expect, test } from 'vitest';
import { type GivenFlags, newRunFlags, TRAIN_FLAGS } from '../../../src/cli/options/train-flags.ts';
import { buildProgram } from '../../../src/cli/program.ts';
import { recordedConfig } from '../../../src/cli/train/model-record.ts';
import { keptOptions, resumedFlags } from '../../../src/cli/train/resume.ts';
import type { Checkpoint } from '../../../src/formats/checkpoint.ts';
import type { OptionRow, Part } from '../../../src/options/option-row.ts';
import { optionsFromFlags } from '../../../src/options/read-options.ts';
import { isReported, select } from '../../../src/options/record.ts';
import { SWITCH } from '../../../src/options/values.ts';

const rows: Record<string, OptionRow> = TRAIN_FLAGS;

function plant(belongsTo: Part): GivenFlags {
  rows.planted = { belongsTo, schema: SWITCH, help: 'planted for this test' };
  return optionsFromFlags(TRAIN_FLAGS, { planted: true });
}
afterEach(() => {
  delete rows.planted;
});

/** A checkpoint of a run without the option. */
function checkpoint(): Checkpoint {
  const figures = { epoch: 1, batch: 0, steps: 0, lossSum: 0, correctSum: 0, samples: 0 };
  return {
    mlp: '0.1.0',
    config: keptOptions(newRunFlags({})),
    data: { source: 'mnist', sha256: '' },
    state: {
      ...figures,
      ...{ epochSeconds: 0, seconds: 0, generators: {}, parameters: [] },
      optimizer: { steps: 0, state: [] },
    },
  };
}

test.each<Part>(['shell', 'page'])('a flag of the %s is in no model and no checkpoint', (part) => {
  const given = plant(part);
  const options = newRunFlags(given);
  expect(options).toHaveProperty('planted', true);
  expect(recordedConfig(options)).not.toHaveProperty('planted');
  expect(keptOptions(options)).not.toHaveProperty('planted');
  expect(select(TRAIN_FLAGS, options, isReported)).not.toHaveProperty('planted');
  expect(resumedFlags('run.ckpt', checkpoint(), given)).toHaveProperty('planted', true);
});

test('a flag of the process is reported, and recorded nowhere else', () => {
  const given = plant('process');
  const options = newRunFlags(given);
  expect(select(TRAIN_FLAGS, options, isReported)).toHaveProperty('planted', true);
  expect(recordedConfig(options)).not.toHaveProperty('planted');
  expect(keptOptions(options)).not.toHaveProperty('planted');
  expect(resumedFlags('run.ckpt', checkpoint(), given)).toHaveProperty('planted', true);
});

test.each<Part>(['data', 'network', 'training', 'run'])(
  'a flag of the %s is in both, and a run cannot be resumed with another value',
  (part) => {
    const given = plant(part);
    const options = newRunFlags(given);
    expect(recordedConfig(options)).toHaveProperty('planted', true);
    expect(keptOptions(options)).toHaveProperty('planted', true);
    expect(() => resumedFlags('run.ckpt', checkpoint(), given)).toThrow(
      'run.ckpt: expected no --planted, as the run was started with, got --planted',
    );
  },
);

test('the help has it', () => {
  plant('shell');
  const train = buildProgram(() => {}).commands.find((command) => command.name() === 'train');
  expect(train?.helpInformation()).toContain('--planted');
});
