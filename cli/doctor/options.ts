import { isLoopback, localOrigin, parsed, seconds, serverUrl, usage, withLocalUrl } from '../shared/usage.ts';

export const help = `Checks a deployment step by step, as a client would, and tells you what to do about anything that's wrong.

  npm run doctor -- --url https://abc123.execute-api.eu-central-1.amazonaws.com/mcp
  npm run doctor -- --url https://mcp.example --sign-in
  npm run doctor -- --local --sign-in

Choose a server:
  --url URL         its MCP URL or its issuer
  --local [URL]     the server that \`npm start\` runs (default http://localhost:3000)

  --sign-in         also sign in, call a tool, refresh and revoke, with your browser or the local runner's mailbox
  --email ADDRESS   the address to sign in with, on this machine (default doctor@example.com)
  --no-browser      print the sign-in address instead of opening it
  --timeout SECONDS how long to wait for you to sign in (default 300)
  --client-id ID    the public client to use if clients can't register themselves. It needs the redirect URI
                    http://127.0.0.1/callback
  --stack NAME      the stack whose mail to check, if there are AWS credentials (default: the project's)
  --limit SECONDS   how long each check may take (default 10)
  --json            print the report as JSON
  --verbose         print every request and response, with secrets masked
  --help            print this

It registers a client and removes it again. Exit codes: 0 everything is fine, 1 something is wrong, 2 wrong usage.
`;

/** What the command line asks for, checked. */
export type Options = {
  readonly issuer: string;
  readonly signsIn: boolean;
  readonly email: string;
  readonly opensBrowser: boolean;
  readonly timeoutSeconds: number;
  readonly clientId: string | undefined;
  /** The stack, if somebody named one. */
  readonly stack: string | undefined;
  readonly limitSeconds: number;
  readonly isJson: boolean;
  readonly isVerbose: boolean;
};

const text = { type: 'string' } as const;
const flag = { type: 'boolean' } as const;
const known = {
  url: text,
  local: text,
  'sign-in': flag,
  email: text,
  'no-browser': flag,
  timeout: text,
  'client-id': text,
  stack: text,
  limit: text,
  json: flag,
  verbose: flag,
  help: flag,
};

/** Reads the command line. Throws a usage failure that says in one sentence what is wrong. */
export function readOptions(args: readonly string[]): Options | 'help' {
  const { values } = parsed({ args: withLocalUrl(args), options: known });
  if (values.help) return 'help';
  const issuer = issuerOf(values.url, values.local);
  const idle = (['email', 'no-browser', 'timeout'] as const).find((name) => values[name] !== undefined);
  if (idle && !values['sign-in']) throw usage(`--${idle} needs --sign-in`);
  if (values.email !== undefined && !isLoopback(new URL(issuer)))
    throw usage('--email works only with a server on this machine');
  return {
    issuer,
    signsIn: values['sign-in'] ?? false,
    email: values.email ?? 'doctor@example.com',
    opensBrowser: !values['no-browser'],
    timeoutSeconds: seconds('timeout', values.timeout ?? '300'),
    clientId: values['client-id'],
    stack: values.stack,
    limitSeconds: seconds('limit', values.limit ?? '10'),
    isJson: values.json ?? false,
    isVerbose: values.verbose ?? false,
  };
}

function issuerOf(url: string | undefined, local: string | undefined): string {
  if (url !== undefined && local !== undefined) throw usage('--url and --local cannot be used together');
  if (local !== undefined) return localOrigin(local);
  if (url === undefined) throw usage('Say which server: --url URL or --local');
  const { origin, pathname, search, hash } = serverUrl(url);
  const isKnown = ['/', '/mcp', '/mcp/'].includes(pathname) && search + hash === '';
  if (!isKnown)
    throw usage(`--url must be an MCP URL, which ends in /mcp, or an issuer, which has no path; it is ${url}`);
  return origin;
}
