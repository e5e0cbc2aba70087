/** Every model file that is refused, and the one line that says why. */

import { describe, expect, test } from 'vitest';
import { DataError } from '../../src/data/errors.ts';
import type { Preprocessing } from '../../src/data/preprocessing.ts';
import { decodeModel, encodeModel, weightsDigest } from '../../src/formats/model.ts';
import { encodedModel, info, makeNetwork } from './models.ts';

/** The message of the refusal: one line that begins with the file's name. */
async function refusal(text: string): Promise<string> {
  const error = await decodeModel(text, 'some/m.json').then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(DataError);
  const { message } = error as DataError;
  expect(message).toMatch(/^some\/m\.json: /);
  expect(message).not.toContain('\n');
  return message;
}

// biome-ignore lint/suspicious/noExplicitAny: the file is spoilt in ways that no type would allow
type File = any;

async function refusalOf(spoil: (file: File) => void): Promise<string> {
  const file = await encodedModel();
  spoil(file);
  return refusal(JSON.stringify(file));
}

test('the file that the others spoil is sound', async () => {
  await expect(decodeModel(JSON.stringify(await encodedModel()), 'm.json')).resolves.toBeDefined();
});

describe('no model at all', () => {
  test.each(['', '{', 'PK\u0003\u0004', '{"format":\n "mlp-model"\n,,}'])('not JSON: %j', async (text) => {
    expect(await refusal(text)).toContain('expected JSON');
  });

  test.each(['null', '3', '[]', '{}', '{"format":"onnx","version":1}', '{"version":1}'])(
    'other JSON: %s',
    async (text) => {
      expect(await refusal(text)).toContain('"mlp-model"');
    },
  );

  test('half a file', async () => {
    const text = JSON.stringify(await encodedModel());
    expect(await refusal(text.slice(0, text.length / 2))).toContain('expected JSON');
  });
});

describe('versions', () => {
  test('a newer one, with a hint to update', async () => {
    const message = await refusalOf((file) => {
      file.version = 2;
      file.layers = 'laid out otherwise';
    });
    expect(message).toMatch(/version 1\b.*got 2\b.*newer.*update/);
  });

  test.each([0, 0.5, -1])('%d', async (version) => {
    const message = await refusalOf((file) => {
      file.version = version;
    });
    expect(message).toContain(`got ${version}`);
    expect(message).not.toContain('newer');
  });

  test.each(['1', null, undefined])('%s is none', async (version) => {
    const message = await refusalOf((file) => {
      file.version = version;
    });
    expect(message.length).toBeGreaterThan(20);
  });
});

describe('what could mean two things, or nothing', () => {
  test('a key twice', async () => {
    const text = JSON.stringify(await encodedModel());
    const twice = text.replace('"name":"relu"', '"name":"tanh","name":"relu"');
    expect(await refusal(twice)).toContain('expected each key once, got "name" twice');
    expect(await refusal(text.replace('"l2":', '"\\u006c2":0,"l2":'))).toContain('got "l2" twice');
  });

  test('a class twice', async () => {
    const message = await refusalOf((file) => {
      file.classes = ['a', 'b', 'a'];
    });
    expect(message).toContain('classes: expected different names, got "a" twice');
  });

  test.each([Number.NaN, Number.POSITIVE_INFINITY])('a weight of %d with a right digest', async (value) => {
    const tensors = makeNetwork().tensors();
    tensors[2].values[4] = value;
    const digest = await weightsDigest(tensors.map(({ values }) => values));
    const message = await refusalOf((file) => {
      file.weights.W2.data = Buffer.from(Float32Array.from(tensors[2].values).buffer).toString('base64');
      file.sha256 = digest;
    });
    expect(message).toContain(`weights: expected finite numbers in W2, got ${value}`);
    await expect(encodeModel(info, tensors)).rejects.toThrow('expected finite numbers in W2');
  });

  test.each([
    [{ scale: 1, shape: [100, 100] }, 'expected a shape of 4 pixels, got 100 × 100'],
    [{ scale: 1, shape: [1e9, 1e9] }, 'expected a shape of 4 pixels, got 1000000000 × 1000000000'],
    [{ scale: 1, shape: [2, 2], cropFrom: [1e5, 1e5] }, 'expected cropFrom of at most 33554432 pixels'],
  ])('shapes that do not fit the inputs: %j', async (preprocessing, expected) => {
    const message = await refusalOf((file) => {
      file.preprocessing = preprocessing;
    });
    expect(message).toContain(expected);
    const spoilt = { ...info, preprocessing: preprocessing as unknown as Preprocessing };
    await expect(encodeModel(spoilt, makeNetwork().tensors())).rejects.toThrow(expected);
  });

  test('classes of a name, on writing', async () => {
    const spoilt = { ...info, classes: ['a', 'a', 'b'] };
    await expect(encodeModel(spoilt, makeNetwork().tensors())).rejects.toThrow('got "a" twice');
  });

  test('JSON nested 100,000 deep', async () => {
    const deep = `${'{"a":'.repeat(100_000)}1${'}'.repeat(100_000)}`;
    expect(await refusal(deep)).toContain('expected JSON nested at most 64 deep');
    const text = JSON.stringify(await encodedModel());
    expect(await refusal(text.replace('"seed":7', `"seed":7,"more":${deep}`))).toContain('64 deep');
  });
});

