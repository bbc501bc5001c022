import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { setTimeout as wait } from 'node:timers/promises';
import type { Orders } from './outside.ts';

/**
 * GitHub and Entra as their documentation has them, each on a port of its own: their addresses, what they insist on, and
 * what they say of people. They sign in whom they are ordered to, without pages.
 */
type Surroundings = {
  readonly orders: () => Orders;
  /** Signs an ID token. */
  readonly sign: (claims: Readonly<Record<string, unknown>>) => Promise<string>;
  /** What is said of its keys, at this origin. */
  readonly keys: (origin: string) => readonly object[];
};

type Answer = { readonly status?: number; readonly body?: unknown; readonly location?: string };
type Asked = { readonly url: URL; readonly request: IncomingMessage; readonly orders: Orders };

/** A code that was given, and what it was given for. */
type Given = { readonly query: URLSearchParams; readonly person: string };

/** Starts both. Gives where they are. */
export async function startImitations(surroundings: Surroundings): Promise<Readonly<Record<string, string>>> {
  const { orders } = surroundings;
  return {
    github: await served(orders, github()),
    entra: await served(orders, entra(surroundings)),
  };
}

type Site = (asked: Asked) => Promise<Answer | undefined> | Answer | undefined;

async function served(orders: () => Orders, site: Site): Promise<string> {
  const server = createServer(async (request, response) => {
    const url = new URL(request.url ?? '', `http://${request.headers.host}`);
    const { fault } = orders();
    const isFault = fault !== undefined && url.pathname.endsWith(fault.path);
    if (isFault && fault.waitMilliseconds !== undefined) await wait(fault.waitMilliseconds);
    if (isFault && fault.status !== undefined)
      return answerWith(response, { status: fault.status, body: fault.body ?? { message: 'Oops' } });
    answerWith(response, (await site({ url, request, orders: orders() })) ?? { status: 404, body: {} });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  return `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;
}

function answerWith(response: ServerResponse, { status, body, location }: Answer): void {
  if (location !== undefined) response.writeHead(302, { location }).end();
  else
    response.writeHead(status ?? 200, { 'content-type': 'application/json; charset=utf-8' }).end(JSON.stringify(body));
}

/** Codes serve once, for the client, the address and the verifier that they were given for. */
function codes() {
  const given = new Map<string, Given>();
  return {
    give(query: URLSearchParams, person: string): string {
      const code = `code-${given.size + 1}-${person}`;
      given.set(code, { query, person });
      return code;
    },
    take(form: URLSearchParams): Given | undefined {
      const code = form.get('code') ?? '';
      const found = given.get(code);
      given.delete(code);
      const challenge = createHash('sha256')
        .update(form.get('code_verifier') ?? '')
        .digest('base64url');
      const isIts =
        challenge === found?.query.get('code_challenge') &&
        form.get('redirect_uri') === found.query.get('redirect_uri') &&
        form.get('client_id') === found.query.get('client_id');
      return isIts ? found : undefined;
    },
  };
}

function backTo(query: URLSearchParams, parameters: Readonly<Record<string, string>>): Answer {
  const url = new URL(query.get('redirect_uri') ?? '');
  for (const [name, value] of Object.entries({ ...parameters, state: query.get('state') ?? '' }))
    url.searchParams.set(name, value);
  return { location: url.href };
}

/** GitHub's OAuth apps: errors of the token endpoint have status 200, and who signed in is asked of the API. */
function github(): Site {
  const { give, take } = codes();
  const tokens = new Map<string, string>();
  const deny = (error: string) => ({ body: { error, error_description: 'No', error_uri: 'https://docs.github.com' } });

  return async ({ url, request, orders }) => {
    const { pathname, searchParams: query } = url;
    const { person = '', account = {} } = orders;
    if (pathname === '/login/oauth/authorize') {
      if (person === 'nobody') return backTo(query, { error: 'access_denied', error_description: 'They said no' });
      return backTo(query, { code: give(query, person) });
    }
    if (pathname === '/login/oauth/access_token') {
      const form = new URLSearchParams(await text(request));
      if (!request.headers.accept?.includes('application/json')) return { status: 406, body: {} };
      if (form.get('client_secret') !== SECRET) return deny('incorrect_client_credentials');
      const found = take(form);
      if (!found) return deny('bad_verification_code');
      const access_token = `gho_${tokens.size}`;
      tokens.set(`Bearer ${access_token}`, found.person);
      return { body: { access_token, scope: 'read:user,user:email', token_type: 'bearer' } };
    }
    if (!request.headers['user-agent']) return { status: 403, body: { message: 'Request forbidden' } };
    const whose = tokens.get(request.headers.authorization ?? '');
    if (whose === undefined) return { status: 401, body: { message: 'Bad credentials' } };
    const { id = numberOf(whose), emails = [address(whose)] } = account;
    // Of most people the profile has no address, and a login that they may change.
    if (pathname === '/api/v3/user') return { body: { id, login: `login-${whose}`, name: null, email: null } };
    return pathname === '/api/v3/user/emails' ? { body: emails } : undefined;
  };
}

/** What `others` of outside-stack keeps for providers that are not started there. */
const SECRET = 'a secret of another provider';

const address = (email: string) => ({ email, primary: true, verified: true, visibility: null });
const numberOf = (name: string) => createHash('sha256').update(name).digest().readUInt32BE();

/** The tenant that Entra signs people in to, where nothing else is said. */
const TENANT = '11111111-2222-3333-4444-555555555555';

/**
 * Entra's v2.0 endpoints. What is for many tenants has a place for the tenant in its issuer, its keys name no algorithm,
 * and its answers no issuer. A person is the same in `oid`, while their `sub` differs from client to client.
 */
function entra({ sign, keys }: Surroundings): Site {
  const { give, take } = codes();
  const failed = (error: string, code: string) => ({
    status: 400,
    body: { error, error_description: `${code}: No`, error_codes: [Number(code.slice(5))], correlation_id: 'x' },
  });

  return async ({ url, request, orders }) => {
    const { origin, pathname, searchParams: query } = url;
    const { person = '', account = {}, token = {}, metadata } = orders;
    const [, tenant = '', ...rest] = pathname.split('/');
    switch (rest.join('/')) {
      case 'v2.0/.well-known/openid-configuration':
        return { body: { ...configuration(origin, tenant), ...metadata } };
      case 'discovery/v2.0/keys':
        return {
          body: { keys: published(keys(origin), orders.signingKey ? {} : { issuer: `${origin}/{tenantid}/v2.0` }) },
        };
      case 'oauth2/v2.0/authorize':
        if (query.has('resource'))
          return backTo(query, { error: 'invalid_request', error_description: 'AADSTS901002' });
        if (person === 'nobody') return backTo(query, { error: 'access_denied', error_subcode: 'cancel' });
        return backTo(query, { code: give(query, person), session_state: 'x' });
      case 'oauth2/v2.0/token': {
        const form = new URLSearchParams(await text(request));
        const basic = Buffer.from(request.headers.authorization?.slice(6) ?? '', 'base64')
          .toString()
          .split(':');
        const [id = form.get('client_id') ?? '', secret = form.get('client_secret')] = basic[0] ? basic : [];
        form.set('client_id', id);
        if (decodeURIComponent((secret ?? '').replaceAll('+', ' ')) !== SECRET)
          return failed('invalid_client', 'AADSTS7000215');
        const found = take(form);
        if (!found) return failed('invalid_grant', 'AADSTS70000');
        const now = Math.floor(Date.now() / 1_000);
        const tid = typeof token.tid === 'string' ? token.tid : TENANT;
        const id_token = await sign({
          ver: '2.0',
          iss: `${origin}/${tid}/v2.0`,
          tid,
          aud: id,
          iat: now,
          nbf: now,
          exp: now + 3_600,
          nonce: found.query.get('nonce'),
          oid: `oid-of-${found.person}`,
          sub: `${found.person}-at-${id}`,
          email: found.person,
          preferred_username: found.person,
          ...token,
        });
        return {
          body: {
            token_type: 'Bearer',
            scope: 'openid',
            expires_in: 3_600,
            access_token: `${found.person}-at-${id}`,
            id_token,
          },
        };
      }
      case 'userinfo':
        return { body: { sub: request.headers.authorization?.slice(7), ...account } };
      default:
        return undefined;
    }
  };
}

const published = (keys: readonly object[], more: object) => keys.map((key) => ({ ...key, alg: undefined, ...more }));

function configuration(origin: string, tenant: string): object {
  const isForMany = tenant === 'organizations' || tenant === 'common';
  const named = isForMany ? '{tenantid}' : tenant === 'consumers' ? CONSUMERS : tenant;
  return {
    issuer: `${origin}/${named}/v2.0`,
    authorization_endpoint: `${origin}/${tenant}/oauth2/v2.0/authorize`,
    token_endpoint: `${origin}/${tenant}/oauth2/v2.0/token`,
    jwks_uri: `${origin}/${tenant}/discovery/v2.0/keys`,
    userinfo_endpoint: `${origin}/oidc/userinfo`,
    token_endpoint_auth_methods_supported: ['client_secret_post', 'private_key_jwt', 'client_secret_basic'],
    id_token_signing_alg_values_supported: ['RS256'],
    subject_types_supported: ['pairwise'],
    tenant_region_scope: null,
  };
}

const CONSUMERS = '9188040d-6c67-4c5b-b112-36a304b66dad';
