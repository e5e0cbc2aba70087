/** The words of the command line: commands, flags and their help. Each command's work is a file of its own. */

import { Command } from 'commander';
import { completeOptions } from '../options/complete-options.ts';
import { UsageError } from '../options/errors.ts';
import type { Chosen, Given, OptionRows } from '../options/option-row.ts';
import { optionsFromFlags } from '../options/read-options.ts';
import { RECIPE_NAMES, RECIPES } from '../options/recipes.ts';
import { didYouMean } from '../options/suggest.ts';
import { EXIT } from './errors.ts';
import { DERIVATION_FLAGS, DERIVE_FLAGS, GRADCHECK_FLAGS } from './options/check-flags.ts';
import { addFlags, typedFlags } from './options/command-line.ts';
import {
  EVAL_FLAGS,
  EXPLAIN_FLAGS,
  EXPORT_FLAGS,
  INSPECT_FLAGS,
  PREDICT_FLAGS,
  REPRODUCE_FLAGS,
  UI_FLAGS,
} from './options/model-flags.ts';
import { SHELL_FLAGS } from './options/shell-flags.ts';
import { TRAIN_FLAGS } from './options/train-flags.ts';
import { trainDefault } from './options/train-help.ts';
import { unknownCommand, usageError, withHelp } from './options/usage-errors.ts';
import { completionScript, SHELLS } from './text/completion.ts';
import { VERSION } from './version.ts';