describe('fileSha256', () => {
  test.each<[string, (file: File) => void]>([
    ['another activation', (file) => (file.layers[1].name = 'tanh')],
    ['another loss', (file) => (file.loss.name = 'svm')],
    ['another scale', (file) => (file.preprocessing.scale *= 1 + 1e-15)],
    ['other classes', (file) => file.classes.reverse()],
    ['a turned image', (file) => (file.preprocessing.transpose = true)],
    ['an unknown key', (file) => (file.comment = 'x')],
    ['another digest', (file) => (file.fileSha256 = '0'.repeat(64))],
  ])('%s', async (_, spoil) => {
    const message = await refusalOf((file) => void spoil(file));
    expect(message).toMatch(
      /layers, loss, .* with the SHA-256 [0-9a-f]{64}, as fileSha256 states, got [0-9a-f]{64}$/,
    );
  });

  test('does not depend on the order of keys or on blanks', async () => {
    const file = await encodedModel();
    const turned = Object.fromEntries(Object.entries(file).reverse());
    turned.preprocessing = Object.fromEntries(Object.entries(file.preprocessing).reverse());
    await expect(decodeModel(JSON.stringify(turned, null, 3), 'm.json')).resolves.toBeDefined();
  });
});

describe('weights', () => {
  test('that are not those of the digest, by one bit', async () => {
    const message = await refusalOf((file) => {
      const bytes = Buffer.from(file.weights.W1.data, 'base64');
      bytes[0] ^= 1;
      file.weights.W1.data = bytes.toString('base64');
    });
    expect(message).toContain('SHA-256');
  });

  test('with another digest stated', async () => {
    const stated = '0'.repeat(64);
    const message = await refusalOf((file) => {
      file.sha256 = stated;
    });
    expect(message).toMatch(new RegExp(`SHA-256 ${stated}.*got [0-9a-f]{64}`));
  });

  test('of another shape', async () => {
    const message = await refusalOf((file) => {
      file.weights.W1.shape = [5, 4];
    });
    expect(message).toMatch(/W1.*\[4,5\].*got \[5,4\]/);
  });

  test('missing', async () => {
    const message = await refusalOf((file) => {
      delete file.weights.b2;
    });
    expect(message).toMatch(/expected b2/);
  });

  test.each(['W3', 'w1'])('too many: %s', async (name) => {
    const message = await refusalOf((file) => {
      file.weights[name] = file.weights.b2;
    });
    expect(message).toContain(name);
  });

  test('cut short', async () => {
    const message = await refusalOf((file) => {
      file.weights.W2.data = file.weights.W2.data.slice(0, 40);
    });
    expect(message).toMatch(/expected 60 bytes in W2, got 30/);
  });

  test('a float too many', async () => {
    const message = await refusalOf((file) => {
      file.weights.b2.data = Buffer.alloc(16).toString('base64');
    });
    expect(message).toMatch(/expected 12 bytes in b2, got 16/);
  });

  test.each(['!!!!', 'AAAAA', 'é'])('not base64: %s', async (data) => {
    const message = await refusalOf((file) => {
      file.weights.b1.data = data;
    });
    expect(message).toMatch(/b1.*base64/);
  });

  test.each(['float64', undefined])('of type %s', async (dtype) => {
    const message = await refusalOf((file) => {
      file.weights.W1.dtype = dtype;
    });
    expect(message).toContain('weights.W1.dtype');
  });
});

describe('layers', () => {
  test('that do not fit together', async () => {
    const message = await refusalOf((file) => {
      file.layers[2].inputs = 6;
    });
    expect(message).toMatch(/dense layer 2 .*5 inputs, got 6/);
  });

  test('whose first does not fit the inputs', async () => {
    const message = await refusalOf((file) => {
      file.inputs = 3;
    });
    expect(message).toMatch(/dense layer 1 .*3 inputs, got 4/);
  });

  test('none', async () => {
    const message = await refusalOf((file) => {
      file.layers = [];
      file.weights = {};
    });
    expect(message).toMatch(/at least one dense layer, got none/);
  });

  test('an activation first', async () => {
    const message = await refusalOf((file) => {
      file.layers.unshift({ type: 'activation', name: 'tanh' });
    });
    expect(message).toMatch(/dense layer first, got tanh/);
  });

  test('an activation that nobody knows', async () => {
    const message = await refusalOf((file) => {
      file.layers[1].name = 'swash';
    });
    expect(message).toMatch(/layers\.1\.name.*"swash"/);
  });

  test('a type that nobody knows', async () => {
    const message = await refusalOf((file) => {
      file.layers[1].type = 'convolution';
    });
    expect(message).toMatch(/layers\.1.*"convolution"/);
  });

  test.each([0, -4, 1.5, '4', 1e300])('a width of %j', async (outputs) => {
    await refusalOf((file) => {
      file.layers[0].outputs = outputs;
    });
  });

  test('so large that no memory holds them are refused before any is taken', async () => {
    const message = await refusalOf((file) => {
      file.layers[0].outputs = 2 ** 40;
      file.layers[2].inputs = 2 ** 40;
    });
    expect(message).toContain('W1');
  });
});

describe('the rest', () => {
  test.each([[['a', 'b']], [['a', 'b', 'c', 'd']]])('class names %j for three outputs', async (classes) => {
    const message = await refusalOf((file) => {
      file.classes = classes;
    });
    expect(message).toContain(`expected 3 class names, one an output, got ${classes.length}`);
  });

  test.each([
    ['classes', [1, 2, 3]],
    ['loss', { name: 'hinge' }],
    ['l2', -1],
    ['preprocessing', undefined],
    ['weights', []],
    ['sha256', 5],
    ['training', 'much'],
    ['inputs', 0],
  ])('%s: %j', async (key, value) => {
    const message = await refusalOf((file) => {
      file[key] = value;
    });
    expect(message).toContain(key);
  });
});
