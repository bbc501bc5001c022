import {
  type CallToolResult,
  Client,
  extractWWWAuthenticateParams,
  type Implementation,
  InsufficientScopeError,
  ProtocolError,
  SdkHttpError,
  StreamableHTTPClientTransport,
  type Tool,
} from '@modelcontextprotocol/client';
import { Failure } from './failure.ts';
import type { Wire } from './wire.ts';

/** A call's target and the token to call it with. */
export type Target = { readonly url: URL; readonly token: string | undefined; readonly wire: Wire };

/** What a server asks for before it answers: a sign-in (401), or more scopes (403). RFC 6750 §3. */
export class Challenge extends Error {
  readonly status: 401 | 403;
  readonly scope: string | undefined;
  readonly metadataUrl: URL | undefined;

  constructor(status: 401 | 403, scope: string | undefined, metadataUrl: URL | undefined) {
    super(`The server answered with a challenge (${status})`);
    this.status = status;
    this.scope = scope;
    this.metadataUrl = metadataUrl;
  }
}

/** Calls one tool. Throws a `Challenge` when the token does not do. MCP 2026-07-28, Tools. */
export function callTool(
  target: Target,
  name: string,
  input: Readonly<Record<string, unknown>>,
): Promise<CallToolResult> {
  return withServer(target, (client) => client.callTool({ name, arguments: { ...input } }));
}

/** What came of a call: its result, or what the server or the client found wrong with it. */
export type Called = { readonly result: CallToolResult } | { readonly failure: string };

/**
 * Calls tools one after the other, and gives for each its result, or why there is none: also when a result is not of the
 * form that the tool's output schema says. Throws a `Challenge` when the token does not do.
 */
export function callTools(
  target: Target,
  calls: readonly { readonly tool: string; readonly input: Readonly<Record<string, unknown>> }[],
): Promise<readonly Called[]> {
  return withServer(target, async (client) => {
    // The client holds results against the schemas of the tools that it has listed.
    await client.listTools();
    const results: Called[] = [];
    for (const { tool, input } of calls) {
      const called = client.callTool({ name: tool, arguments: { ...input } }).then((result) => ({ result }));
      results.push(await called.catch((error: unknown) => failureIn(error)));
    }
    return results;
  });
}

/** What the server or the client finds wrong with one call. Throws what ends them all. */
function failureIn(error: unknown): { readonly failure: string } {
  if (error instanceof ProtocolError) return { failure: error.message };
  throw error;
}

/** Lists all tools that this token may see. Throws a `Challenge` when the token does not do. */
export async function listTools(target: Target): Promise<readonly Tool[]> {
  const { tools } = await withServer(target, (client) => client.listTools());
  return tools;
}

/** What a server says of itself. MCP 2026-07-28, `server/discover`. */
export type About = { readonly identity: Implementation | undefined; readonly instructions: string | undefined };

/** Asks a server what it is. Throws a `Challenge` when the token does not do. */
export function askAbout(target: Target): Promise<About> {
  return withServer(target, async (client) => ({
    identity: client.getServerVersion(),
    instructions: client.getInstructions(),
  }));
}

/** A page that a client shows beside the result of a tool: its `_meta`, or why it could not be read. MCP Apps. */
export type Widget = {
  readonly uri: string;
  readonly read: { readonly meta: Readonly<Record<string, unknown>> } | { readonly failure: string };
};

/** Reads the pages that tools name. Throws a `Challenge` when the token does not do. */
export function readWidgets(target: Target, tools: readonly Tool[]): Promise<readonly Widget[]> {
  const uris = [...new Set(tools.flatMap((tool) => widgetOf(tool) ?? []))];
  if (uris.length === 0) return Promise.resolve([]);
  return withServer(target, async (client) => {
    const widgets: Widget[] = [];
    for (const uri of uris) {
      const read = client.readResource({ uri }).then(({ contents: [page] }) => ({ meta: page?._meta ?? {} }));
      widgets.push({ uri, read: await read.catch((error: unknown) => failureIn(error)) });
    }
    return widgets;
  });
}

/** The page that a tool names, as hosts read it. MCP Apps; OpenAI Apps SDK. */
function widgetOf({ _meta = {} }: Tool): string | undefined {
  const { ui } = _meta;
  const named = typeof ui === 'object' && ui !== null && 'resourceUri' in ui ? ui.resourceUri : undefined;
  const uri = named ?? _meta['openai/outputTemplate'];
  return typeof uri === 'string' ? uri : undefined;
}

/** The scopes that a tool needs, as servers that say it do for ChatGPT. OpenAI Apps SDK, Authentication. */
export function scopesOf({ _meta }: Tool): readonly string[] {
  const schemes: unknown = _meta?.securitySchemes;
  if (!Array.isArray(schemes)) return [];
  return schemes.flatMap((scheme: { readonly scopes?: unknown } | null) => scheme?.scopes ?? []).map(String);
}

/** Speaks the newest protocol that the server knows: 2026-07-28, or what `initialize` agrees on. */
async function withServer<T>({ url, token, wire }: Target, use: (client: Client) => Promise<T>): Promise<T> {
  const identity = { name: 'vestibule-cli', title: 'Vestibule command line', version: '0.1.0' };
  const client = new Client(identity, { versionNegotiation: { mode: 'auto' } });
  const authProvider = { token: async () => token, onUnauthorized };
  try {
    await client.connect(new StreamableHTTPClientTransport(url, { fetch: wire, authProvider }));
    return await use(client);
  } catch (error) {
    throw explained(error, url);
  } finally {
    await client.close();
  }
}

async function onUnauthorized({ response }: { readonly response: Response }): Promise<never> {
  const { scope, resourceMetadataUrl } = extractWWWAuthenticateParams(response);
  throw new Challenge(401, scope, resourceMetadataUrl);
}

function explained(error: unknown, url: URL): unknown {
  if (error instanceof InsufficientScopeError) {
    return new Challenge(403, error.requiredScope, error.resourceMetadataUrl);
  }
  if (error instanceof ProtocolError) return new Failure(`The server refused the call: ${error.message}`);
  if (!(error instanceof SdkHttpError)) return error;
  if (error.status === 404 || error.status === 405)
    return new Failure(`There is no MCP server at ${url} (${error.status}).`);
  if (error.status === 429) return new Failure(`The server at ${url} received too many calls. Try again later (429).`);
  return new Failure(`The server at ${url} refused the call (${error.status}).`);
}
