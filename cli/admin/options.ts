import { localOrigin, parsed, usage, withLocalUrl } from '../shared/usage.ts';
import { auditCommands, auditHelp } from './audit.ts';
import { clientCommands, clientsHelp } from './clients.ts';
import type { Command, Given } from './command.ts';
import { grantCommands, grantsHelp } from './grants.ts';
import { peopleCommands, peopleHelp } from './people.ts';
import { tenantCommands, tenantsHelp } from './tenants.ts';

const commands: readonly Command[] = [
  ...clientCommands,
  ...tenantCommands,
  ...peopleCommands,
  ...grantCommands,
  ...auditCommands,
];

export const help = `Administers a deployed server, or the one that runs on this machine by \`npm start\`.

  npm run admin -- clients add --name "Reports" --redirect-uri https://reports.example/callback
  npm run admin -- clients list --local
  npm run admin -- people move anna@acme.example acme
  npm run admin -- audit --tenant acme --since 2h

${clientsHelp}

${tenantsHelp}

${peopleHelp}

${grantsHelp}

${auditHelp}

Which server:
  --stack NAME      the stack that was deployed (default Vestibule), with the AWS credentials and the region that
                    the environment names, as in AWS_PROFILE and AWS_REGION
  --local [URL]     the one on this machine (default http://localhost:3000)

  --json            print the result as JSON
  --help            print this

Exit codes: 0 it worked, 1 it did not, 2 wrong usage.
`;

/** The server that a command is for. */
export type Target =
  | { readonly kind: 'stack'; readonly name: string }
  | { readonly kind: 'local'; readonly url: string };

/** What the command line asks for. */
export type Options = {
  readonly target: Target;
  readonly command: Command;
  readonly given: Given;
  readonly isJson: boolean;
};

const shared = {
  stack: { type: 'string' },
  local: { type: 'string' },
  json: { type: 'boolean' },
  help: { type: 'boolean' },
} as const;
const known = Object.assign({}, ...commands.map(({ options }) => options), shared);

type Values = Readonly<Record<string, unknown>>;

/** Reads the command line. Throws a usage failure that says in one sentence what is wrong. */
export function readOptions(args: readonly string[]): Options | 'help' {
  const config = { args: withLocalUrl(args), options: known, allowPositionals: true };
  const { values, positionals: words }: { values: Values; positionals: readonly string[] } = parsed(config);
  if (values.help) return 'help';
  const command = commands.find(({ name }) => isAsked(name, words));
  if (!command) throw usage(unknownCommand(words));
  const foreign = Object.keys(values).find((name) => !(name in shared) && !(name in command.options));
  if (foreign) throw usage(`--${foreign} does not serve with ${command.name}`);
  return { target: target(values), command, given: given(command, words, values), isJson: values.json === true };
}

function isAsked(name: string, words: readonly string[]): boolean {
  return words.slice(0, name.split(' ').length).join(' ') === name;
}

function unknownCommand(words: readonly string[]): string {
  const names = commands.map(({ name }) => name);
  const related = names.filter((name) => name.startsWith(`${words[0]} `));
  const offered = (related.length > 0 ? related : names).join(', ');
  return words.length === 0
    ? `Say what to do: ${offered}`
    : `There is no command "${words.join(' ')}": there are ${offered}`;
}

function given({ name, operands: expected = [] }: Command, words: readonly string[], values: Values): Given {
  const operands = words.slice(name.split(' ').length);
  const [missing] = expected.slice(operands.length);
  const [surplus] = operands.slice(expected.length);
  if (missing !== undefined) throw usage(`${name} needs ${missing}`);
  if (surplus !== undefined) throw usage(`${name} does not take "${surplus}"`);
  const texts = (option: string) => [values[option] ?? []].flat().map(String);
  return {
    operands,
    texts,
    text: (option) => texts(option)[0],
    isSet: (option) => values[option] === true,
  };
}

function target({ stack, local }: Values): Target {
  if (local === undefined) return { kind: 'stack', name: String(stack ?? 'Vestibule') };
  if (stack !== undefined) throw usage('--stack and --local exclude each other');
  return { kind: 'local', url: localOrigin(String(local)) };
}
