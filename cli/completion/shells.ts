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

# Whether npm runs a command of ours. REPLY is the place of its name.
_vestibule_runs() {
  REPLY=2
  if [[ \${COMP_WORDS[1]} == start ]]; then REPLY=1; elif [[ \${COMP_WORDS[2]} == -s || \${COMP_WORDS[2]} == --silent ]]; then REPLY=3; fi
  [[ \${COMP_WORDS[1]} == run || $REPLY == 1 ]] && ((COMP_CWORD > REPLY + 1)) && [[ \${COMP_WORDS[REPLY+1]} == -- ]] &&
    [[ -n \${COMP_WORDS[REPLY]} ]] && _vestibule_choices "\${COMP_WORDS[REPLY]}" > /dev/null
}

_vestibule_npm() {
  local REPLY
  if _vestibule_runs; then
    _vestibule_complete $((REPLY + 2)) "\${COMP_WORDS[REPLY]}"
  elif typeset -f _npm_completion > /dev/null; then
    _npm_completion "$@"
  fi
}

complete -o default -F _vestibule vestibule
complete -o default -F _vestibule_npm npm
`;
}

/** zsh knows bash's way, which offers files where it has nothing: so what is not ours goes to what completed npm before. */
function zsh(choices: Choices): string {
  return `autoload -Uz compinit bashcompinit
(($+functions[compdef])) || compinit
[[ $_comps[npm] == *_vestibule* ]] || _vestibule_before=\${_comps[npm]:-_default}
bashcompinit
${bash(choices)}
_vestibule_zsh_npm() {
  local REPLY
  if () { setopt localoptions ksharrays; local -a COMP_WORDS=("\${words[@]}"); local COMP_CWORD=$((CURRENT - 1)); _vestibule_runs }; then
    _bash_complete -o default -F _vestibule_npm
  else
    $=_vestibule_before
  fi
}

compdef _vestibule_zsh_npm npm
`;
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
    set -l dashes (math $at + 1)
    if contains -- "$words[2]" run start; and test "$words[$dashes]" = --; and __vestibule_choices "$words[$at]" > /dev/null
        __vestibule_complete $words[$at] $words[(math $at + 2)..]
    end
end

# Where it has nothing to offer, files are.
function __vestibule_offers
    string match -q -- (commandline -ct)'*' (__vestibule_words)
end

complete -c npm -f -n __vestibule_offers -a '(__vestibule_words)'
complete -c vestibule -f -n __vestibule_offers -a '(__vestibule_words)'
`;
}
