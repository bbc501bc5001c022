import { parsed } from '../shared/usage.ts';

export const help = `Starts a server on this machine with a tenant, people, clients and a history, and prints where to look.

  npm run demo
  PORT=3001 npm run demo

Nothing is kept: what it needs is in a folder of its own, which goes when you stop it with Ctrl-C.

  PORT              the port of the server (default 3000)
  --help            print this

Exit codes: 0 it ran until you stopped it, 1 it did not, 2 wrong usage.
`;

/** Reads the command line. Throws a usage failure that says in one sentence what is wrong. */
export function readOptions(args: readonly string[]): 'help' | 'run' {
  const { values } = parsed({ args: [...args], options: { help: { type: 'boolean' } } });
  return values.help ? 'help' : 'run';
}
