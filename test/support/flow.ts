import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { Browser, hiddenFields, location, offeredScopes, type Page } from './browser.ts';
import { ask } from './http.ts';
import { madeCode, madeConnection } from './shortcut.ts';

/** What the token endpoint gives. */
export type Tokens = {
  readonly access_token: string;
  readonly refresh_token: string;
  readonly scope: string;
  readonly expires_in: number;
};

/** A client that has registered. */
export type RegisteredClient = { readonly client_id: string; readonly client_secret?: string };

export const callback = 'http://localhost:7777/callback';

/** An address that no other test uses. */
export function newAddress(): string {
  return `person-${randomUUID()}@example.com`;
}

/** A network address that no other test uses, for limits that count by it. */
export function newSourceIp(): Record<string, string> {
  const [a = 0, b = 0, c = 0] = randomBytes(3);
  return { 'x-local-source-ip': `10.${a}.${b}.${c}` };
}

/** Registers a client: public, with a loopback redirect, unless the metadata says otherwise. */
export async function register(
  issuer: string,
  metadata: object = {},
  headers: Record<string, string> = newSourceIp(),
): Promise<RegisteredClient> {
  const response = await ask(`${issuer}/register`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ redirect_uris: [callback], token_endpoint_auth_method: 'none', ...metadata }),
  });
  if (response.status !== 201) throw new Error(`Registration failed: ${await response.text()}`);
  return (await response.json()) as RegisteredClient;
}

/** A PKCE verifier and its S256 challenge. */
export function newPkce(): { readonly verifier: string; readonly challenge: string } {
  const verifier = randomBytes(32).toString('base64url');
  return { verifier, challenge: createHash('sha256').update(verifier).digest('base64url') };
}

/** The path of an authorization request. A parameter that is undefined is left out. */
export function authorizePath(
  clientId: string,
  challenge: string,
  changes: Record<string, string | undefined> = {},
): string {
  const parameters = {
    response_type: 'code',
    client_id: clientId,
    redirect_uri: callback,
    code_challenge: challenge,
    code_challenge_method: 'S256',
    state: 'the-state',
    ...changes,
  };
  const given = Object.entries(parameters).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return `/authorize?${new URLSearchParams(given)}`;
}

/** The newest code that was mailed to an address. */
export async function mailedCode(issuer: string, address: string): Promise<string> {
  const response = await ask(`${issuer}/local/mailbox?to=${encodeURIComponent(address)}`, {
    headers: { accept: 'application/json' },
  });
  const [newest] = (await response.json()) as { readonly subject: string }[];
  const code = newest?.subject.split(' ')[0];
  if (!code) throw new Error(`No mail for ${address}`);
  return code;
}

/** Goes from the first page to the consent page. */
export async function reachConsent(
  issuer: string,
  browser: Browser,
  first: Page,
  address = newAddress(),
): Promise<{ readonly page: Page; readonly fields: Record<string, string> }> {
  const fields = hiddenFields(first);
  await browser.post('/authorize/email', { ...fields, email: address });
  const page = await browser.post('/authorize/code', { ...fields, code: await mailedCode(issuer, address) });
  return { page, fields };
}

/** Approves what a consent page offers, or only these scopes. Gives where the browser is sent. */
export async function approve(
  browser: Browser,
  { page, fields }: { readonly page: Page; readonly fields: Record<string, string> },
  scopes = offeredScopes(page),
): Promise<URL> {
  const form = new URLSearchParams({ ...fields, decision: 'approve' });
  for (const scope of scopes) form.append('scope', scope);
  return location(await browser.post('/authorize/consent', form));
}

type Options = {
  readonly address?: string;
  readonly scopes?: string[];
  readonly request?: Record<string, string | undefined>;
};

/** Walks from an authorization request to the code. */
export async function authorizedCode(
  issuer: string,
  clientId: string,
  { address = newAddress(), scopes, request = {} }: Options = {},
): Promise<{ readonly code: string; readonly verifier: string; readonly redirect: URL }> {
  const { verifier, challenge } = newPkce();
  const browser = new Browser(issuer, newSourceIp());
  const first = await browser.open(authorizePath(clientId, challenge, request));
  const consent = await reachConsent(issuer, browser, first, address);
  const redirect = await approve(browser, consent, scopes);
  return { code: redirect.searchParams.get('code') ?? '', verifier, redirect };
}

/** Posts to the token endpoint. */
export function requestTokens(
  issuer: string,
  parameters: Record<string, string>,
  headers: Record<string, string> = {},
): Promise<Response> {
  return ask(`${issuer}/token`, { method: 'POST', headers, body: new URLSearchParams(parameters) });
}

const clients = new Map<string, Promise<RegisteredClient>>();

/** A client for the tests of a file in which the client is not the subject. It registers once. */
function commonClient(issuer: string): Promise<RegisteredClient> {
  const known = clients.get(issuer) ?? register(issuer);
  clients.set(issuer, known);
  return known;
}

type Connecting = Options & {
  readonly isOwnClient?: boolean;
  readonly clientName?: string;
  /** The person goes through the pages, and the client to the token endpoint: for tests of what comes of that. */
  readonly byPages?: boolean;
};

