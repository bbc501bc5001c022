import { type Options as DoctorOptions, readOptions as readDoctorOptions } from '../doctor/options.ts';
import { parsed, usage } from '../shared/usage.ts';

/** The registries and directories that are checked for. */
export const allLists = ['registry', 'openai', 'anthropic', 'card', 'cursor', 'gemini', 'copilot'] as const;

export type List = (typeof allLists)[number];

export const help = `Checks whether registries and directories will list a server, and says what to do about what they would refuse.

  npm run publish-check -- --url https://mcp.example.com/mcp
  npm run publish-check -- --url https://mcp.example.com/mcp --for registry,openai --write listing
  npm run publish-check -- --local

Run it in the folder of your project: the texts come from \`listing\` in vestibule.config.ts.

Choose a server:
  --url URL         its MCP URL or its issuer
  --local [URL]     the server that \`npm start\` runs (default http://localhost:3000)

  --for LISTS       only for these, with commas between: ${allLists.join(', ')}
  --write FOLDER    make server.json and what the forms ask for, in a folder that is new or empty
  --stage NAME      the stage of the settings that was deployed (default: the one without a name)
  --no-sign-in      leave out what takes a sign-in: the tools, and what the server says of itself
  --email ADDRESS   the address to sign in with, on this machine (default doctor@example.com)
  --no-browser      print the sign-in address instead of opening it
  --timeout SECONDS how long to wait for you to sign in (default 300)
  --client-id ID    the public client to use if clients can't register themselves. It needs the redirect URI
                    http://127.0.0.1/callback
  --limit SECONDS   how long each request may take (default 10)
  --json            print the report as JSON
  --verbose         print every request and response, with secrets masked
  --help            print this

An error is what a listing is refused for, a warning what a reviewer may object to. What is marked "by hand" only you can
check. It registers a client and removes it again. Exit codes: 0 no error, 1 an error, 2 wrong usage.
`;

/** What the command line asks for, checked. */
export type Options = {
  readonly doctor: DoctorOptions;
  readonly lists: readonly List[];
  readonly folder: string | undefined;
  readonly stage: string | undefined;
};

const text = { type: 'string' } as const;
const own = { for: text, write: text, stage: text, 'no-sign-in': { type: 'boolean' } } as const;
const doctorOnly = ['sign-in', 'stack'];
const ofSignIn = ['email', 'no-browser', 'timeout'];

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
    throw usage(`--${idle.name} and --no-sign-in exclude each other`);
  const rest = args.filter((_, index) => !ownIndexes.has(index));
  const signIn = values['no-sign-in'] ? [] : ['--sign-in'];
  const doctor = readDoctorOptions([...rest, ...signIn]);
  if (doctor === 'help') return 'help';
  return { doctor, lists: listsIn(values.for), folder: named(values.write), stage: named(values.stage) };
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