/** The program; `finish` receives the exit code of the command that ran. */
export function buildProgram(finish: (code: number) => void): Command {
  const program = new Command('mlp')
    .description('Trains multilayer perceptrons whose every gradient was derived by hand.')
    .version(VERSION)
    .helpCommand(false)
    .configureOutput({ outputError: () => {} })
    .configureHelp({ showGlobalOptions: false })
    .addHelpText('after', '\nExample:\n  mlp train --hidden 200 && mlp eval model.json');

  program.exitOverride((error) => {
    throw usageError(program, {}, error);
  });

  /** The options of each command. */
  const tables = new Map<string, OptionRows>();

  /** Gives a command its flags, and what it does with those that are given. */
  function withGiven<Rows extends OptionRows>(
    command: Command,
    rows: Rows,
    action: (words: string[], given: Given<Rows>) => Promise<number>,
    defaultText?: (key: string) => string | undefined,
  ): Command {
    addFlags(command, rows, defaultText);
    tables.set(command.name(), rows);
    command.exitOverride((error) => {
      throw usageError(command, rows, error);
    });
    return command.action(async () => {
      try {
        finish(await action(command.args, optionsFromFlags(rows, typedFlags(command, rows))));
      } catch (error) {
        throw error instanceof UsageError ? withHelp(command, error.message) : error;
      }
    });
  }

  /** The same with all flags, every default chosen. */
  const withFlags = <Rows extends OptionRows>(
    command: Command,
    rows: Rows,
    action: (words: string[], flags: Chosen<Rows>) => Promise<number>,
  ): Command => withGiven(command, rows, (words, given) => action(words, completeOptions(rows, given)));

  const train = program.command('train').description('train a network and write it to a model file');
  withGiven(
    train,
    TRAIN_FLAGS,
    async (_, given) => (await import('./commands/train.ts')).train(given),
    trainDefault,
  ).addHelpText(
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
  );

  withFlags(
    program
      .command('eval')
      .description('accuracy, loss, confusion matrix, and precision, recall and F1 of each class')
      .argument('<MODEL>', 'a model file'),
    EVAL_FLAGS,
    async ([path], flags) => (await import('./commands/eval.ts')).evaluateModel(path, flags),
  ).addHelpText(
    'after',
    '\nExamples:\n  mlp eval model.json\n  mlp eval model.json --split train --json | jq .accuracy',
  );

  withFlags(
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
      ),
    PREDICT_FLAGS,
    async (words, flags) => (await import('./commands/predict.ts')).predictInputs(words, flags),
  ).addHelpText(
    'after',
    `
Examples:
  mlp predict model.json photo.jpg
  mlp predict iris.json flowers.csv --json | jq -r .class
  tail -n 5 flowers.csv | mlp predict iris.json -
  mlp predict model.json --split test --json | jq -c 'select(.class != .label)'`,
  );

  withFlags(
    program
      .command('inspect')
      .description('layers, shapes, parameter count, training configuration and digest')
      .argument('<MODEL>', 'a model file'),
    INSPECT_FLAGS,
    async ([path], flags) => (await import('./commands/inspect.ts')).inspect(path, flags),
  ).addHelpText('after', '\nExample:\n  mlp inspect model.json');

  withFlags(
    program
      .command('gradcheck')
      .description('every gradient against an independent derivative, or those of a module of yours')
      .argument('[MODULE]', 'a JavaScript or TypeScript module with forward and backward'),
    GRADCHECK_FLAGS,
    async ([path], flags) => {
      if (path === undefined) return (await import('./commands/gradcheck.ts')).gradcheck(flags);
      return (await import('./commands/gradcheck-module.ts')).gradcheckModule(path, flags);
    },
  ).addHelpText('after', '\nExamples:\n  mlp gradcheck\n  mlp gradcheck ./my-layer.js');

  withFlags(
    program
      .command('explain')
      .description('one sample through every formula, forward, backward and the step, with its numbers')
      .argument('<MODEL>', 'a model file'),
    EXPLAIN_FLAGS,
    async ([path], flags) => (await import('./commands/explain.ts')).explainModel(path, flags),
  ).addHelpText(
    'after',
    `
Examples:
  mlp explain model.json --sample 7
  mlp explain model.json --sample 7 --as A
  mlp explain model.json --input seven.png --label 7
  mlp explain model.json --json | jq '.gradients.b2.values'`,
  );

  withFlags(
    program
      .command('check-derivation')
      .description(
        'an equation of your own derivation against the exact value or gradient of a network of the notes',
      )
      .argument(
        '[EQUATION...]',
        'equations, as with --expr, or one Markdown or LaTeX file with a derivation',
      ),
    DERIVATION_FLAGS,
    async (words, flags) => (await import('./commands/check-derivation.ts')).checkDerivation(words, flags),
  ).addHelpText(
    'after',
    `
Examples:
  mlp check-derivation --net C --symbols
  mlp check-derivation --net C --expr "dW2 = X1ᵀ (P − Y)/N + λ W2"
  mlp check-derivation --net D "delta1 = (W2*delta2) .* phi'(z1)" "dW1 = x0*delta1'"
  mlp check-derivation --net A --expr "-alpha*grad_W = alpha/N*(L - S)*Z'"
  mlp check-derivation docs/exercises/recursion.md

An equation that begins with a minus needs --expr before it.`,
  );

  withFlags(
    program
      .command('derive')
      .description('how a formula follows from the definitions, line by line, with every line evaluated')
      .argument('[FORMULA]', 'the id of a formula, or transpose; none lists all that have a derivation'),
    DERIVE_FLAGS,
    async (words, flags) => (await import('./commands/derive.ts')).derive(words, flags),
  ).addHelpText(
    'after',
    `
Examples:
  mlp derive                                      the formulas that have a derivation
  mlp derive D5                                   the δ recursion
  mlp derive transpose                            where the transpose comes from
  mlp derive C3 --latex`,
  );

  withFlags(
    program
      .command('ui')
      .description('a page on which to draw digits, step through the formulas, and compare models and runs')
      .argument(
        '[FILE...]',
        'models and logs of runs; the first model is the one to draw for (default: model.json)',
      ),
    UI_FLAGS,
    async (words, flags) => (await import('./commands/ui.ts')).showFiles(words, flags),
  ).addHelpText(
    'after',
    `
Examples:
  mlp ui model.json
  mlp ui small.json large.json run.ndjson         on the same axes
  mlp ui model.json --host 0.0.0.0                for a phone in the same network

Ctrl-C ends it.`,
  );

  withFlags(
    program
      .command('export')
      .description('a model as a file of another kind: html, one page that needs no server and no network')
      .argument('<MODEL>', 'a model file'),
    EXPORT_FLAGS,
    async ([path], flags) => (await import('./commands/export.ts')).exportModel(path, flags),
  ).addHelpText(
    'after',
    '\nExamples:\n  mlp export model.json --to html\n  mlp export model.json --to html --out digits.html --samples 50',
  );

  withFlags(
    program
      .command('reproduce')
      .description('train a model again from its record, and compare the weights: exit code 0 or 4')
      .argument('<MODEL>', 'a model file'),
    REPRODUCE_FLAGS,
    async ([path], flags) => (await import('./commands/reproduce.ts')).reproduce(path, flags),
  ).addHelpText('after', '\nExample:\n  mlp reproduce model.json');

  withFlags(
    program
      .command('env')
      .description('version, Node, processor, cores, memory, and where the data is: what a bug report needs'),
    SHELL_FLAGS,
    async (_, flags) => (await import('./commands/env.ts')).showEnvironment(flags),
  ).addHelpText('after', '\nExample:\n  mlp env');

  withFlags(
    program
      .command('completion')
      .description('completion of commands, options and their values for a shell')
      .argument('<SHELL>', SHELLS.join(', ')),
    {},
    async ([shell]) => {
      const known = SHELLS.find((name) => name === shell);
      if (known === undefined) {
        throw new UsageError(
          `expected one of ${SHELLS.join(', ')}, got "${shell}"${didYouMean(shell, SHELLS)}`,
        );
      }
      const words: Readonly<Record<string, readonly string[]>> = {
        completion: SHELLS,
        help: program.commands.map((command) => command.name()),
      };
      const commands = program.commands.map((command) => {
        const name = command.name();
        const description = command.description();
        return {
          name,
          description,
          rows: tables.get(name) ?? {},
          ...(words[name] && { words: words[name] }),
        };
      });
      process.stdout.write(completionScript(known, commands));
      return EXIT.done;
    },
  ).addHelpText(
    'after',
    `
Examples:
  mlp completion bash > ~/.local/share/bash-completion/completions/mlp
  mlp completion zsh > ~/.zfunc/_mlp              with ~/.zfunc in fpath
  mlp completion fish > ~/.config/fish/completions/mlp.fish`,
  );

  program
    .command('help')
    .description('the help of a command')
    .argument('[COMMAND]', 'its name')
    .action((name?: string) => {
      if (name === undefined) return program.outputHelp();
      const command = program.commands.find((one) => one.name() === name);
      if (command === undefined) throw unknownCommand(program, name);
      command.outputHelp();
    });

  return program;
}
