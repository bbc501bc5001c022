import type { Terminal } from '../shared/terminal.ts';
import { usage } from '../shared/usage.ts';

type Kind = {
  readonly does: string;
  readonly run: (args: readonly string[], terminal: Terminal) => Promise<number>;
};

/** What can be added to a project. Each is loaded when it is asked for. */
const kinds: Readonly<Record<string, Kind>> = {
  openapi: {
    does: 'tools that call an API, from its OpenAPI document',
    run: async (args, terminal) => (await import('./openapi/openapi.ts')).addOpenapi(args, terminal),
  },
  server: {
    does: 'an MCP server that somebody else wrote, from npm or a file, in its own Lambda',
    run: async (args, terminal) => (await import('./server/server.ts')).addServer(args, terminal),
  },
};

const list = Object.entries(kinds).map(([name, { does }]) => `  ${name.padEnd(9)}  ${does}`);
const help = `Adds tools to the project in this folder, from an API or an MCP server that exists already.

  npm run add -- KIND …

${list.join('\n')}

\`npm run add -- KIND --help\` explains one.
`;

/** Does what the command line says. Gives the exit code. */
export async function add([name, ...args]: readonly string[], terminal: Terminal): Promise<number> {
  if (name === undefined || name === '--help') {
    terminal.print(help.trimEnd());
    return name === undefined ? 2 : 0;
  }
  const kind = Object.hasOwn(kinds, name) ? kinds[name] : undefined;
  if (!kind) throw usage(`There is no "${name}" to add: there is ${Object.keys(kinds).join(', ')}`);
  return kind.run(args, terminal);
}
