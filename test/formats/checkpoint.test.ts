/** Checkpoint files: what is written is read, and nothing else. */

import { describe, expect, test } from 'vitest';
import { sha256 } from '../../src/data/digest.ts';
import {
  CHECKPOINT_VERSION,
  type Checkpoint,
  decodeCheckpoint,
  encodeCheckpoint,
} from '../../src/formats/checkpoint.ts';

const tensor = (name: string, values: number[]) => ({
  ...{ name, shape: [values.length] },
  values: Float32Array.from(values),
});
const figures = { epoch: 2, trainLoss: 0.1 + 0.2, trainAccuracy: 1 / 3, validationAccuracy: 0.5 };

const checkpoint: Checkpoint = {
  mlp: '0.1.0',
  config: { hidden: [3], learningRate: 0.1 },
  data: { source: 'digits', sha256: 'ab' },
  state: {
    ...{ epoch: 3, batch: 7, steps: 41, lossSum: 1 / 3, correctSum: 12, samples: 56 },
    ...{ epochSeconds: 0.25, seconds: 1e-3 },
    generators: { shuffle: [1, 2, 3, 4294967295] },
    parameters: [tensor('W1', [1 / 3, -0, 1e-45]), tensor('b1', [0])],
    optimizer: {
      steps: 41,
      state: [{ name: 'm', shape: [1, 2], values: Float64Array.of(1 / 3, Number.MIN_VALUE) }],
    },
    last: figures,
    best: { figures, parameters: [tensor('W1', [4, 5, 6]), tensor('b1', [7])] },
  },
};

test('what is written is read, bit for bit', async () => {
  const bytes = await encodeCheckpoint(checkpoint);
  const read = await decodeCheckpoint(bytes, 'run.ckpt');
  expect(read).toEqual(checkpoint);
  expect(Object.is(read.state.parameters[0].values[1], -0)).toBe(true);
  const { last: _, best: __, ...state } = checkpoint.state;
  const early = { ...checkpoint, state };
  expect(await decodeCheckpoint(await encodeCheckpoint(early), 'run.ckpt')).toEqual(early);
  // At any place in a larger buffer.
  const within = new Uint8Array(bytes.length + 5);
  within.set(bytes, 5);
  expect(await decodeCheckpoint(within.subarray(5), 'run.ckpt')).toEqual(checkpoint);
});

describe('refuses, in one line that names the file,', () => {
  async function refusal(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
    const error: unknown = await decodeCheckpoint(bytes, 'run.ckpt').catch((reason) => reason);
    expect(error).toMatchObject({ name: 'DataError', message: expect.stringMatching(/^run\.ckpt: .+$/) });
    return (error as Error).message;
  }
  const written = () => encodeCheckpoint(checkpoint);

  /** A file of which the header was changed, with a digest that fits. */
  async function withHeader(change: (header: string) => string): Promise<Uint8Array<ArrayBuffer>> {
    const bytes = Buffer.from(await written());
    const end = 16 + bytes.readUInt32LE(12);
    const header = Buffer.from(change(bytes.subarray(16, end).toString()));
    const start = Buffer.from(bytes.subarray(0, 16));
    start.writeUInt32LE(header.length, 12);
    const body = new Uint8Array(Buffer.concat([start, header, bytes.subarray(end, -64)]));
    return new Uint8Array(Buffer.concat([body, Buffer.from(await sha256(body))]));
  }

  const deep = `${'['.repeat(100_000)}${']'.repeat(100_000)}`;

  test('a header longer than the file', async () => {
    const bytes = Buffer.from(await written());
    bytes.writeUInt32LE(0xffffffff, 12);
    const body = new Uint8Array(bytes.subarray(0, -64));
    const signed = new Uint8Array(Buffer.concat([body, Buffer.from(await sha256(body))]));
    expect(await refusal(signed)).toContain('expected a header of 4294967295 bytes');
  });

  test('parameters that are not finite', async () => {
    const parameters = [tensor('W1', [1, Number.NaN, 2]), tensor('b1', [0])];
    const state = { ...checkpoint.state, parameters };
    expect(await refusal(await encodeCheckpoint({ ...checkpoint, state }))).toContain(
      'expected finite numbers in W1, got NaN',
    );
  });

  test('another kind of file', async () => {
    expect(await refusal(new Uint8Array(0))).toContain('another kind of file');
    expect(await refusal(new TextEncoder().encode('{"format":"mlp-model"}'))).toContain('another kind');
  });

  test('every file cut short', async () => {
    const bytes = await written();
    for (let length = 8; length < bytes.length; length += 13) {
      expect(await refusal(bytes.slice(0, length))).toContain('damaged');
    }
  });

  test('a change of any byte', async () => {
    const bytes = await written();
    for (let i = 12; i < bytes.length; i += 11) {
      const changed = bytes.slice();
      changed[i] ^= 1;
      expect(await refusal(changed)).toContain('damaged');
    }
  });

  test('another version', async () => {
    const bytes = await written();
    bytes[8] = CHECKPOINT_VERSION + 1;
    expect(await refusal(bytes)).toMatch(/expected version 1 .*got 2; a newer mlp/);
    bytes[8] = 0;
    expect(await refusal(bytes)).toMatch(/expected version 1 .*got 0$/);
  });

  test.each([
    ['no JSON', () => 'oh', /header: expected JSON/],
    ['no epoch', (text: string) => text.replace('"epoch":3', '"epoch":"3"'), /state\.epoch: expected number/],
    ['other shapes', (text: string) => text.replace('"shape":[3]', '"shape":[99]'), /got fewer/],
    ['too few tensors', (text: string) => text.replace('"shape":[3]', '"shape":[2]'), /bytes of tensors/],
    ['a key twice', (text: string) => text.replace('"mlp":', '"mlp":"0","mlp":'), /got "mlp" twice/],
    ['depth', (text: string) => text.replace('[3],"learn', `${deep},"learn`), /nested at most 64 deep/],
    ['a word too large', (text: string) => text.replace('4294967295', '4294967296'), /generators\.shuffle/],
    ['no randomness', (text: string) => text.replace('[1,2,3,4294967295]', '[0,0,0,0]'), /not all 0/],
    ['an endless shape', (text: string) => text.replace('"shape":[3]', '"shape":[1e9,1e9]'), /got fewer/],
    ['a step beyond counting', (text: string) => text.replace('"steps":41', '"steps":1e300'), /state\.steps/],
    ['two of a name', (text: string) => text.replaceAll('"name":"b1"', '"name":"W1"'), /got W1 twice/],
    [
      'other best parameters',
      (text: string) => text.replace(/"name":"b1"(?!.*"name":"b1")/, '"name":"b2"'),
      /expected the best parameters to be W1 \[3\], b1 \[1\], got W1 \[3\], b2 \[1\]/,
    ],
  ])('a header with %s', async (_, change, message) => {
    expect(await refusal(await withHeader(change))).toMatch(message);
  });
});
