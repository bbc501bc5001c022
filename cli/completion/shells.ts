import type { operands } from '../admin/command.ts';
import type { Choices } from './choices.ts';

export type Shell = (typeof operands.shell.oneOf)[number];

/** The script that has a shell complete what there is to choose. */
export function scriptFor(shell: Shell, choices: Choices): string {
  return { bash, zsh, fish }[shell](choices);
}

/**
 * Completes `vestibule …`, `npm run COMMAND -- …` and `npm start -- …`; what else npm can do stays with what completed
 * it before.
 * The words so far are looked up, and shortened until something is known of them: operands are no part of a command.
 */
function bash(choices: Choices): string {
  return `${posixTable(choices)}
_vestibule_complete() {
  local first=$1 known=$2 current=\${COMP_WORDS[COMP_CWORD]} word at
  for ((at = first; at < COMP_CWORD; at++)); do
    word=\${COMP_WORDS[at]}
    if [[ $word != -* ]] && _vestibule_choices "\${known:+$known }$word" > /dev/null; then known=\${known:+$known }$word; fi
  done
  word=\${COMP_WORDS[COMP_CWORD-1]}
  if ((COMP_CWORD > first)) && [[ $word == --* ]] && _vestibule_choices "$known $word" > /dev/null; then known="$known $word"; fi
  COMPREPLY=($(compgen -W "$(_vestibule_choices "$known")" -- "$current"))
}

_vestibule() {
  _vestibule_complete 1
}

_vestibule_npm() {
  local at=2
  if [[ \${COMP_WORDS[1]} == start ]]; then at=1; elif [[ \${COMP_WORDS[2]} == -s || \${COMP_WORDS[2]} == --silent ]]; then at=3; fi
  local script=\${COMP_WORDS[at]}
  if [[ \${COMP_WORDS[1]} == run || $at == 1 ]] && ((COMP_CWORD > at + 1)) && [[ \${COMP_WORDS[at+1]} == -- ]] &&
    [[ -n $script ]] && _vestibule_choices "$script" > /dev/null; then
    _vestibule_complete $((at + 2)) "$script"
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
    if test "$words[1]" = vestibule
        __vestibule_complete $words[2..]
        return
    end
    set -l at 3
    if test "$words[2]" = start
        set at 2
    else if string match -qr '^(-s|--silent)$' -- "$words[3]"
        set at 4
    end
    if contains -- "$words[2]" run start; and test "$words[(math $at + 1)]" = --; and __vestibule_choices "$words[$at]" > /dev/null
        __vestibule_complete $words[$at] $words[(math $at + 2)..]
    end
end

complete -c npm -a '(__vestibule_words)'
complete -c vestibule -a '(__vestibule_words)'
`;
}
