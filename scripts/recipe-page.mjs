// @ts-check
// The generated part of docs/recipes.md: the table of figures, and each recipe with its commands and log. Needs dist.

import { duration, percent } from '../dist/cli/text/terminal.js';
import { percentSpread, spread } from '../dist/cli/train/repeat.js';
import { newRunOptions } from '../dist/options/recipe-options.js';
import { RECIPE_NAMES, recipeOf } from '../dist/options/recipes.js';
import { commandsOf, difference } from './recipe-log.mjs';

/**
 * @typedef {import('../src/options/recipes.ts').Recipe} Recipe
 * @typedef {import('../src/options/recipes.ts').RecipeName} RecipeName
 * @typedef {import('../src/cli/train/repeat.ts').Spread} Spread
 * @typedef {import('./recipe-log.mjs').RecipeLog} RecipeLog
 * @typedef {{ readonly [N in RecipeName]?: RecipeLog }} RecipeLogs the logs that exist
 */

const BEGIN = '<!-- recipes: written by `npm run recipes` -->';
const END = '<!-- end of recipes -->';

/**
 * The log of a recipe, if there is one of the recipe as it is.
 *
 * @param {RecipeName} name @param {RecipeLogs} logs
 */
function logOf(name, logs) {
  const log = logs[name];
  return log && difference(log, newRunOptions({ recipe: name })) === undefined ? log : undefined;
}

/**
 * The page with its generated part replaced.
 *
 * @param {string} page
 * @param {RecipeLogs} logs
 * @throws Error if the page lacks one of the two lines around that part
 */
export function recipePage(page, logs) {
  const [begin, end] = [page.indexOf(BEGIN), page.indexOf(END)];
  if (begin === -1 || end < begin) throw new Error(`docs/recipes.md: expected ${BEGIN} and ${END}`);
  const part = [table(logs), ...RECIPE_NAMES.map((name) => section(name, logOf(name, logs)))].join('\n\n');
  return `${page.slice(0, begin)}${BEGIN}\n\n${part}\n\n${page.slice(end)}`;
}

/** @param {RecipeLogs} logs */
function table(logs) {
  const head = ['recipe', 'network', 'test accuracy', 'seeds', 'to reach', 'reached', 'training', 'command'];
  const rows = RECIPE_NAMES.map((name) => row(name, recipeOf(name), logOf(name, logs)));
  return [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

/** @param {RecipeName} name @param {Recipe} recipe @param {RecipeLog | undefined} log */
function row(name, recipe, log) {
  const { target, within } = recipe;
  const wanted = [
    ...(target === undefined ? [] : [`${(100 * target).toFixed(1)} %`]),
    ...(within === undefined ? [] : [`in ${within} s`]),
  ].join(' ');
  const cells = [`[${name}](#${name})`, networkOf(name)];
  if (log === undefined) return [...cells, 'not yet measured', '', wanted || '–', '', '', ''];
  const accuracy = accuracyOf(log);
  const seconds = secondsOf(log);
  const isReached =
    (target === undefined || accuracy.mean >= target) && (within === undefined || seconds <= within);
  return [
    ...cells,
    percentSpread(accuracy),
    String(log.runs.length),
    wanted || '–',
    wanted === '' ? '–' : isReached ? 'yes' : 'no',
    duration(spreadOf(log.runs.map((run) => run.seconds)).mean),
    duration(seconds),
  ];
}

/** @param {RecipeName} name @param {RecipeLog | undefined} log */
function section(name, log) {
  const recipe = recipeOf(name);
  const commands = commandsOf(name, log?.runs.length ?? recipe.seeds);
  return [
    `### ${name}`,
    `${recipe.summary[0].toUpperCase()}${recipe.summary.slice(1)}. By name, and option by option:`,
    `<!-- illustration: npm run recipes trains these -->\n\`\`\`sh\n${commands.join('\n')}\n\`\`\``,
    ...(log === undefined ? [] : [measured(name, log)]),
  ].join('\n\n');
}

/** @param {RecipeName} name @param {RecipeLog} log */
function measured(name, log) {
  const { node, cores, mlp } = log.measurement;
  const runs = log.runs.map(({ seed, testAccuracy }) => `${percent(testAccuracy)} (seed ${seed})`);
  const cut = log.whole ? '' : ' (epochs of the first seed only)';
  return (
    `${runs.join(', ')}. ${cores} cores, ${log.config.threads} threads, Node ${node.replace('v', '')}, ` +
    `mlp ${mlp}: [log](recipes/${name}.ndjson)${cut}.`
  );
}

/** `784 → 200 → 10, relu`. @param {RecipeName} name */
function networkOf(name) {
  const { hidden, activation } = newRunOptions({ recipe: name });
  return `${[784, ...hidden, 10].join(' → ')}, ${activation}`;
}

/** @param {number[]} values not empty */
const spreadOf = (values) => /** @type {Spread} */ (spread(values));

/** @param {RecipeLog} log */
const accuracyOf = ({ runs }) => spreadOf(runs.map((run) => run.testAccuracy));

/**
 * One run from start to exit: the median of those measured alone, or its share of the whole command.
 *
 * @param {RecipeLog} log
 */
function secondsOf({ runs, measurement: { aloneSeconds, wallSeconds } }) {
  const sorted = [...aloneSeconds].sort((a, b) => a - b);
  return sorted.length > 0 ? sorted[sorted.length >> 1] : wallSeconds / runs.length;
}
