import { homedir } from 'node:os';
import { join } from 'node:path';
import { isLoopback, parsed, seconds, serverUrl, usage } from '../shared/usage.ts';

export const help = `Calls the tools of a remote MCP server like any MCP client: finds out where to sign in, registers, opens the
sign-in page in your browser, keeps the tokens and calls the tool.

  npm run client -- --tool create_todo --args '{"title":"Buy milk"}'
  npm run client -- --list
  npm run client -- --logout

Choose one:
  --tool NAME       call a tool and print its result
  --list            list the tools, their input and the scope each one needs
  --logout          revoke the tokens and forget them

  --args JSON       the tool's input, a JSON object (default {})
  --url URL         the MCP server (default http://localhost:3000/mcp)
  --scope SCOPES    request only these when signing in, such as "todos:read profile:read" (default: what the server suggests)
  --json            print the result as the server sent it
  --no-browser      print the sign-in address instead of opening it
  --mailbox         sign in without you, through the mailbox of a server started with \`npm start\`
  --email ADDRESS   the address to sign in with, for --mailbox (default you@example.com)
  --timeout SECONDS how long to wait for the sign-in (default 300)
  --store FILE      where tokens are kept (default ~/.local/state/vestibule/client.json)
  --verbose         print every request and response, with secrets masked
  --help            print this

Exit codes: 0 success, 1 failure, 2 wrong usage, 3 no sign-in.
`;

type Command =
  | { readonly name: 'call'; readonly tool: string; readonly input: Readonly<Record<string, unknown>> }
  | { readonly name: 'list' | 'logout' | 'help' };

/** What the command line asks for, checked. */
export type Options = {
  readonly command: Command;
  readonly url: URL;
  readonly scope: string | undefined;
  readonly isJson: boolean;
  readonly opensBrowser: boolean;
  readonly mailboxAddress: string | undefined;
  readonly timeoutSeconds: number;
  readonly storeFile: string;
  readonly isVerbose: boolean;
};

const text = { type: 'string' } as const;
const flag = { type: 'boolean' } as const;
const known = {
  tool: text,
  args: text,
  list: flag,
  logout: flag,
  url: text,
  scope: text,
  json: flag,
  store: text,
  'no-browser': flag,
  mailbox: flag,
  email: text,
  timeout: text,
  verbose: flag,
  help: flag,
};

type Values = ReturnType<typeof parsed<{ readonly options: typeof known }>>['values'];

/** Reads the command line. Throws a usage failure that says in one sentence what is wrong. */
export function readOptions(args: readonly string[]): Options {
  const { values } = parsed({ args: [...args], options: known });
  const url = serverUrl(values.url ?? 'http://localhost:3000/mcp');
  if (values.email !== undefined && !values.mailbox) throw usage('--email needs --mailbox');
  if (values.mailbox && !isLoopback(url)) throw usage('--mailbox only works with a server on this machine');
  if (values.mailbox && values['no-browser']) throw usage('--mailbox and --no-browser cannot be used together');
  return {
    command: command(values),
    url,
    scope: values.scope,
    isJson: values.json ?? false,
    opensBrowser: !values['no-browser'],
    mailboxAddress: values.mailbox ? (values.email ?? 'you@example.com') : undefined,
    timeoutSeconds: seconds('timeout', values.timeout ?? '300'),
    storeFile: values.store ?? join(stateFolder(), 'vestibule', 'client.json'),
    isVerbose: values.verbose ?? false,
  };
}

function command(values: Values): Command {
  const { tool, args, list, logout } = values;
  if (values.help) return { name: 'help' };
  const asked = [tool !== undefined, list, logout].filter(Boolean).length;
  if (asked !== 1) throw usage('Say one thing to do: --tool NAME, --list or --logout');
  if (args !== undefined && tool === undefined) throw usage('--args needs --tool');
  if (tool !== undefined) return { name: 'call', tool, input: jsonObject(args ?? '{}') };
  const idle = (['scope', 'json', 'mailbox'] as const).find((name) => values[name] !== undefined);
  if (logout && idle) throw usage(`--${idle} does not serve with --logout`);
  return { name: list ? 'list' : 'logout' };
}

function jsonObject(source: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(source);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return { ...value };
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  throw usage(`--args must be a JSON object, as in '{"title":"Buy milk"}'`);
}

function stateFolder(): string {
  return process.env.XDG_STATE_HOME || join(homedir(), '.local', 'state');
}
