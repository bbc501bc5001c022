import { expect } from 'vitest';
import { newPkce, newSourceIp, postMcp, type RegisteredClient, requestTokens, type Tokens } from './flow.ts';
import { type Answer, readAnswer } from './mcp.ts';
import type { Found, RecordedClient } from './recorded-clients.ts';
import { basic } from './redemption.ts';
import { signIn } from './sign-in.ts';

/** A client that has signed in, and what it does then. */
export type Connected = {
  readonly tokens: Tokens;
  readonly refresh: (refreshToken: string) => Promise<Response>;
  /** Sends one message, as its library does once the revision is agreed on. */
  readonly ask: (method: string, params?: object) => Promise<Answer>;
};

type Message = { readonly id?: number; readonly method: string; readonly params?: object | undefined };

const sdkAccept = 'application/json, text/event-stream';

/** Looks for the authorization server as a client does: from the challenge, if it asks for one, or from the well-known paths. */
async function discover(issuer: string, { headers, probe }: RecordedClient): Promise<Found> {
  const atPath = `${issuer}/.well-known/oauth-protected-resource/mcp`;
  if (probe) {
    const response = await fetch(`${issuer}/mcp`, { method: 'HEAD', headers: { ...headers, ...probe } });
    const challenge = response.headers.get('www-authenticate') ?? '';
    expect([response.status, /resource_metadata="([^"]+)"/.exec(challenge)?.[1]]).toEqual([401, atPath]);
  }
  const resource = await read(atPath, headers);
  // All four go to the first server that is named, and to no other resource than the one whose URL they were given.
  expect(resource).toMatchObject({ resource: `${issuer}/mcp`, authorization_servers: [issuer] });
  const server = await read(`${issuer}/.well-known/oauth-authorization-server`, headers);
  expect(server).toMatchObject({
    authorization_endpoint: `${issuer}/authorize`,
    token_endpoint: `${issuer}/token`,
    registration_endpoint: `${issuer}/register`,
    code_challenge_methods_supported: expect.arrayContaining(['S256']),
  });
  const scopesOf = ({ scopes_supported }: Record<string, unknown>) => scopes_supported as string[];
  return { resourceScopes: scopesOf(resource), serverScopes: scopesOf(server), resource: String(resource.resource) };
}

async function read(url: string, headers: Record<string, string>): Promise<Record<string, unknown>> {
  const response = await fetch(url, { headers });
  expect([url, response.status]).toEqual([url, 200]);
  return (await response.json()) as Record<string, unknown>;
}

/** Registers a client with what it says of itself. Gives the answer whole. */
async function registerAs(
  issuer: string,
  { headers, redirectUri, registration }: RecordedClient,
  found: Found,
): Promise<RegisteredClient> {
  const response = await fetch(`${issuer}/register`, {
    method: 'POST',
    headers: { ...headers, 'content-type': 'application/json', ...newSourceIp() },
    body: JSON.stringify({ redirect_uris: [redirectUri], ...registration(found) }),
  });
  expect([response.status, response.headers.get('content-type')]).toEqual([201, 'application/json']);
  return (await response.json()) as RegisteredClient;
}

/** Walks from the first request to tokens. A person signs in where the client sends them, and grants what is offered. */
export async function connectAs(issuer: string, client: RecordedClient): Promise<Connected> {
  const found = await discover(issuer, client);
  const registered = await registerAs(issuer, client, found);
  const { verifier, challenge } = newPkce();
  const asked: Record<string, string> = {
    response_type: 'code',
    client_id: registered.client_id,
    redirect_uri: client.redirectUri,
    code_challenge: challenge,
    code_challenge_method: 'S256',
    ...client.authorization(found),
  };
  const redirect = await signIn(`${issuer}/authorize?${new URLSearchParams(asked)}`);
  expect(redirect.href.startsWith(`${client.redirectUri}?`)).toBe(true);
  expect(redirect.searchParams.get('state')).toBe(asked.state);
  const redeem = (parameters: Record<string, string>) =>
    tokensAs(issuer, client, registered, { ...parameters, resource: found.resource });
  const response = await redeem({
    grant_type: 'authorization_code',
    code: redirect.searchParams.get('code') ?? '',
    redirect_uri: client.redirectUri,
    code_verifier: verifier,
  });
  expect([response.status, response.headers.get('content-type')]).toEqual([200, 'application/json']);
  const tokens = (await response.json()) as Tokens;
  return {
    tokens,
    refresh: (refreshToken) => redeem({ grant_type: 'refresh_token', refresh_token: refreshToken }),
    ask: async (method, params) => readAnswer(await post(issuer, client, tokens, { id: 1, method, params })),
  };
}

/** Asks for tokens as a client does: with its secret in the header, or with its id among the parameters. */
function tokensAs(
  issuer: string,
  { headers, tokenAccept }: RecordedClient,
  { client_id, client_secret }: RegisteredClient,
  parameters: Record<string, string>,
): Promise<Response> {
  const own = { ...headers, accept: tokenAccept, ...newSourceIp() };
  if (client_secret) return requestTokens(issuer, parameters, { ...own, ...basic(client_id, client_secret) });
  return requestTokens(issuer, { ...parameters, client_id }, own);
}

/** Opens a session as the v1 SDK does, which is in all of them: it agrees on a revision, says so, and asks for a stream. */
export async function openSession(issuer: string, client: RecordedClient, { tokens }: Connected): Promise<Answer> {
  const answer = await post(issuer, client, tokens, { id: 0, method: 'initialize', params: client.initialize });
  const said = await post(issuer, client, tokens, { method: 'notifications/initialized' });
  const stream = await fetch(`${issuer}/mcp`, {
    headers: { ...client.headers, authorization: `Bearer ${tokens.access_token}`, accept: 'text/event-stream' },
  });
  expect([said.status, stream.status]).toEqual([202, 405]);
  return readAnswer(answer);
}

/** Posts one message, with the revision that was agreed on unless it is the one in which that is done. */
function post(issuer: string, client: RecordedClient, tokens: Tokens, message: Message): Promise<Response> {
  const { protocolVersion } = client.initialize;
  const agreed = message.method === 'initialize' ? {} : { 'mcp-protocol-version': protocolVersion };
  return postMcp(
    issuer,
    tokens.access_token,
    { jsonrpc: '2.0', ...message },
    { ...client.headers, accept: sdkAccept, ...agreed },
  );
}
