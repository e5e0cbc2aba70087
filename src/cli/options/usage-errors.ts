/** Errors about words of the command line: what was typed, what was expected, and where to read more. */

import type { Command, CommanderError } from 'commander';
import { UsageError } from '../../options/errors.ts';
import { flagOf, type OptionRows, rowsOf } from '../../options/option-row.ts';
import { didYouMean, otherName } from '../../options/suggest.ts';

/** `mlp train` of a command. */
const nameOf = (command: Command): string =>
  command.parent ? `${nameOf(command.parent)} ${command.name()}` : command.name();

/** The same error, with the help that lists what would fit. */
export function withHelp(command: Command, message: string): UsageError {
  return new UsageError(`${message.replace(/\.$/, '')}; see ${nameOf(command)} --help`);
}

/** What commander found wrong with the words of a command, as an error of this program. */
export function usageError(command: Command, rows: OptionRows, error: CommanderError): Error {
  if (error.exitCode === 0 || error.code === 'commander.help') return error;
  const message = error.message.replace(/^error: /, '').replaceAll(/\s*\n\s*/g, ' ');
  const [, quoted = ''] = /'([^']*)'/.exec(message) ?? [];
  if (error.code === 'commander.unknownOption') {
    const word = quoted.replace(/=.*/, '');
    const hint = otherName(word.replace(/^-+/, ''), new Map(rowsOf(rows)), flagOf);
    return withHelp(command, `unknown option ${word}${hint || didYouMean(word, ['--help'])}`);
  }
  if (error.code === 'commander.excessArguments') {
    return withHelp(command, listInWords(command, rows) ?? message);
  }
  if (error.code === 'commander.unknownCommand') return unknownCommand(command, quoted);
  return withHelp(command, message);
}

/** A word that is no command, with the nearest that is. */
export const unknownCommand = (program: Command, word: string): UsageError =>
  withHelp(
    program,
    `unknown command ${JSON.stringify(word)}${didYouMean(
      word,
      program.commands.map((command) => command.name()),
    )}`,
  );

/** What is wrong where the entries of a list were typed as several words: `--hidden 200 100`. */
export function listInWords(command: Command, rows: OptionRows): string | undefined {
  let root = command;
  while (root.parent) root = root.parent;
  // biome-ignore lint/suspicious/noExplicitAny: commander declares no type for the words as typed
  const typed: readonly string[] = (root as any).rawArgs ?? [];
  for (const [key, { separator }] of rowsOf(rows)) {
    const at = typed.lastIndexOf(flagOf(key));
    if (separator === undefined || at < 0) continue;
    const end = typed.findIndex((word, i) => i > at && word.startsWith('-'));
    const values = typed.slice(at + 1, end < 0 ? undefined : end);
    if (values.length < 2) continue;
    const list = values.map((value) => value.replace(/,$/, '')).join(separator);
    return `${flagOf(key)}: expected a list without spaces, got "${values.join(' ')}". Type ${flagOf(key)} ${list}`;
  }
  return undefined;
}
