/** The view «Draw» for models of other shapes, classes and losses than MNIST's. */

import { expect, test } from 'vitest';
import type { Preprocessing } from '../../src/data/preprocessing.ts';
import { encodeModel } from '../../src/formats/model.ts';
import { Random } from '../../src/kernels/random.ts';
import { ReferenceKernels } from '../../src/kernels/reference.ts';
import { Network, type PerceptronOptions, perceptron } from '../../src/network/network.ts';
import { expectAccessible, expectNoOverflow } from './accessibility.ts';
import { inBrowser } from './browser.ts';
import { answersOf, pageData } from './page-data.ts';
import { servePage } from './page-server.ts';
import { drawWithMouse, SEVEN } from './pen.ts';

const LETTERS = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZabdefghnqrt0123456789'];

/** The text of an untrained model. */
async function modelText(
  classes: readonly string[],
  preprocessing: Preprocessing,
  options: Partial<PerceptronOptions> = {},
): Promise<string> {
  const [rows, cols] = preprocessing.shape ?? [2, 2];
  const spec = perceptron({ inputs: rows * cols, hidden: [30], classes: classes.length, ...options });
  const network = new Network(new ReferenceKernels('float32'), spec, 1);
  network.initialize(new Random(5, 'weights'));
  return (await encodeModel({ spec, classes, preprocessing, training: {} }, network.tensors())).text;
}

const scale = 1 / 255;

inBrowser('the view Draw for other models', (open) => {
  const openModel = async (text: string) => {
    const server = await servePage(answersOf(await pageData(text)));
    try {
      const { page } = await open(`${server.address}#draw`, { width: 375, height: 667 });
      await page.locator('.view, main p').first().waitFor();
      // The model is loaded before its server ends.
      await page.waitForLoadState('networkidle');
      return page;
    } finally {
      await server.close();
    }
  };

  const shape = [28, 28] as const;
  const CASES: [
    name: string,
    bars: number,
    classes: readonly string[],
    Preprocessing,
    Partial<PerceptronOptions>,
  ][] = [
    ['crops', 2, ['3', '8'], { scale, shape: [20, 20], cropFrom: shape }, { hidden: [200, 100] }],
    ['letters', 10, LETTERS, { scale, shape, transpose: true }, {}],
    [
      'words',
      3,
      ['aeroplane with propellers', 'cat', 'dog'],
      { scale, shape: [32, 24], imageFiles: { invert: true } },
      {},
    ],
    ['scores', 10, [...'0123456789'], { scale, shape }, { loss: 'svm', hidden: [] }],
    [
      'sigmoids',
      2,
      ['no', 'yes'],
      { scale, shape },
      { loss: 'squared-error', hidden: [5], activation: 'sigmoid' },
    ],
  ];
  test.each(CASES)('%s', async (_, bars, classes, preprocessing, options) => {
    const page = await openModel(await modelText(classes, preprocessing, options));
    await drawWithMouse(page, SEVEN);
    const region = page.getByRole('region', { name: 'Prediction' });
    await expect.poll(() => region.getByRole('status').textContent()).toMatch(/, −?\d+\.\d+( %)?$/);
    expect(await region.locator('.bar').count()).toBe(bars);
    const best = await region.locator('.answer-class').textContent();
    expect(classes).toContain(best);
    expect(await region.locator('.bar-best .bar-name').textContent()).toBe(best);
    const seen = await page.getByRole('region', { name: 'What the network sees' }).textContent();
    expect(seen).toContain(
      preprocessing.imageFiles ? 'resized from 280 × 210 to 32 × 24, inverted' : 'centred by mass',
    );
    const areDigits = classes.every((name) => name.length === 1 && name >= '0' && name <= '9');
    const on = `Step through this ${areDigits ? 'digit' : 'drawing'}`;
    expect(await page.getByRole('button', { name: on }).count()).toBe(1);
    await expectNoOverflow(page);
    await expectAccessible(page);
  });

  test('of a table there is nothing to draw', async () => {
    const page = await openModel(await modelText(['a', 'b'], { scale: 1 }));
    expect(await page.getByRole('tab').allTextContents()).toEqual(['Compare']);
  });
});
