import { operands } from '../admin/command.ts';
import { groups, sharedOptions } from '../admin/commands.ts';
import type { Terminal } from '../shared/terminal.ts';
import { parsed, usage } from '../shared/usage.ts';
import { choicesIn } from './choices.ts';
import { entriesOf } from './entries.ts';
import { scriptFor } from './shells.ts';

const help = `Prints a script that completes commands, options and values in your shell.

  npx vestibule completion bash > ~/.vestibule-completion && echo "source ~/.vestibule-completion" >> ~/.bashrc
  npx vestibule completion zsh > ~/.vestibule-completion && echo "source ~/.vestibule-completion" >> ~/.zshrc
  npx vestibule completion fish > ~/.config/fish/conf.d/vestibule.fish

  --help            print this

It completes \`vestibule …\`, \`npm start -- …\` and \`npm run COMMAND -- …\`. Exit codes: 0 printed, 2 wrong usage.
`;

/** Does what the command line says. Gives the exit code. */
export function completion(args: readonly string[], { print }: Terminal): 0 {
  const { values, positionals } = parsed({
    args: [...args],
    allowPositionals: true,
    options: { help: { type: 'boolean' } },
  });
  if (values.help) {
    print(help.trimEnd());
    return 0;
  }
  const [named, surplus] = positionals;
  const shell = operands.shell.oneOf.find((one) => one === named);
  if (shell === undefined) throw usage(`Say ${operands.shell.what}${named === undefined ? '' : `; it is ${named}`}`);
  if (surplus !== undefined) throw usage(`completion does not take "${surplus}"`);
  print(scriptFor(shell, choicesIn(entriesOf({ groups, sharedOptions }))).trimEnd());
  return 0;
}
