/** The generated part of docs/recipes.md: the table of figures, and each recipe with its commands and its log. */

import { newRunOptions } from '../options/recipe-options.ts';
import { RECIPE_NAMES, type Recipe, type RecipeName, recipeOf } from '../options/recipes.ts';
import { commandsOf, difference, type RecipeLog } from './recipe-log.ts';
import { duration, percent } from './text/terminal.ts';
import { percentSpread, type Spread, spread } from './train/repeat.ts';

const BEGIN = '<!-- recipes: written by `npm run recipes` -->';
const END = '<!-- end of recipes -->';

/** The logs that there are. */
export type RecipeLogs = { readonly [N in RecipeName]?: RecipeLog };

/** The log of a recipe, if there is one of what the recipe is today. */
function logOf(name: RecipeName, logs: RecipeLogs): RecipeLog | undefined {
  const log = logs[name];
  return log && difference(log, newRunOptions({ recipe: name })) === undefined ? log : undefined;
}

/**
 * The page with its generated part made anew.
 *
 * @throws Error if it has not the two lines between which that part stands
 */
export function recipePage(page: string, logs: RecipeLogs): string {
  const [begin, end] = [page.indexOf(BEGIN), page.indexOf(END)];
  if (begin === -1 || end < begin) throw new Error(`docs/recipes.md: expected ${BEGIN} and ${END}`);
  const part = [table(logs), ...RECIPE_NAMES.map((name) => section(name, logOf(name, logs)))].join('\n\n');
  return `${page.slice(0, begin)}${BEGIN}\n\n${part}\n\n${page.slice(end)}`;
}

function table(logs: RecipeLogs): string {
  const head = ['recipe', 'network', 'test accuracy', 'seeds', 'to reach', 'reached', 'training', 'command'];
  const rows = RECIPE_NAMES.map((name) => row(name, recipeOf(name), logOf(name, logs)));
  return [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

function row(name: RecipeName, recipe: Recipe, log: RecipeLog | undefined): string[] {
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
    duration((spread(log.runs.map((run) => run.seconds)) as Spread).mean),
    duration(seconds),
  ];
}

function section(name: RecipeName, log: RecipeLog | undefined): string {
  const recipe = recipeOf(name);
  const commands = commandsOf(name, log?.runs.length ?? recipe.seeds);
  return [
    `### ${name}`,
    `${recipe.summary[0].toUpperCase()}${recipe.summary.slice(1)}. By name, and option by option:`,
    `<!-- illustration: npm run recipes trains these -->\n\`\`\`sh\n${commands.join('\n')}\n\`\`\``,
    ...(log === undefined ? [] : [measured(name, log)]),
  ].join('\n\n');
}

function measured(name: RecipeName, log: RecipeLog): string {
  const { node, cores, mlp } = log.measurement;
  const runs = log.runs.map(({ seed, testAccuracy }) => `${percent(testAccuracy)} (seed ${seed})`);
  const cut = log.whole ? '' : ' (epochs of the first seed only)';
  return (
    `${runs.join(', ')}. ${cores} cores, ${log.config.threads} threads, Node ${node.replace('v', '')}, ` +
    `mlp ${mlp}: [log](recipes/${name}.ndjson)${cut}.`
  );
}

/** `784 → 200 → 10, relu`. */
function networkOf(name: RecipeName): string {
  const { hidden, activation } = newRunOptions({ recipe: name });
  return `${[784, ...hidden, 10].join(' → ')}, ${activation}`;
}

const accuracyOf = ({ runs }: RecipeLog) => spread(runs.map((run) => run.testAccuracy)) as Spread;

/** One run from start to exit: the median of those measured alone, else its share of the whole command. */
function secondsOf({ runs, measurement: { aloneSeconds, wallSeconds } }: RecipeLog): number {
  const sorted = [...aloneSeconds].sort((a, b) => a - b);
  return sorted.length > 0 ? sorted[sorted.length >> 1] : wallSeconds / runs.length;
}
