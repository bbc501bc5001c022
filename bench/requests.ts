import { Buffer } from 'node:buffer';
import { randomUUID } from 'node:crypto';
import { lambdaEvent } from '../local/event.ts';
import { authorizePath, connect, newPkce, newSourceIp, register } from '../test/support/flow.ts';

/** Makes the event of a request that an endpoint serves; what it answered last time may be a part of the next one. */
export type Requester = { readonly next: () => object; readonly answered: (body: string) => void };

type Sent = { readonly type?: string; readonly body?: string; readonly headers?: Readonly<Record<string, string>> };

/** A request for each endpoint: one that succeeds, whenever and however often it is made. */
export async function requesters(issuer: string): Promise<Readonly<Record<string, Requester>>> {
  const { client_id: clientId } = await register(issuer);
  const [calling, refreshing, ending] = [await connect(issuer), await connect(issuer), await connect(issuer)];
  const asking = await register(issuer, { token_endpoint_auth_method: 'client_secret_post' });
  let refreshToken = refreshing.tokens.refresh_token;
  const form = (parameters: Record<string, string>): Sent => ({
    type: 'application/x-www-form-urlencoded',
    body: String(new URLSearchParams(parameters)),
  });
  const call = (name: string, args: object): Sent => ({
    type: 'application/json',
    headers: {
      authorization: `Bearer ${calling.tokens.access_token}`,
      accept: 'application/json, text/event-stream',
    },
    body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name, arguments: args } }),
  });
  const always = (make: () => object): Requester => ({ next: make, answered: () => undefined });
  return {
    discovery: always(() => event(issuer, 'GET', '/.well-known/oauth-protected-resource')),
    register: always(() =>
      event(issuer, 'POST', '/register', {
        type: 'application/json',
        body: JSON.stringify({ redirect_uris: ['http://localhost:7777/callback'], token_endpoint_auth_method: 'none' }),
      }),
    ),
    // As somebody comes who is not signed in.
    account: always(() => event(issuer, 'GET', '/account')),
    passkeys: always(() => event(issuer, 'GET', '/account/passkeys')),
    authorize: always(() => event(issuer, 'GET', authorizePath(clientId, newPkce().challenge))),
    token: {
      next: () =>
        event(
          issuer,
          'POST',
          '/token',
          form({ grant_type: 'refresh_token', client_id: refreshing.clientId, refresh_token: refreshToken }),
        ),
      answered: (body) => {
        refreshToken = (JSON.parse(body) as { readonly refresh_token: string }).refresh_token;
      },
    },
    revoke: always(() =>
      event(issuer, 'POST', '/revoke', form({ client_id: ending.clientId, token: ending.tokens.refresh_token })),
    ),
    introspect: always(() =>
      event(
        issuer,
        'POST',
        '/introspect',
        form({
          client_id: asking.client_id,
          client_secret: asking.client_secret ?? '',
          token: calling.tokens.access_token,
        }),
      ),
    ),
    mcp: always(() => event(issuer, 'POST', '/mcp', call('list_todos', {}))),
    'mcp write': always(() => event(issuer, 'POST', '/mcp', call('create_todo', { title: randomUUID() }))),
  };
}

/** The event of API Gateway for a request. */
function event(issuer: string, method: string, url: string, { type, body = '', headers = {} }: Sent = {}): object {
  const { host, pathname, search } = new URL(url, issuer);
  const received = {
    method,
    path: pathname,
    rawQueryString: search.slice(1),
    cookies: [],
    requestId: randomUUID().slice(0, 15),
    headers: { host, ...(type && { 'content-type': type }), 'user-agent': 'bench', ...headers },
    body: Buffer.from(body),
    sourceIp: newSourceIp()['x-local-source-ip'] ?? '',
    timeEpoch: Date.now(),
  };
  return lambdaEvent(received, `${method} ${pathname}`, undefined);
}
