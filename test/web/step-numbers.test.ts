/** The numbers of the page's walk are those of `mlp explain --json`, for every loss and depth. */

import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { encode } from 'fast-png';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { decodeModel, encodeModel } from '../../src/formats/model.ts';
import { LOSS_NAMES } from '../../src/network/losses.ts';
import { explainInput, outcomeAfter } from '../../src/web/page/explanation.ts';
import { walkthrough } from '../../src/web/page/views/step/walkthrough.ts';
import { freshFolder, mlp } from '../cli/run.ts';
import { CLASSES, INPUTS, randomNetwork } from '../explain/nets.ts';

const PIXELS = Uint8Array.of(180, 0, 64, 255, 0, 127);
const NAMES = Array.from({ length: CLASSES }, (_, j) => `class ${j}`);

let folder: Awaited<ReturnType<typeof freshFolder>>;
beforeAll(async () => {
  folder = await freshFolder();
  const png = encode({ width: 3, height: 2, data: PIXELS, channels: 1, depth: 8 });
  await writeFile(join(folder.cwd, 'digit.png'), png);
});
afterAll(() => folder?.remove());

const CASES = LOSS_NAMES.flatMap((loss) =>
  [[], [5], [5, 7]].map((hidden) => ({
    loss,
    hidden,
    depth: hidden.length,
    l2: hidden.length === 1 ? 0.01 : 0,
  })),
);

test.each(CASES)('$loss, $depth hidden, L2 $l2', async ({ loss, hidden, l2 }) => {
  const network = randomNetwork({ inputs: INPUTS, hidden, classes: CLASSES, activation: 'tanh', loss, l2 });
  const preprocessing = { scale: 1 / 255, shape: [2, 3] as const };
  const training = { config: { learningRate: 0.4, batchSize: 8 } };
  const info = { spec: network.spec, classes: NAMES, preprocessing, training };
  const { text } = await encodeModel(info, network.tensors());
  await writeFile(join(folder.cwd, 'model.json'), text);
  const words = ['explain', 'model.json', '--input', 'digit.png', '--label', NAMES[2], '--json'];
  const told = JSON.parse((await mlp(words, folder)).stdout);

  const model = await decodeModel(text, 'model.json');
  const explanation = explainInput(model, PIXELS, 2);
  const { loss: value, penalty, lossAfter, penaltyAfter, learningRate } = explanation;
  expect(told).toMatchObject({ loss: value, penalty, lossAfter, penaltyAfter, learningRate });
  expect(learningRate).toBe(0.05);
  expect(told.outputs).toEqual([...explanation.outputs]);
  expect(told.probabilities).toEqual(explanation.probabilities && [...explanation.probabilities]);

  const stops = walkthrough(model, explanation);
  expect(
    stops.map(({ step, quantities }) => [step.text, [...step.formulas], Array.from(quantities[0].values)]),
  ).toEqual(
    told.steps.map((step: { text: string; formulas: string[]; values: number[] }) => [
      step.text,
      step.formulas,
      step.values,
    ]),
  );

  // What stands on the right of a step is what the formulas before it have given.
  const before = new Map(model.tensors.map(({ name, values }) => [name, Array.from(values)]));
  for (const { symbol, operands, values } of told.steps) {
    const { quantities } = stops.find(
      (stop) => stop.step.symbol === symbol && Array.from(stop.step.values).join() === values.join(),
    ) as (typeof stops)[number];
    for (const operand of operands) {
      const known = before.get(operand.symbol);
      const shown = quantities.slice(1).find(({ letter }) => letter.symbol === operand.symbol);
      if (known !== undefined) expect(Array.from(shown?.values ?? []), operand.symbol).toEqual(known);
    }
    before.set(symbol, values);
  }
});

test('after the step the input runs through the parameters that it gave', async () => {
  const options = { inputs: INPUTS, hidden: [5], classes: CLASSES, l2: 0.01 };
  const network = randomNetwork(options);
  const info = { spec: network.spec, classes: NAMES, preprocessing: { scale: 1 / 255 }, training: {} };
  const model = await decodeModel((await encodeModel(info, network.tensors())).text, 'model.json');
  const explanation = explainInput(model, PIXELS, 2, 0.05);
  const after = outcomeAfter(model, PIXELS, explanation);
  expect(-Math.log(after.values[2])).toBeCloseTo(explanation.lossAfter, 12);
  expect(explanation.lossAfter).toBeLessThan(explanation.loss);
  const scores = outcomeAfter(
    { ...model, spec: { ...model.spec, loss: { name: 'svm' } } },
    PIXELS,
    explanation,
  ).values;
  const exps = Array.from(scores, Math.exp);
  expect(exps[2] / exps.reduce((a, b) => a + b)).toBeCloseTo(after.values[2], 12);
});