/** Signs a new person in to a client, all the way to tokens: a client of their own if `isOwnClient`. */
export async function connect(
  issuer: string,
  options: Connecting = {},
): Promise<{ readonly clientId: string; readonly tokens: Tokens }> {
  const clientId = await clientFor(issuer, options);
  const { address = newAddress() } = options;
  const made = options.byPages ? undefined : await connectDirectly(issuer, clientId, { ...options, address });
  return { clientId, tokens: made ?? (await tokensByPages(issuer, clientId, { ...options, address })) };
}

/** Makes directly what would come of the pages and the token endpoint. */
async function connectDirectly(
  issuer: string,
  clientId: string,
  options: Options & { readonly address: string },
): Promise<Tokens | undefined> {
  const wanted = ordinary(clientId, options);
  return wanted && madeConnection(issuer, wanted);
}

/** What is asked of a person by an authorization request with no parameters but the usual ones. */
function ordinary(clientId: string, { address = newAddress(), scopes, request = {} }: Options) {
  const { scope: asked, redirect_uri: redirectUri = callback, ...particular } = request;
  return Object.keys(particular).length > 0 ? undefined : { clientId, address, asked, scopes, redirectUri };
}

/** A code for a new person's approval: by the pages where it has to be, or cannot be made directly. */
export async function codeFor(
  issuer: string,
  clientId: string,
  { byPages = false, ...options }: Options & { readonly byPages?: boolean } = {},
): Promise<{ readonly code: string; readonly verifier: string }> {
  const wanted = byPages ? undefined : ordinary(clientId, options);
  const { verifier, challenge } = newPkce();
  const code = wanted && (await madeCode(issuer, { ...wanted, codeChallenge: challenge }));
  return code === undefined ? authorizedCode(issuer, clientId, options) : { code, verifier };
}

async function clientFor(issuer: string, { isOwnClient = false, clientName }: Connecting): Promise<string> {
  const client = await (isOwnClient ? register(issuer, { client_name: clientName }) : commonClient(issuer));
  return client.client_id;
}

async function tokensByPages(issuer: string, clientId: string, options: Options): Promise<Tokens> {
  const { code, verifier } = await authorizedCode(issuer, clientId, options);
  const response = await requestTokens(issuer, {
    grant_type: 'authorization_code',
    client_id: clientId,
    code,
    code_verifier: verifier,
    redirect_uri: options.request?.redirect_uri ?? callback,
  });
  if (response.status !== 200) throw new Error(`No tokens: ${await response.text()}`);
  return (await response.json()) as Tokens;
}

/** Spends a refresh token. */
export function refresh(
  issuer: string,
  clientId: string,
  refreshToken: string,
  more: Record<string, string> = {},
  headers: Record<string, string> = {},
): Promise<Response> {
  const parameters = { grant_type: 'refresh_token', client_id: clientId, refresh_token: refreshToken, ...more };
  return requestTokens(issuer, parameters, headers);
}

/** Posts one JSON-RPC message to the MCP endpoint, in the form of the 2025 revisions. Without a token it carries none. */
export function postMcp(
  issuer: string,
  accessToken: string | undefined,
  message: object,
  headers: Record<string, string> = {},
): Promise<Response> {
  return ask(`${issuer}/mcp`, {
    method: 'POST',
    headers: {
      ...(accessToken !== undefined && { authorization: `Bearer ${accessToken}` }),
      'content-type': 'application/json',
      accept: 'application/json, text/event-stream',
      ...headers,
    },
    body: JSON.stringify(message),
  });
}

/** Whether an access token still opens the MCP endpoint. */
export async function isAccepted(issuer: string, accessToken: string): Promise<boolean> {
  const response = await postMcp(issuer, accessToken, { jsonrpc: '2.0', id: 1, method: 'tools/list' });
  return response.status === 200;
}

/** A mail as the mailbox shows it. */
export type Mail = { readonly to: string; readonly subject: string; readonly text: string; readonly html: string };

/** The mail to an address, newest first. */
export async function mailsTo(issuer: string, address: string): Promise<readonly Mail[]> {
  const response = await ask(`${issuer}/local/mailbox?to=${encodeURIComponent(address)}`, {
    headers: { accept: 'application/json' },
  });
  return (await response.json()) as readonly Mail[];
}

/** Shifts the server's clock to so many seconds after the next midnight, where every window of a limit begins anew. */
export function tomorrowAt(seconds: number): Record<string, string> {
  const now = Math.floor(Date.now() / 1_000);
  const midnight = (Math.floor(now / 86_400) + 1) * 86_400;
  return { 'x-local-clock-offset': String(midnight + seconds - now) };
}

type Beginning = {
  readonly metadata?: object;
  readonly request?: Record<string, string | undefined>;
  readonly browser?: Browser;
};

/** Opens an authorization request of a new client, by default in a new browser. */
export async function beginSignIn(
  issuer: string,
  { metadata = {}, request = {}, browser = new Browser(issuer, newSourceIp()) }: Beginning = {},
): Promise<{
  readonly browser: Browser;
  readonly clientId: string;
  readonly verifier: string;
  readonly page: Page;
  readonly fields: Record<string, string>;
}> {
  const { client_id: clientId } = await register(issuer, metadata);
  const { verifier, challenge } = newPkce();
  const page = await browser.open(authorizePath(clientId, challenge, request));
  return { browser, clientId, verifier, page, fields: hiddenFields(page) };
}
