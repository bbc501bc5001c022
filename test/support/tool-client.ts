import {
  Client,
  type JsonSchemaType,
  type JsonSchemaValidator,
  StreamableHTTPClientTransport,
  type Tool,
} from '@modelcontextprotocol/client';
import { AjvJsonSchemaValidator } from '@modelcontextprotocol/client/validators/ajv';
import { connect, type Tokens } from './flow.ts';

/** A person's connection through the SDK's client, which holds every output against the tool's output schema. */
export type ToolClient = {
  readonly tokens: Tokens;
  readonly tools: readonly Tool[];
  /** The SDK's client, for what is not a tool. */
  readonly client: Client;
  /** What a tool gives. Throws when it refuses, or when its output is not what its schema says. */
  readonly run: <T = Todo>(name: string, input?: object) => Promise<T>;
  /** The files that a tool attaches to what it gives. */
  readonly files: (name: string, input?: object) => Promise<readonly File[]>;
  /** What a tool says when it refuses. Throws when it does not. */
  readonly refuse: (name: string, input?: object) => Promise<string>;
  readonly close: () => Promise<void>;
};

/** A file that a tool attaches. */
type File = { readonly uri: string; readonly mimeType?: string | undefined; readonly text: string };

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

type Said = 'accept' | 'decline' | 'cancel';

type Options = Parameters<typeof connect>[1] & {
  /** What the person says to a question. Without it, their client cannot ask them. */
  readonly says?: (question: string) => Said | Promise<Said>;
};

/** Compiles each schema once for all clients of this process: each asks for those of the tools that it calls. */
class KeptValidators extends AjvJsonSchemaValidator {
  readonly #kept = new Map<string, JsonSchemaValidator<unknown>>();

  override getValidator<T>(schema: JsonSchemaType): JsonSchemaValidator<T> {
    const key = JSON.stringify(schema);
    const validator = this.#kept.get(key) ?? super.getValidator(schema);
    this.#kept.set(key, validator);
    return validator as JsonSchemaValidator<T>;
  }
}
const jsonSchemaValidator = new KeptValidators();

/** Signs a new person in, and connects for them. */
export async function connectTools(issuer: string, { says, ...options }: Options = {}): Promise<ToolClient> {
  const { tokens } = await connect(issuer, options);
  const client = new Client(
    { name: 'vestibule-tests', version: '1' },
    {
      versionNegotiation: { mode: { pin: '2026-07-28' } },
      capabilities: says ? { elicitation: {} } : {},
      jsonSchemaValidator,
    },
  );
  if (says)
    client.setRequestHandler('elicitation/create', async ({ params }) => ({
      action: await says(params.message),
    }));
  const headers = { authorization: `Bearer ${tokens.access_token}` };
  await client.connect(new StreamableHTTPClientTransport(new URL(`${issuer}/mcp`), { requestInit: { headers } }));
  const { tools } = await client.listTools();
  const call = async (name: string, input: object) => {
    const { isError, structuredContent, content } = await client.callTool({ name, arguments: { ...input } });
    const text = content.map((block) => ('text' in block ? block.text : '')).join('');
    const files = content.flatMap((block) =>
      block.type === 'resource' && 'text' in block.resource ? [block.resource] : [],
    );
    return { isError: isError === true, structuredContent, text, files };
  };
  return {
    tokens,
    tools,
    client,
    run: async <T>(name: string, input: object = {}) => {
      const { isError, structuredContent, text } = await call(name, input);
      if (isError || !structuredContent) throw new Error(`${name} refused: ${text}`);
      return structuredContent as T;
    },
    files: async (name, input = {}) => {
      const { isError, files, text } = await call(name, input);
      if (isError) throw new Error(`${name} refused: ${text}`);
      return files;
    },
    refuse: async (name, input = {}) => {
      const { isError, text } = await call(name, input);
      if (!isError) throw new Error(`${name} did not refuse: ${text}`);
      return text;
    },
    close: () => client.close(),
  };
}
