/**
 * Measures the recipes of `mlp train` and writes docs/recipes.md from their logs.
 *
 *     npm run recipes -- [NAME…] [--seeds N]     trains those, or all, and keeps docs/recipes/NAME.ndjson
 *     npm run recipes -- --write-only            writes the page from the logs that there are
 *
 * It runs dist/ and builds nothing itself. The page is written after each recipe.
 */

import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const root = fileURLToPath(new URL('..', import.meta.url));
const logs = join(root, 'docs', 'recipes');

/** Runs shorter than this many seconds are also timed alone, from start to exit, so many times. */
const SHORT = 60;
const ALONE = 3;
/** Other work on the machine above this share of its cores is worth a warning. */
const BUSY = 0.25;

async function main() {
  const { values, positionals } = parseArgs({
    options: {
      seeds: { type: 'string' },
      'write-only': { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
    allowPositionals: true,
  });
  if (values.help) {
    console.log('npm run recipes -- [NAME…] [--seeds N] | --write-only');
    return 0;
  }
  if (!existsSync(join(root, 'dist', 'index.js')))
    throw new Error('there is no dist/; run `npm run build` first');
  const { RECIPES, RECIPE_NAMES } = await import('../dist/options/recipes.js');
  const unknown = positionals.find((name) => !RECIPE_NAMES.includes(name));
  if (unknown !== undefined)
    throw new Error(`expected recipes of ${RECIPE_NAMES.join(', ')}, got ${unknown}`);
  const seeds = values.seeds === undefined ? undefined : Number(values.seeds);
  if (seeds !== undefined && !(Number.isInteger(seeds) && seeds > 0)) {
    throw new Error(`--seeds: expected a positive whole number, got ${values.seeds}`);
  }
  if (!values['write-only']) {
    const load = loadavg()[0];
    if (load > BUSY * cpus().length) console.error(`other work is running (load ${load.toFixed(1)})`);
    mkdirSync(logs, { recursive: true });
    for (const name of positionals.length > 0 ? positionals : RECIPE_NAMES) {
      await measure(name, seeds ?? RECIPES[name].seeds);
      await writePage();
    }
  }
  await writePage();
  return 0;
}

/** Trains a recipe with each seed, and keeps its log. @param {string} name @param {number} seeds */
async function measure(name, seeds) {
  const { keptLines } = await import('../scripts/recipe-log.mjs');
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  // The folder is where the command runs, so that the log names no place of this machine.
  const folder = mkdtempSync(join(tmpdir(), 'mlp-recipe-'));
  const remove = () => rmSync(folder, { recursive: true, force: true });
  process.once('exit', remove);
  try {
    const recipe = ['train', '--recipe', name];
    const repeated = [...recipe, '--repeat', String(seeds), '--json', '--log', `${name}.ndjson`];
    console.error(`mlp ${repeated.join(' ')}`);
    const wallSeconds = await timed(repeated, folder);
    const text = readFileSync(join(folder, `${name}.ndjson`), 'utf8');
    const ends = text.split('\n').filter((line) => line.startsWith('{"event":"end"'));
    const longest = Math.max(...ends.map((line) => JSON.parse(line).seconds));
    const aloneSeconds = [];
    for (let run = 0; run < ALONE && longest < SHORT; run++) {
      aloneSeconds.push(await timed([...recipe, '--quiet'], folder));
    }
    const measurement = {
      event: 'measurement',
      command: `mlp ${repeated.join(' ')}`,
      ...{ wallSeconds, aloneSeconds },
      ...{ node: process.version, cores: cpus().length, mlp: version },
    };
    const log = `${keptLines(text)}${JSON.stringify(measurement)}\n`;
    writeFileSync(join(logs, `${name}.ndjson`), log);
  } finally {
    process.off('exit', remove);
    remove();
  }
}

/** Writes docs/recipes.md from the table and the logs; says which logs are of another configuration. */
async function writePage() {
  const { RECIPE_NAMES } = await import('../dist/options/recipes.js');
  const { newRunOptions } = await import('../dist/options/recipe-options.js');
  const { difference, readLog } = await import('../scripts/recipe-log.mjs');
  const { recipePage } = await import('../scripts/recipe-page.mjs');
  /** @type {Record<string, import('../scripts/recipe-log.mjs').RecipeLog>} */
  const read = {};
  for (const name of RECIPE_NAMES) {
    const file = join(logs, `${name}.ndjson`);
    if (!existsSync(file)) continue;
    read[name] = readLog(file, readFileSync(file, 'utf8'));
    const changed = difference(read[name], newRunOptions({ recipe: name }));
    if (changed !== undefined)
      console.error(`${name}: the log is of another recipe: ${changed}; measure it again`);
  }
  const page = join(root, 'docs', 'recipes.md');
  writeFileSync(page, recipePage(readFileSync(page, 'utf8'), read));
}

/** Seconds from start to exit of a command of mlp. @param {string[]} args @param {string} cwd @returns {Promise<number>} */
function timed(args, cwd) {
  return new Promise((resolve, reject) => {
    const started = performance.now();
    const child = spawn(process.execPath, [join(root, 'bin', 'mlp.js'), ...args], {
      cwd,
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    // At once: a run told to end would save its model into the folder that is taken away.
    const kill = () => child.kill('SIGKILL');
    process.once('exit', kill);
    child.on('error', reject);
    child.on('close', (code) => {
      process.off('exit', kill);
      const seconds = Number(((performance.now() - started) / 1000).toFixed(3));
      if (code === 0) resolve(seconds);
      else reject(new Error(`mlp ${args.join(' ')} ended with ${code}`));
    });
  });
}

// So that a command that runs and its folder do not stay behind.
process.on('SIGINT', () => process.exit(130));
process.on('SIGTERM', () => process.exit(143));
process.exitCode = await main().catch((error) => {
  console.error(`recipes: ${error.message}`);
  return 1;
});
