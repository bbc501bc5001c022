import { parsed, usage } from '../shared/usage.ts';

export const help = `Runs the whole server on this machine: no AWS account, no Docker, no database. It prints a line for each request, and
restarts what your changes affect.

  npm start
  npm start -- --port 8080
  npm start -- --verbose

  --port NUMBER     the port to listen on (default 3000, or PORT; 0 for any free port)
  --data FOLDER     where data is kept between runs (default .local, or DATA_DIR)
  --no-watch        don't watch for changes
  --verbose         print everything the Lambdas log, as JSON
  --help            print this

Ctrl-C stops it.
`;

const known = {
  port: { type: 'string' },
  data: { type: 'string' },
  'no-watch': { type: 'boolean' },
  verbose: { type: 'boolean' },
  help: { type: 'boolean' },
} as const;

/** The environment that a command line asks the local runner to have. Throws a usage failure that says what is wrong. */
export function readOptions(args: readonly string[]): Readonly<Record<string, string>> | 'help' {
  const { values } = parsed({ args: [...args], options: known });
  if (values.help) return 'help';
  const { port, data, verbose } = values;
  if (port !== undefined && !(/^\d{1,5}$/.test(port) && Number(port) <= 65_535))
    throw usage(`--port must be a number up to 65535; it is ${port}`);
  if (data === '') throw usage('--data must be a folder');
  return {
    ...(port !== undefined && { PORT: port }),
    ...(data !== undefined && { DATA_DIR: data }),
    ...(values['no-watch'] && { WATCH: 'off' }),
    ...(verbose && { VERBOSE: 'on' }),
  };
}

/** Runs it until Ctrl-C or SIGTERM. Gives an exit code when there is nothing to run. */
export async function start(args: readonly string[], print: (text: string) => void): Promise<0 | undefined> {
  const environment = readOptions(args);
  if (environment === 'help') {
    print(help.trimEnd());
    return 0;
  }
  Object.assign(process.env, environment);
  await import('../../local/server.ts');
  return undefined;
}
