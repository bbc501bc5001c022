/** A client that publishes a document, in its own words, and where it asks to be answered. */
export type PublishedClient = {
  readonly name: string;
  readonly document: object;
  /** A program on the person's machine listens on whatever port is free. RFC 8252 §7.3. */
  readonly redirects: readonly string[];
  /** What it adds to an authorization request that has all that it must have. */
  readonly authorization: Readonly<Record<string, string>>;
};

export const publishedClients: readonly PublishedClient[] = [
  {
    name: 'Claude Code',
    document: {
      client_name: 'Claude Code',
      client_uri: 'https://claude.ai',
      redirect_uris: ['http://localhost/callback', 'http://127.0.0.1/callback'],
      grant_types: ['authorization_code', 'refresh_token'],
      response_types: ['code'],
      token_endpoint_auth_method: 'none',
    },
    redirects: ['http://localhost:54212/callback', 'http://127.0.0.1:52163/callback'],
    authorization: { scope: 'todos:read todos:write offline_access', prompt: 'consent' },
  },
  {
    name: 'Codex',
    document: {
      client_name: 'Codex',
      redirect_uris: ['http://127.0.0.1/callback', 'http://localhost/callback'],
      grant_types: ['authorization_code', 'refresh_token'],
      response_types: ['code'],
      token_endpoint_auth_method: 'none',
    },
    redirects: ['http://127.0.0.1:43123/callback'],
    authorization: { scope: 'todos:read todos:write workspace:admin offline_access' },
  },
  {
    name: 'VS Code',
    document: {
      client_name: 'Visual Studio Code',
      client_uri: 'https://vscode.dev/product',
      logo_uri: 'https://code.visualstudio.com/assets/branding/code-stable.png',
      redirect_uris: ['http://127.0.0.1:33418/', 'https://vscode.dev/redirect'],
      grant_types: ['authorization_code', 'refresh_token', 'urn:ietf:params:oauth:grant-type:device_code'],
      response_types: ['code'],
      token_endpoint_auth_method: 'none',
      application_type: 'native',
    },
    redirects: ['http://127.0.0.1:33418/', 'http://127.0.0.1:51877/', 'https://vscode.dev/redirect'],
    authorization: { state: 'gXVXo0/iMD8WMolDHKxSTg==', scope: 'todos:read todos:write' },
  },
];
