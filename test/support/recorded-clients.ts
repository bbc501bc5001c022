/**
 * What clients send that cannot be run here, from their public sources: n8n, Cline, LibreChat and Gemini CLI, in
 * November 2026. Only their words are theirs. What all of them do is in `recorded-walk.ts`.
 */
type Parameters = Readonly<Record<string, string>>;

/** What a client has read before it registers. */
export type Found = {
  /** The scopes that the resource names, and those that the authorization server names. */
  readonly resourceScopes: readonly string[];
  readonly serverScopes: readonly string[];
  /** The resource, as its metadata names it. */
  readonly resource: string;
};

export type RecordedClient = {
  readonly name: string;
  /** What its HTTP library says of itself. */
  readonly headers: Parameters;
  /** What the HEAD request has with which it looks for a challenge, if it does. */
  readonly probe?: Parameters;
  readonly redirectUri: string;
  /** What it says of itself, beside its redirect. */
  readonly registration: (found: Found) => object;
  /** What it adds to an authorization request that has all that it must have. */
  readonly authorization: (found: Found) => Parameters;
  /** What it takes for an answer to a token request. */
  readonly tokenAccept: string;
  readonly initialize: { readonly protocolVersion: string; readonly capabilities: object; readonly clientInfo: object };
  /** What it asks for once it is connected. */
  readonly afterwards: readonly (readonly [method: string, params?: object])[];
  /** What it puts among the arguments that the model wrote. */
  readonly slippedIn: object;
};

const codeAndRefresh = ['authorization_code', 'refresh_token'];
const node = { 'user-agent': 'node', 'accept-language': '*', 'sec-fetch-mode': 'cors' };

const n8n: RecordedClient = {
  name: 'n8n',
  headers: { accept: 'application/json, text/plain, */*', 'user-agent': 'axios/1.13.2' },
  redirectUri: 'https://n8n.example.com/rest/oauth2-credential/callback',
  registration: ({ serverScopes }) => ({
    token_endpoint_auth_method: 'none',
    grant_types: codeAndRefresh,
    response_types: ['code'],
    client_name: 'n8n',
    client_uri: 'https://n8n.io/',
    scope: serverScopes.join(' '),
  }),
  authorization: ({ serverScopes, resource }) => ({
    state: Buffer.from(JSON.stringify({ token: 'a-token', createdAt: 1_763_600_000_000, data: 'sealed' })).toString(
      'base64',
    ),
    resource,
    scope: serverScopes.join(' '),
  }),
  tokenAccept: 'application/json, application/x-www-form-urlencoded',
  initialize: {
    protocolVersion: '2025-11-25',
    capabilities: {},
    clientInfo: { name: '@n8n/n8n-nodes-langchain.mcpClientTool', version: '1.2' },
  },
  afterwards: [['tools/list', {}]],
  slippedIn: {
    toolCallId: 'call_0BCIShth4lxZuYr4coSp4E5E',
    sessionId: '2f7d0d6c9a5b4f0d8f1a',
    action: 'sendMessage',
    chatInput: 'What is left to do?',
  },
};

/** Cline, but for where its answer goes: it is an extension of an editor, and a program of its own. */
const cline: Omit<RecordedClient, 'name' | 'redirectUri'> = {
  headers: node,
  registration: () => ({
    token_endpoint_auth_method: 'none',
    grant_types: codeAndRefresh,
    response_types: ['code'],
    client_name: 'Cline',
    client_uri: 'https://cline.bot',
    software_id: 'cline',
  }),
  authorization: ({ resourceScopes, resource }) => ({
    state: 'a3'.repeat(32),
    scope: [...resourceScopes, 'offline_access'].join(' '),
    prompt: 'consent',
    resource,
  }),
  tokenAccept: 'application/json',
  initialize: { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'Cline', version: '3.38.3' } },
  afterwards: [['tools/list'], ['resources/list'], ['resources/templates/list'], ['prompts/list']],
  slippedIn: { task_progress: '- [x] Read the list\n- [ ] Add what is missing' },
};

const libreChat: RecordedClient = {
  name: 'LibreChat',
  headers: node,
  probe: {},
  redirectUri: 'https://chat.example.com/api/mcp/vestibule/oauth/callback',
  registration: ({ resourceScopes }) => ({
    client_name: 'LibreChat MCP Client',
    grant_types: codeAndRefresh,
    response_types: ['code'],
    token_endpoint_auth_method: 'client_secret_basic',
    scope: resourceScopes.join(' '),
  }),
  authorization: ({ resourceScopes, resource }) => ({
    state: '6710c1f2a7b3d94e5f608172:vestibule',
    scope: resourceScopes.join(' '),
    resource,
  }),
  tokenAccept: 'application/json',
  initialize: {
    protocolVersion: '2025-06-18',
    capabilities: {},
    clientInfo: { name: '@librechat/api-client', version: '1.2.3' },
  },
  afterwards: [['tools/list', {}], ['ping']],
  slippedIn: { conversationId: '0b7e3c52-1d74-4a39-9a0b-3f2b1c9d8e77', messageId: '6f1e', parentMessageId: '00000000' },
};

const geminiCli: RecordedClient = {
  name: 'Gemini CLI',
  headers: node,
  probe: { accept: 'application/json' },
  redirectUri: 'http://localhost:7777/oauth/callback',
  registration: ({ serverScopes }) => ({
    client_name: 'Gemini CLI MCP Client',
    grant_types: codeAndRefresh,
    response_types: ['code'],
    token_endpoint_auth_method: 'none',
    scope: serverScopes.join(' '),
  }),
  authorization: ({ serverScopes, resource }) => ({
    state: 'kB8r3tWm0Q4nHc9xYvZsLg',
    scope: serverScopes.join(' '),
    resource,
  }),
  tokenAccept: 'application/json, application/x-www-form-urlencoded',
  initialize: {
    protocolVersion: '2025-06-18',
    capabilities: { roots: { listChanged: true } },
    clientInfo: { name: 'gemini-cli-mcp-client-vestibule', version: '0.0.1' },
  },
  afterwards: [
    ['prompts/list', {}],
    ['tools/list', {}],
  ],
  slippedIn: { wait_for_previous: true },
};

export const recordedClients: readonly RecordedClient[] = [
  n8n,
  { ...cline, name: 'Cline in an editor', redirectUri: 'vscode://saoudrizwan.claude-dev/mcp-auth/callback/8f14e45f' },
  { ...cline, name: 'Cline at a terminal', redirectUri: 'http://127.0.0.1:48801/mcp-auth/callback/8f14e45f' },
  libreChat,
  geminiCli,
];
