import { type Options as DoctorOptions, readOptions as readDoctorOptions } from '../doctor/options.ts';
import { parsed, usage } from '../shared/usage.ts';

/** The registries and directories that are checked for. */
export const allLists = ['registry', 'openai', 'anthropic', 'card', 'cursor', 'gemini', 'copilot'] as const;

export type List = (typeof allLists)[number];

export const help = `Checks if registries and directories will list a server, and says how to fix what they would refuse.

  npm run publish-check -- --url https://mcp.example.com/mcp
  npm run publish-check -- --url https://mcp.example.com/mcp --for registry,openai --write listing
  npm run publish-check -- --local

Run it in the folder of your project: the texts come from \`listing\` in vestibule.config.ts.

Choose a server:
  --url URL         its MCP URL or its issuer
  --local [URL]     the server that \`npm start\` runs (default http://localhost:3000)

  --for LISTS       only check these, separated by commas: ${allLists.join(', ')}
  --since FILE      the listed.json of an earlier --write: says what has changed for reviewers
  --write FOLDER    write server.json and the texts for the forms to a new or empty folder
  --stage NAME      the deployed stage of the settings (default: the one without a name)
  --no-sign-in      skip what needs a sign-in: the tools, and how the server describes itself
  --email ADDRESS   the address to sign in with, on this machine (default doctor@example.com)
  --no-browser      print the sign-in address instead of opening it
  --timeout SECONDS how long to wait for you to sign in (default 300)
  --client-id ID    the public client to use if clients can't register themselves. It needs the redirect URI
                    http://127.0.0.1/callback
  --limit SECONDS   how long each request may take (default 10)
  --json            print the report as JSON
  --verbose         print every request and response, with secrets masked
  --help            print this

An error gets a listing refused; a warning is something a reviewer may object to. Only you can check what is marked
"by hand". It registers a client and removes it again. Exit codes: 0 no error, 1 an error, 2 wrong usage.
`;

/** What the command line asks for, checked. */
export type Options = {
  readonly doctor: DoctorOptions;
  readonly lists: readonly List[];
  readonly folder: string | undefined;
  /** The file with what reviewers saw. */
  readonly since: string | undefined;
  readonly stage: string | undefined;
};

const text = { type: 'string' } as const;
const own = { for: text, write: text, since: text, stage: text, 'no-sign-in': { type: 'boolean' } } as const;
const doctorOnly = ['sign-in', 'stack'];
const ofSignIn = ['email', 'no-browser', 'timeout', 'since'];

/** Reads the command line: what is not its own is doctor's. Throws a usage failure that says what is wrong. */
export function readOptions(args: readonly string[]): Options | 'help' {
  const { values, tokens } = parsed({ args: [...args], options: own, strict: false, tokens: true });
  const ownIndexes = new Set<number>();
  for (const token of tokens) {
    if (token.kind !== 'option') continue;
    if (doctorOnly.includes(token.name)) throw usage(`Unknown option '--${token.name}'`);
    if (!Object.hasOwn(own, token.name)) continue;
    ownIndexes.add(token.index);
    if (token.name !== 'no-sign-in' && !token.value) throw usage(`--${token.name} needs a value`);
    if (token.value !== undefined && !token.inlineValue) ownIndexes.add(token.index + 1);
  }
  const idle = tokens.find((token) => token.kind === 'option' && ofSignIn.includes(token.name));
  if (values['no-sign-in'] && idle?.kind === 'option')
    throw usage(`--${idle.name} and --no-sign-in cannot be used together`);
  const rest = args.filter((_, index) => !ownIndexes.has(index));
  const signIn = values['no-sign-in'] ? [] : ['--sign-in'];
  const doctor = readDoctorOptions([...rest, ...signIn]);
  if (doctor === 'help') return 'help';
  return {
    doctor,
    lists: listsIn(values.for),
    folder: named(values.write),
    since: named(values.since),
    stage: named(values.stage),
  };
}

function listsIn(value: unknown): readonly List[] {
  if (typeof value !== 'string') return allLists;
  const named = value.split(',').map((name) => name.trim());
  const unknown = named.find((name) => !allLists.some((list) => list === name));
  if (unknown !== undefined) throw usage(`--for takes ${allLists.join(', ')}; it is ${unknown || 'empty'}`);
  return allLists.filter((list) => named.includes(list));
}

function named(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
