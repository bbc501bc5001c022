import { type Group, type Operand, type Option, operands } from './command.ts';

/** All that may stand on the command line: the help's own table. */
type CommandLine = { readonly groups: readonly Group[]; readonly sharedOptions: Readonly<Record<string, Option>> };

type Shell = (typeof operands.shell.oneOf)[number];

/** The command that prints what a shell needs to complete the others. */
export function completionGroup(commandLine: () => CommandLine): Group {
  return {
    title: 'Your shell',
    commands: [
      {
        name: 'completion',
        does: 'print a script with which your shell completes these commands',
        operands: [operands.shell],
        examples: [
          'completion bash > ~/.vestibule-completion && echo "source ~/.vestibule-completion" >> ~/.bashrc',
          'completion zsh > ~/.vestibule-completion && echo "source ~/.vestibule-completion" >> ~/.zshrc',
          'completion fish > ~/.config/fish/conf.d/vestibule.fish',
        ],
        isOfThisMachine: true,
        run: async ({ operands: [shell] }) => {
          const script = scripts[shell as Shell](choicesIn(commandLine()));
          return { json: { script }, text: script.trimEnd() };
        },
      },
    ],
  };
}

/** What may come after what stands there: the words so far, or the words and an option that waits for its value. */
type Choices = ReadonlyMap<string, readonly string[]>;

function choicesIn({ groups, sharedOptions }: CommandLine): Choices {
  const choices = new Map<string, string[]>();
  const offer = (after: string, words: readonly string[]) => {
    const known = choices.get(after) ?? [];
    choices.set(after, [...known, ...words.filter((word) => !known.includes(word))]);
  };
  for (const { name, operands = [], options = {} } of groups.flatMap(({ commands }) => commands)) {
    const words = name.split(' ');
    for (const [at, word] of words.entries()) offer(words.slice(0, at).join(' '), [word]);
    const all = Object.entries({ ...options, ...sharedOptions });
    offer(name, [...operands.flatMap(({ oneOf = [] }: Operand) => oneOf), ...all.map(([option]) => `--${option}`)]);
    for (const [option, { value, oneOf = [] }] of all)
      if (value !== undefined && !value.startsWith('[')) offer(`${name} --${option}`, oneOf);
  }
  offer('', ['--help']);
  return choices;
}

const scripts: Readonly<Record<Shell, (choices: Choices) => string>> = { bash, zsh, fish };

/**
 * Completes `vestibule admin …` and `npm run admin -- …`; what else npm can do stays with what completed it before.
 * The words so far are looked up, and shortened until something is known of them: operands are no part of a command.
 */
function bash(choices: Choices): string {
  return `${posixTable(choices)}
_vestibule_complete() {
  local first=$1 current=\${COMP_WORDS[COMP_CWORD]} known= word at
  for ((at = first; at < COMP_CWORD; at++)); do
    word=\${COMP_WORDS[at]}
    if [[ $word != -* ]] && _vestibule_choices "\${known:+$known }$word" > /dev/null; then known=\${known:+$known }$word; fi
  done
  word=\${COMP_WORDS[COMP_CWORD-1]}
  if ((COMP_CWORD > first)) && [[ $word == --* ]] && _vestibule_choices "$known $word" > /dev/null; then known="$known $word"; fi
  COMPREPLY=($(compgen -W "$(_vestibule_choices "$known")" -- "$current"))
}

_vestibule() {
  if [[ \${COMP_WORDS[1]} == admin ]] && ((COMP_CWORD > 1)); then _vestibule_complete 2; fi
}

_vestibule_npm() {
  local typed="\${COMP_WORDS[*]:1:4} "
  if [[ $typed == 'run admin -- '* ]] && ((COMP_CWORD > 3)); then
    _vestibule_complete 4
  elif [[ $typed == 'run --silent admin -- '* || $typed == 'run -s admin -- '* ]] && ((COMP_CWORD > 4)); then
    _vestibule_complete 5
  elif declare -F _npm_completion > /dev/null; then
    _npm_completion "$@"
  fi
}

complete -o default -F _vestibule vestibule
complete -o default -F _vestibule_npm npm
`;
}

/** zsh knows bash's way. */
function zsh(choices: Choices): string {
  return `autoload -Uz compinit bashcompinit
(($+functions[compdef])) || compinit
bashcompinit
${bash(choices)}`;
}

function posixTable(choices: Choices): string {
  const cases = [...choices].map(([after, words]) => `    '${after}') echo '${words.join(' ')}' ;;`);
  return `_vestibule_choices() {
  case $1 in
${cases.join('\n')}
    *) return 1 ;;
  esac
}
`;
}

function fish(choices: Choices): string {
  const cases = [...choices].map(([after, words]) =>
    [
      `        case '${after}'`,
      `            echo '${words.join(' ')}' | string split -n ' '`,
      '            return 0',
    ].join('\n'),
  );
  return `function __vestibule_choices
    switch "$argv[1]"
${cases.join('\n')}
        case '*'
            return 1
    end
end

function __vestibule_complete
    set -l known ''
    for word in $argv
        if not string match -q -- '-*' $word; and __vestibule_choices (string trim -- "$known $word") > /dev/null
            set known (string trim -- "$known $word")
        end
    end
    if string match -q -- '--*' "$argv[-1]"; and __vestibule_choices "$known $argv[-1]" > /dev/null
        set known "$known $argv[-1]"
    end
    __vestibule_choices "$known"
end

function __vestibule_words
    set -l words (commandline -opc)
    if test (count $words) -ge 4; and test "$words[1..4]" = 'npm run admin --'
        __vestibule_complete $words[5..]
    else if test (count $words) -ge 5; and string match -qr '^npm run (-s|--silent) admin --$' -- "$words[1..5]"
        __vestibule_complete $words[6..]
    else if test (count $words) -ge 2; and test "$words[1..2]" = 'vestibule admin'
        __vestibule_complete $words[3..]
    end
end

complete -c npm -a '(__vestibule_words)'
complete -c vestibule -f -a '(__vestibule_words)'
`;
}
