import { Client, StreamableHTTPClientTransport, type Tool } from '@modelcontextprotocol/client';
import { connect, type Tokens } from './flow.ts';

/** A person's connection through the SDK's client, which holds every output against the tool's output schema. */
export type ToolClient = {
  readonly tokens: Tokens;
  readonly tools: readonly Tool[];
  /** What a tool gives. Throws when it refuses, or when its output is not what its schema says. */
  readonly run: <T = Todo>(name: string, input?: object) => Promise<T>;
  /** What a tool says when it refuses. Throws when it does not. */
  readonly refuse: (name: string, input?: object) => Promise<string>;
  readonly close: () => Promise<void>;
};

/** A todo on the wire. */
export type Todo = {
  readonly id: string;
  readonly title: string;
  readonly notes?: string;
  readonly due?: string;
  readonly priority: string;
  readonly tags: readonly string[];
  readonly done: boolean;
  readonly createdAt: string;
  readonly updatedAt: string;
};

/** A page of todos on the wire. */
export type TodoPage = { readonly todos: readonly Todo[]; readonly nextCursor?: string };

/** Signs a new person in, and connects for them. */
export async function connectTools(issuer: string, options: Parameters<typeof connect>[1] = {}): Promise<ToolClient> {
  const { tokens } = await connect(issuer, options);
  const client = new Client(
    { name: 'vestibule-tests', version: '1' },
    { versionNegotiation: { mode: { pin: '2026-07-28' } } },
  );
  const headers = { authorization: `Bearer ${tokens.access_token}` };
  await client.connect(new StreamableHTTPClientTransport(new URL(`${issuer}/mcp`), { requestInit: { headers } }));
  const { tools } = await client.listTools();
  const call = async (name: string, input: object) => {
    const { isError, structuredContent, content } = await client.callTool({ name, arguments: { ...input } });
    const text = content.map((block) => ('text' in block ? block.text : '')).join('');
    return { isError: isError === true, structuredContent, text };
  };
  return {
    tokens,
    tools,
    run: async <T>(name: string, input: object = {}) => {
      const { isError, structuredContent, text } = await call(name, input);
      if (isError || !structuredContent) throw new Error(`${name} refused: ${text}`);
      return structuredContent as T;
    },
    refuse: async (name, input = {}) => {
      const { isError, text } = await call(name, input);
      if (!isError) throw new Error(`${name} did not refuse: ${text}`);
      return text;
    },
    close: () => client.close(),
  };
}
