import { postMcp } from './flow.ts';

/** One JSON-RPC answer of the MCP endpoint, whether it came as JSON or as an event. */
export type Answer = {
  readonly status: number;
  readonly headers: Headers;
  readonly message: Message;
  /** The notifications that came before it. */
  readonly notifications: readonly Notification[];
};

type Notification = { readonly method: string; readonly params: Readonly<Record<string, unknown>> };

type Message = {
  readonly jsonrpc?: string;
  readonly id?: unknown;
  readonly result?: Readonly<Record<string, unknown>>;
  readonly error?: { readonly code: number; readonly message: string; readonly data?: unknown };
};

export const revision = '2026-07-28';

/** Reads an answer. What is no JSON-RPC message makes this throw. */
export async function readAnswer(response: Response): Promise<Answer> {
  const text = await response.text();
  const events = [...text.matchAll(/^data: (.*)$/gm)].map(([, event = '']) => JSON.parse(event));
  const message = (events.length > 0 ? events.at(-1) : JSON.parse(text)) as Message;
  if (message.jsonrpc !== '2.0') throw new Error(`No JSON-RPC message: ${response.status} ${text}`);
  const notifications = events.slice(0, -1) as Notification[];
  return { status: response.status, headers: response.headers, message, notifications };
}

/** Asks for a method in the form of the 2025 revisions. */
export async function ask(
  issuer: string,
  token: string | undefined,
  method: string,
  params: object = {},
  headers: Record<string, string> = {},
): Promise<Answer> {
  return readAnswer(await postMcp(issuer, token, { jsonrpc: '2.0', id: 1, method, params }, headers));
}

/** Calls a tool in the form of the 2025 revisions. */
export function callTool(
  issuer: string,
  token: string | undefined,
  name: unknown,
  args: unknown = {},
  headers: Record<string, string> = {},
): Promise<Answer> {
  return ask(issuer, token, 'tools/call', { name, arguments: args }, headers);
}

type Modern = {
  readonly headers?: Record<string, string>;
  readonly version?: string;
  readonly capabilities?: object;
  readonly meta?: object;
  readonly id?: number | string;
};

/** Asks for a method in the form of revision 2026-07-28. A header that is empty is left out. */
export async function askModern(
  issuer: string,
  token: string | undefined,
  method: string,
  params: object = {},
  { headers = {}, version = revision, capabilities = {}, meta = {}, id = 1 }: Modern = {},
): Promise<Answer> {
  const _meta = {
    ...meta,
    'io.modelcontextprotocol/protocolVersion': version,
    'io.modelcontextprotocol/clientCapabilities': capabilities,
  };
  const named = { name: undefined, uri: undefined, ...params };
  const name = named.name ?? named.uri;
  const all = {
    'mcp-protocol-version': version,
    'mcp-method': method,
    ...(name !== undefined && { 'mcp-name': String(name) }),
    ...headers,
  };
  const sent = Object.fromEntries(Object.entries(all).filter(([, value]) => value !== ''));
  return readAnswer(await postMcp(issuer, token, { jsonrpc: '2.0', id, method, params: { ...params, _meta } }, sent));
}

/** Asks in either form, each under its name: for what is the same in both. */
export const eras = [
  ['the 2025 revisions', ask],
  ['revision 2026-07-28', askModern],
] as const;

/** The result in an answer. Throws when there is none. */
export function resultOf({ status, message }: Answer): Readonly<Record<string, unknown>> {
  if (!message.result) throw new Error(`No result: ${status} ${JSON.stringify(message)}`);
  return message.result;
}

/** What a tool gave. Throws when it gave nothing. */
export function outputOf({ status, message }: Answer): Readonly<Record<string, unknown>> {
  const { structuredContent, isError } = message.result ?? {};
  if (status !== 200 || isError || typeof structuredContent !== 'object' || !structuredContent) {
    throw new Error(`No output: ${status} ${JSON.stringify(message)}`);
  }
  return structuredContent as Readonly<Record<string, unknown>>;
}

/** Makes a todo and gives its id. */
export async function newTodo(issuer: string, token: string, todo: object = {}): Promise<string> {
  return String(outputOf(await callTool(issuer, token, 'create_todo', { title: 'Water the plants', ...todo })).id);
}

/** The titles of a person's todos. */
export async function titles(issuer: string, token: string, headers: Record<string, string> = {}): Promise<string[]> {
  const { todos } = outputOf(await callTool(issuer, token, 'list_todos', { limit: 100 }, headers));
  return (todos as { readonly title: string }[]).map(({ title }) => title);
}
