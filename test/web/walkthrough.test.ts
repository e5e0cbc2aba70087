/** The walk through a network: of every kind of network, each formula can be typeset, has all its numbers and its code. */

import katex from 'katex';
import { expect, test } from 'vitest';
import { allCodeLines } from '../../scripts/page/code-lines.mjs';
import { decodeModel, encodeModel, type Model } from '../../src/formats/model.ts';
import { FORMULAS, formula } from '../../src/formulas/registry.ts';
import { explainInput } from '../../src/web/page/explanation.ts';
import { type Stop, walkthrough } from '../../src/web/page/views/step/walkthrough.ts';
import { CLASSES, COMBINATIONS, INPUTS, randomNetwork } from '../explain/nets.ts';

const CODE = allCodeLines(FORMULAS);
const PIXELS = Uint8Array.of(180, 0, 64, 255, 0, 127);

async function modelOf(options: (typeof COMBINATIONS)[number]['options'], training = {}): Promise<Model> {
  const network = randomNetwork(options);
  const classes = Array.from({ length: CLASSES }, (_, j) => `class ${j}`);
  const preprocessing = { scale: 1 / 255, shape: [2, INPUTS / 2] as const };
  const info = { spec: network.spec, classes, preprocessing, training };
  return decodeModel((await encodeModel(info, network.tensors())).text, 'model.json');
}

const PROSE = /[a-z]{2,}/g;

const typesetBefore = new Map<string, string>();
/** As the page does it, but with an error where KaTeX would show one in red. */
function typeset(latex: string): string {
  const options = { displayMode: true, throwOnError: true, strict: 'ignore', trust: true } as const;
  const html = typesetBefore.get(latex) ?? katex.renderToString(latex, options);
  typesetBefore.set(latex, html);
  return html;
}

function check({ step, latex, quantities, code }: Stop): void {
  expect(latex).toMatch(/^[\x20-\x7e]+$/);
  const html = typeset(latex);
  for (const [place, { letter, values }] of quantities.entries()) {
    const { symbol, latex, shape, meaning } = letter;
    expect(values.length, symbol).toBe(shape.reduce((product, size) => product * size, 1));
    expect(Array.from(values).every(Number.isFinite), symbol).toBe(true);
    expect(meaning).not.toMatch(/undefined|NaN/);
    typeset(latex);
    // A sum over all weights names none of them, and the class c of a margin is all that is seen of y.
    const unseen = /enalty/.test(step.role) || (symbol === 'y' && !/y/.test(step.text.replaceAll(PROSE, '')));
    if (!unseen) expect(html, `${symbol} in ${step.text}`).toContain(`data-symbol="${place}"`);
  }
  for (const { symbol, shape } of step.operands) {
    expect(quantities.slice(1).find(({ letter }) => letter.symbol === symbol)?.letter.shape).toEqual(shape);
  }
  for (const id of step.formulas) for (const line of formula(id).latex) typeset(line);
  expect(code[0]).toMatchObject({ kernel: false });
  for (const { key, line } of code) {
    expect(CODE, key).toHaveProperty([key]);
    if (line !== undefined) expect(CODE[key].text).toMatch(line);
  }
}

test.each(COMBINATIONS)('every formula of $title', async ({ options }) => {
  const model = await modelOf(options, options.l2 ? { config: { l1: 0.01 } } : {});
  const explanation = explainInput(model, PIXELS, 2);
  const stops = walkthrough(model, explanation);
  expect(stops.map(({ step }) => step)).toEqual(explanation.steps);
  for (const stop of stops) check(stop);
});
