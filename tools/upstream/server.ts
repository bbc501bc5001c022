import type * as z from 'zod';
import type { Annotations, Call, Tool } from '../define-tool.ts';
import type { Scope } from '../scopes.ts';
import { callServer } from './call-server.ts';
import { passedOn } from './passed-on.ts';

const LONGEST_SECONDS = 15;

/** An MCP server of others, which runs in a Lambda of its own beside this one and speaks over its standard input. */
export type Server = {
  /** What it is called in what a model reads and in the names of what is deployed: small letters, digits, hyphens. */
  readonly name: string;
  /** A package that the project depends on, or the path of a file from the project's folder. */
  readonly from: string;
  readonly args: readonly string[];
  /** Variables that it is given. It is given none of this server's own. */
  readonly environment: Readonly<Record<string, string>>;
  /** For each variable that holds a secret, the SSM parameter that has it. */
  readonly secrets: Readonly<Record<string, string>>;
  /** How long one call may take: at most 15, and with the start of the server 16. */
  readonly seconds: number;
};

/** Of a server's tool, what is kept to call it and to see that it has not changed. */
export type Hosted = {
  readonly server: Server;
  /** What the server calls it. */
  readonly tool: string;
  /** A digest of the schema that the input was written from. */
  readonly schema: string;
};

type GivenServer = Pick<Server, 'name' | 'from'> & Partial<Server>;

type Definition<I extends z.ZodObject> = Pick<Tool, 'name' | 'title' | 'description' | 'role' | 'weight' | 'icons'> & {
  readonly scope: Scope;
  readonly annotations: Annotations;
  readonly input: I;
  /** What the server calls it, if not the same. */
  readonly tool?: string;
  readonly schema: string;
  /** What a person is asked before it runs, where their client can ask them. */
  readonly confirm?: (input: z.output<I>, call: Call) => string | Promise<string>;
};

/** Describes a server of others. Throws where its name, or one of its variables or parameters, can be none. */
export function defineServer(given: GivenServer): Server {
  const server = { args: [], environment: {}, secrets: {}, seconds: 15, ...given };
  requireForm('name', server.name, /^[a-z][a-z0-9-]{0,30}[a-z0-9]$/, 'small letters, digits and hyphens');
  for (const name of [...Object.keys(server.environment), ...Object.keys(server.secrets)])
    requireForm('variable', name, /^[A-Za-z_][A-Za-z0-9_]{0,60}$/, 'letters, digits and underscores');
  for (const parameter of Object.values(server.secrets))
    requireForm('parameter', parameter, /^(\/[A-Za-z0-9_.-]+)+$/, 'the name of one in SSM, such as /vestibule/key');
  if (server.seconds > 0 && server.seconds <= LONGEST_SECONDS) return server;
  throw new Error(`The server ${server.name} has ${server.seconds} seconds; it can have at most ${LONGEST_SECONDS}`);
}

/** Defines a tool of a server of others: what goes in is held to the schema here, and what comes out is passed on. */
export function serverTool<const I extends z.ZodObject>(
  server: Server,
  { tool, schema, ...definition }: Definition<I>,
): Tool {
  const hosted = { server, tool: tool ?? definition.name, schema };
  return {
    ...definition,
    hosted,
    output: passedOn,
    run: (input: Readonly<Record<string, unknown>>, call) => callServer(hosted, input, call),
  };
}

function requireForm(what: string, given: string, form: RegExp, words: string): void {
  if (form.test(given)) return;
  throw new Error(`The ${what} ${JSON.stringify(given)} of a server must be ${words}`);
}
