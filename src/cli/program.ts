/** The words of the command line: commands, flags and their help. Each command's work is a file of its own. */

import { Command, Option } from 'commander';
import { flagOf, TRAIN_OPTIONS } from './train-options.ts';
import { VERSION } from './version.ts';

/** What a command gives back: the exit code. */
type Action = (argument: string, flags: Record<string, string | boolean>) => Promise<number>;

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
      const { color, ...flags } = this.opts();
      finish(await action(this.args[0] ?? '', { ...flags, ...(color === false && { noColor: true }) }));
    };

  const train = program.command('train').description('train a network and write it to a model file');
  for (const [key, row] of Object.entries(TRAIN_OPTIONS)) {
    const value = 'value' in row ? ` <${row.value}>` : '';
    const told = 'defaultText' in row ? `${row.help} (default: ${row.defaultText})` : row.help;
    train.addOption(new Option(flagOf(key) + value, told));
  }
  train
    .addOption(new Option('--config <FILE>', 'JSON file of these options in camelCase; a flag wins over it'))
    .addHelpText(
      'after',
      `
Examples:
  mlp train                                       MNIST, 784 → 200 → 10
  mlp train --hidden 200,100 --activation tanh    two hidden layers
  mlp train --loss squared-error --hidden 30      the sigmoid network of note D
  mlp train --data fashion --validation 5000 --out fashion.json`,
    )
    .action(run(async (_, flags) => (await import('./train.ts')).train(flags)));

  program
    .command('eval')
    .description('accuracy, loss, confusion matrix, and precision, recall and F1 of each class')
    .argument('<MODEL>', 'a model file')
    .option('--data <mnist|DIR>', "samples to evaluate on (default: the model's own source)")
    .addOption(new Option('--split <NAME>', 'train or test').choices(['train', 'test']).default('test'))
    .option('--json', 'print one JSON object instead of text')
    .option('--no-color', 'no colour')
    .addHelpText(
      'after',
      '\nExamples:\n  mlp eval model.json\n  mlp eval model.json --split train --json | jq .accuracy',
    )
    .action(run(async (path, flags) => (await import('./eval.ts')).evaluateModel(path, flags)));

  program
    .command('inspect')
    .description('layers, shapes, parameter count, training configuration and digest')
    .argument('<MODEL>', 'a model file')
    .option('--json', 'print one JSON object instead of text')
    .option('--no-color', 'no colour')
    .addHelpText('after', '\nExample:\n  mlp inspect model.json')
    .action(run(async (path, flags) => (await import('./inspect.ts')).inspect(path, flags)));

  return program;
}
