/** Completion of the command line for bash, zsh and fish, made of the tables of options. */

import { flagOf, type OptionRow, type OptionRows, rowsOf } from '../../options/option-row.ts';

export const SHELLS = ['bash', 'zsh', 'fish'] as const;
export type Shell = (typeof SHELLS)[number];

/** A command as completion needs it. */
export interface CompletedCommand {
  readonly name: string;
  readonly description: string;
  readonly rows: OptionRows;
  /** The words that it takes; files, if absent. */
  readonly words?: readonly string[];
}

/** The names that an option's value can have; none where it can have others. */
function valuesOf({ schema }: OptionRow): readonly string[] {
  const { options } = schema as { options?: unknown };
  if (!Array.isArray(options)) return [];
  return options.every((name) => typeof name === 'string') ? options : [];
}

const takesFile = ({ file, value = '' }: OptionRow) => file !== undefined || /FILE|DIR/.test(value);

/** The script to be read by a shell. */
export function completionScript(shell: Shell, commands: readonly CompletedCommand[]): string {
  return { bash, zsh, fish }[shell](commands);
}

/** A `case` of the values of each command's flags; `words` and `files` are the shell's ways to offer them. */
function valueCases(
  commands: readonly CompletedCommand[],
  words: (names: readonly string[]) => string,
  files: string,
): string {
  const cases = commands.flatMap(({ name, rows }) =>
    rowsOf(rows)
      .filter(([, { value }]) => value !== undefined)
      .map(([key, row]) => {
        const values = valuesOf(row);
        const offer = values.length > 0 ? `${words(values)}; ` : takesFile(row) ? `${files}; ` : '';
        return `    "${name} ${flagOf(key)}") ${offer}return ;;`;
      }),
  );
  return ['  case "$command $previous" in', ...cases, '  esac'].join('\n');
}

/** A `case` of the words of the commands that do not take files. */
const wordCases = (commands: readonly CompletedCommand[], offer: (names: readonly string[]) => string) =>
  commands
    .filter(({ words }) => words !== undefined)
    .map(({ name, words = [] }) => `    ${name}) ${offer(words)} ;;`)
    .join('\n');

function bash(commands: readonly CompletedCommand[]): string {
  const offer = (names: readonly string[]) => `COMPREPLY=($(compgen -W "${names.join(' ')}" -- "$word"))`;
  const options = commands.map(
    ({ name, rows }) => `      ${name}) ${offer([...rowsOf(rows).map(([key]) => flagOf(key)), '--help'])} ;;`,
  );
  return `# mlp completion for bash: source <(mlp completion bash)
_mlp() {
  local word=\${COMP_WORDS[COMP_CWORD]} previous=\${COMP_WORDS[COMP_CWORD-1]} command=\${COMP_WORDS[1]}
  COMPREPLY=()
  if [ "$COMP_CWORD" -eq 1 ]; then
    ${offer([...commands.map(({ name }) => name), '--help', '--version'])}
    return
  fi
${valueCases(commands, offer, 'compopt -o default')}
  if [[ $word == -* ]]; then
    case "$command" in
${options.join('\n')}
    esac
    return
  fi
  case "$command" in
${wordCases(commands, offer)}
    *) compopt -o default ;;
  esac
}
complete -F _mlp mlp
`;
}

/** A text in single quotes of zsh or fish; zsh's lists have a colon after the name. */
const quoted = (text: string) => `'${text.replaceAll("'", '’').replaceAll('\\', '')}'`;
const described = (name: string, text: string) => quoted(`${name}:${text.replaceAll(':', ';')}`);

function zsh(commands: readonly CompletedCommand[]): string {
  const offer = (names: readonly string[]) => `compadd -- ${names.join(' ')}`;
  const options = commands.map(({ name, rows }) => {
    const each = rowsOf(rows).map(([key, { help }]) => described(flagOf(key), help));
    return `      ${name}) options=(${[...each, described('--help', 'help of the command')].join(' ')}) ;;`;
  });
  return `#compdef mlp
# mlp completion for zsh: source <(mlp completion zsh), after compinit
_mlp() {
  local command=\${words[2]} previous=\${words[CURRENT-1]}
  local -a commands options
  if (( CURRENT == 2 )); then
    commands=(${commands.map(({ name, description }) => described(name, description)).join(' ')})
    _describe command commands
    return
  fi
${valueCases(commands, offer, '_files')}
  if [[ $PREFIX == -* ]]; then
    case "$command" in
${options.join('\n')}
    esac
    _describe -o option options
    return
  fi
  case "$command" in
${wordCases(commands, offer)}
    *) _files ;;
  esac
}
if [ "$funcstack[1]" = _mlp ]; then _mlp "$@"; else compdef _mlp mlp; fi
`;
}

function fish(commands: readonly CompletedCommand[]): string {
  const lines = commands.flatMap(({ name, description, rows, words }) => {
    const within = `complete -c mlp -n '__fish_seen_subcommand_from ${name}'`;
    return [
      `complete -c mlp -n __fish_use_subcommand -f -a ${name} -d ${quoted(description)}`,
      ...(words === undefined ? [`${within} -F`] : [`${within} -f -a ${quoted(words.join(' '))}`]),
      ...rowsOf(rows).map(([key, row]) => {
        const values = valuesOf(row);
        const value =
          row.value === undefined
            ? ''
            : values.length > 0
              ? ` -x -a ${quoted(values.join(' '))}`
              : takesFile(row)
                ? ' -r -F'
                : ' -x';
        return `${within} -l ${flagOf(key).slice(2)}${value} -d ${quoted(row.help)}`;
      }),
    ];
  });
  return ['# mlp completion for fish: mlp completion fish | source', 'complete -c mlp -f', ...lines, ''].join(
    '\n',
  );
}
