import { choicesIn } from '../completion/choices.ts';
import { type Shell, scriptFor } from '../completion/shells.ts';
import { type Group, type Option, operands } from './command.ts';

/** All that may stand on the command line: the help's own table. */
type CommandLine = { readonly groups: readonly Group[]; readonly sharedOptions: Readonly<Record<string, Option>> };

/** The command that prints what a shell needs to complete the others. */
export function completionGroup(commandLine: () => CommandLine): Group {
  return {
    title: 'Your shell',
    commands: [
      {
        name: 'completion',
        does: 'print a script that completes every command of vestibule in your shell',
        operands: [operands.shell],
        examples: [
          'completion bash > ~/.vestibule-completion && echo "source ~/.vestibule-completion" >> ~/.bashrc',
          'completion zsh > ~/.vestibule-completion && echo "source ~/.vestibule-completion" >> ~/.zshrc',
          'completion fish > ~/.config/fish/conf.d/vestibule.fish',
        ],
        isOfThisMachine: true,
        run: async ({ operands: [shell] }) => {
          // The other commands and their options are loaded for this alone.
          const { entriesOf } = await import('../completion/entries.ts');
          const script = scriptFor(shell as Shell, choicesIn(entriesOf(commandLine())));
          return { json: { script }, text: script.trimEnd() };
        },
      },
    ],
  };
}
