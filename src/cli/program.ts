/** The words of the command line: commands, flags and their help. Each command's work is a file of its own. */

import { Command, Option } from 'commander';
import { PAGE_OPTIONS } from '../options/page-options.ts';
import { defaultTextOf } from '../options/recipe-options.ts';
import { RECIPE_NAMES, RECIPES } from '../options/recipes.ts';
import { type OptionName, type OptionRow, TRAIN_OPTIONS } from '../options/train-option-table.ts';
import { flagOf } from '../options/train-options.ts';
import { VERSION } from './version.ts';

/** What a command gives back: the exit code. */
type Action = (words: readonly string[], flags: Record<string, string | boolean>) => Promise<number>;

/** The program; `finish` receives the exit code of the command that ran. */
export function buildProgram(finish: (code: number) => void): Command {
  const program = new Command('mlp')
    .description('Trains multilayer perceptrons whose every gradient was derived by hand.')
    .version(VERSION)
    .exitOverride()
    .showSuggestionAfterError()
    .configureOutput({ outputError: (text, write) => write(`${text.trim().replaceAll(/\s*\n\s*/g, ' ')}\n`) })
    .configureHelp({ showGlobalOptions: false })
    .addHelpText('after', '\nExample:\n  mlp train --hidden 200 && mlp eval model.json');

  const run = (action: Action) =>
    async function (this: Command): Promise<void> {
      const { color, open, ...flags } = this.opts();
      const off = { ...(color === false && { noColor: true }), ...(open === false && { noOpen: true }) };
      finish(await action(this.args, { ...flags, ...off }));
    };

  const train = program.command('train').description('train a network and write it to a model file');
  addOptions(train, TRAIN_OPTIONS, (key) => defaultTextOf(key as OptionName));
  train
    .addOption(new Option('--config <FILE>', 'JSON file of these options in camelCase; a flag wins over it'))
    .addHelpText(
      'after',
      `
Recipes:
${RECIPE_NAMES.map((name) => `  ${name.padEnd(10)} ${RECIPES[name].summary}`).join('\n')}

Examples:
  mlp train                                       MNIST, 784 → 200 → 10
  mlp train --hidden 200,100 --activation tanh    two hidden layers
  mlp train --recipe wide --repeat 5              options that go together, five seeds
  mlp train --recipe notes-30                     the sigmoid network of note D
  mlp train --data fashion --validation 5000 --out fashion.json
  mlp train --data iris.csv --test 0.2 --hidden 16
  mlp train --classes 3,8 --crop 20 --hidden 200,100
  mlp train --ui                                  with a page that shows the run`,
    )
    .action(run(async (_, flags) => (await import('./commands/train.ts')).train(flags)));

  program
    .command('eval')
    .description('accuracy, loss, confusion matrix, and precision, recall and F1 of each class')
    .argument('<MODEL>', 'a model file')
    .option('--data <mnist|DIR|FILE.csv>', "samples to evaluate on (default: the model's own source)")
    .option('--label-column <NAME|NUMBER>', "column of a CSV file with the classes (default: the model's)")
    .addOption(new Option('--split <NAME>', 'train or test').choices(['train', 'test']).default('test'))
    .option('--json', 'print one JSON object instead of text')
    .option('--no-color', 'no colour')
    .addHelpText(
      'after',
      '\nExamples:\n  mlp eval model.json\n  mlp eval model.json --split train --json | jq .accuracy',
    )
    .action(run(async ([path], flags) => (await import('./commands/eval.ts')).evaluateModel(path, flags)));

  program
    .command('predict')
    .description(
      'the class of images, CSV rows or a whole data set, with the probability of each class (with svm and ' +
        'squared-error its score)',
    )
    .argument('<MODEL>', 'a model file')
    .argument(
      '[INPUT...]',
      'PNG or JPEG images; for a model of a table CSV files, or - for CSV on stdin; none means --data',
    )
    .option('--data <mnist|DIR|FILE.csv>', "a data set instead of inputs (default: the model's own source)")
    .addOption(
      new Option('--split <NAME>', 'of a data set: train or test (default: test)').choices(['train', 'test']),
    )
    .option('--raw', 'resize images of other sizes, without preparing them as MNIST was')
    .option(
      '--label-column <NAME|NUMBER>',
      "column of a CSV file with the classes, which is no input (default: the model's)",
    )
    .option('--json', 'print one JSON object an input instead of text')
    .option('--no-color', 'no colour')
    .addHelpText(
      'after',
      `
Examples:
  mlp predict model.json photo.jpg
  mlp predict iris.json flowers.csv --json | jq -r .class
  tail -n 5 flowers.csv | mlp predict iris.json -
  mlp predict model.json --split test --json | jq -c 'select(.class != .label)'`,
    )
    .action(async function (this: Command) {
      const { color, ...flags } = this.opts();
      const { predictInputs } = await import('./commands/predict.ts');
      finish(await predictInputs(this.args, { ...flags, ...(color === false && { noColor: true }) }));
    });

  program
    .command('inspect')
    .description('layers, shapes, parameter count, training configuration and digest')
    .argument('<MODEL>', 'a model file')
    .option('--json', 'print one JSON object instead of text')
    .option('--no-color', 'no colour')
    .addHelpText('after', '\nExample:\n  mlp inspect model.json')
    .action(run(async ([path], flags) => (await import('./commands/inspect.ts')).inspect(path, flags)));

  program
    .command('gradcheck')
    .description('every gradient against an independent derivative, or those of a module of yours')
    .argument('[MODULE]', 'a JavaScript or TypeScript module with forward and backward')
    .option('--seed <N>', 'seed of the random numbers (default: 1)')
    .option('--tolerance <ERROR>', 'the largest relative error of MODULE that passes (default: 1e-6)')
    .option('--json', 'print one JSON object instead of text')
    .option('--no-color', 'no colour')
    .addHelpText('after', '\nExamples:\n  mlp gradcheck\n  mlp gradcheck ./my-layer.js')
    .action(
      run(async ([path], flags) => {
        if (path !== undefined)
          return (await import('./commands/gradcheck-module.ts')).gradcheckModule(path, flags);
        return (await import('./commands/gradcheck.ts')).gradcheck(flags);
      }),
    );

  program
    .command('explain')
    .description('one sample through every formula, forward, backward and the step, with its numbers')
    .argument('<MODEL>', 'a model file')
    .option('--sample <I>', 'which sample of the data, counted from 0 (default: 0)')
    .option('--data <mnist|DIR|FILE.csv>', "where the sample is from (default: the model's own source)")
    .option('--label-column <NAME|NUMBER>', "column of a CSV file with the classes (default: the model's)")
    .addOption(new Option('--split <NAME>', 'train or test').choices(['train', 'test']).default('test'))
    .addOption(
      new Option(
        '--input <FILE>',
        'a PNG or JPEG image instead of a sample, light on dark, of the size the model takes',
      ).conflicts(['sample', 'data', 'split', 'labelColumn']),
    )
    .option('--label <CLASS>', 'the true class of --input (default: the predicted one)')
    .option(
      '--learning-rate <RATE>',
      "α of the step (default: the α/N of the model's training by sgd, else 0.01)",
    )
    .option('--json', 'print one JSON object, with all values, instead of text')
    .option('--no-color', 'no colour')
    .addHelpText(
      'after',
      `
Examples:
  mlp explain model.json --sample 7
  mlp explain model.json --input seven.png --label 7
  mlp explain model.json --json | jq '.gradients.b2.values'`,
    )
    .action(run(async ([path], flags) => (await import('./commands/explain.ts')).explainModel(path, flags)));

  program
    .command('check-derivation')
    .description(
      'an equation of your own derivation against the exact value or gradient of a network of the notes',
    )
    .argument('[EQUATION...]', 'equations, as with --expr')
    .option('--net <NAME>', 'network of the notes: A, A2, B, C, C-sigmoid, D, E, E-bias or E-svm')
    .option(
      '--expr <EQUATION>',
      'an equation LEFT = RIGHT; may stand several times',
      (word, words: string[] = []) => [...words, word],
    )
    .option('--activation <NAME>', 'φ of net D: relu, sigmoid, tanh or identity (default: sigmoid)')
    .option('--seed <N>', 'seed of the numbers that are tried (default: 1)')
    .option('--symbols', 'list the letters of --net, their shapes and what can stand on the left')
    .option('--json', 'print one JSON object instead of text')
    .option('--no-color', 'no colour')
    .addHelpText(
      'after',
      `
Examples:
  mlp check-derivation --net C --symbols
  mlp check-derivation --net C --expr "dW2 = X1ᵀ (P − Y)/N + λ W2"
  mlp check-derivation --net D "delta1 = (W2*delta2) .* phi'(z1)" "dW1 = x0*delta1'"
  mlp check-derivation --net A --expr "-alpha*grad_W = alpha/N*(L - S)*Z'"

An equation that begins with a minus needs --expr before it.`,
    )
    .action(async function (this: Command) {
      const { color, ...flags } = this.opts();
      const { checkDerivation } = await import('./commands/check-derivation.ts');
      finish(await checkDerivation(this.args, { ...flags, ...(color === false && { noColor: true }) }));
    });

  const ui = program
    .command('ui')
    .description('a page on which to draw digits, step through the formulas, and compare models and runs')
    .argument(
      '[FILE...]',
      'models and logs of runs; the first model is the one to draw for (default: model.json)',
    )
    .option('--data <mnist|DIR>', "test images to step through (default: the model's own source)");
  addOptions(ui, PAGE_OPTIONS);
  ui.option('--json', 'print {"event":"listening","url":…} instead of text')
    .option('--no-color', 'no colour')
    .addHelpText(
      'after',
      `
Examples:
  mlp ui model.json
  mlp ui small.json large.json run.ndjson         on the same axes
  mlp ui model.json --host 0.0.0.0                for a phone in the same network

Ctrl-C ends it.`,
    )
    .action(run(async (words, flags) => (await import('./commands/ui.ts')).showFiles(words, flags)));

  program
    .command('export')
    .description('a model as a file of another kind: html, one page that needs no server and no network')
    .argument('<MODEL>', 'a model file')
    .requiredOption('--to <FORMAT>', 'html')
    .option('--out <FILE>', "where it goes (default: the model's name with the ending of the format)")
    .option('--samples <N>', 'test images that are put in to step through (default: 20)')
    .option('--data <mnist|DIR>', "where they are from (default: the model's own source)")
    .option('--json', 'print one JSON object instead of text')
    .option('--no-color', 'no colour')
    .addHelpText(
      'after',
      '\nExamples:\n  mlp export model.json --to html\n  mlp export model.json --to html --out digits.html --samples 50',
    )
    .action(run(async ([path], flags) => (await import('./commands/export.ts')).exportModel(path, flags)));

  return program;
}

function addOptions(
  command: Command,
  table: Readonly<Record<string, OptionRow>>,
  byDefault = (key: string) => table[key]?.defaultText,
): void {
  for (const [key, { value, help }] of Object.entries(table)) {
    const text = byDefault(key);
    const description = text === undefined ? help : `${help} (default: ${text})`;
    command.addOption(new Option(flagOf(key) + (value === undefined ? '' : ` <${value}>`), description));
  }
}
