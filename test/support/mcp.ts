import { postMcp } from './flow.ts';

/** One JSON-RPC answer of the MCP endpoint, whether it came as JSON or as an event. */
export type Answer = {
  readonly status: number;
  readonly headers: Headers;
  readonly message: Message;
};

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
  const [, event] = /^data: (.*)$/m.exec(text) ?? [];
  const message = JSON.parse(event ?? text) as Message;
  if (message.jsonrpc !== '2.0') throw new Error(`No JSON-RPC message: ${response.status} ${text}`);
  return { status: response.status, headers: response.headers, message };
}

/** Asks for a method in the form of the 2025 revisions. */
export async function ask(
  issuer: string,
  token: string,
  method: string,
  params: object = {},
  headers: Record<string, string> = {},
): Promise<Answer> {
  return readAnswer(await postMcp(issuer, token, { jsonrpc: '2.0', id: 1, method, params }, headers));
}

/** Calls a tool in the form of the 2025 revisions. */
export function callTool(
  issuer: string,
  token: string,
  name: unknown,
  args: unknown = {},
  headers: Record<string, string> = {},
): Promise<Answer> {
  return ask(issuer, token, 'tools/call', { name, arguments: args }, headers);
}

/** Asks for a method in the form of revision 2026-07-28. A header that is empty is left out. */
export async function askModern(
  issuer: string,
  token: string,
  method: string,
  params: object = {},
  { headers = {}, version = revision }: { readonly headers?: Record<string, string>; readonly version?: string } = {},
): Promise<Answer> {
  const _meta = {
    'io.modelcontextprotocol/protocolVersion': version,
    'io.modelcontextprotocol/clientCapabilities': {},
  };
  const name = 'name' in params ? { 'mcp-name': String(params.name) } : {};
  const all = { 'mcp-protocol-version': version, 'mcp-method': method, ...name, ...headers };
  const sent = Object.fromEntries(Object.entries(all).filter(([, value]) => value !== ''));
  return readAnswer(
    await postMcp(issuer, token, { jsonrpc: '2.0', id: 1, method, params: { ...params, _meta } }, sent),
  );
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
export async function titles(issuer: string, token: string): Promise<string[]> {
  const { todos } = outputOf(await callTool(issuer, token, 'list_todos', { limit: 100 }));
  return (todos as { readonly title: string }[]).map(({ title }) => title);
}
