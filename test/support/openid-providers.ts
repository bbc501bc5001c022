import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json, text } from 'node:stream/consumers';
import { setTimeout as wait } from 'node:timers/promises';
import { decodeJwt, decodeProtectedHeader, exportJWK, generateKeyPair, type JWK, SignJWT } from 'jose';
import Provider, { type Context } from 'oidc-provider';
import { startImitations } from './imitations.ts';
import type { LogoutOrder, Orders } from './outside.ts';

/**
 * Real OpenID providers, each at an issuer of its own, with pages of their own for people. What is ordered at the address that it
 * prints bends what they say, as a provider that is broken, badly set or hostile would.
 */
type Signing = Awaited<ReturnType<typeof generateKeyPair>>['privateKey'];
type Key = { readonly kid: string; readonly private: Signing; readonly public: JWK; readonly whole: JWK };

async function newKey(kid: string): Promise<Key> {
  const pair = await generateKeyPair('RS256', { extractable: true });
  const named = { kid, alg: 'RS256', use: 'sig' };
  return {
    kid,
    private: pair.privateKey,
    public: { ...(await exportJWK(pair.publicKey)), ...named },
    whole: { ...(await exportJWK(pair.privateKey)), ...named },
  };
}

const names = ['corp', 'other', 'apple'] as const;
const keys = { first: await newKey('first'), second: await newKey('second'), foreign: await newKey('first') };
let orders: Orders = {};

/**
 * Apple takes a token that its client signs anew each time in place of a secret. This provider knows secrets: it gets its
 * own where a token came that says the right things. OpenID Connect Core 1.0 §9.
 */
async function withKnownSecret(body: string, name: string): Promise<string> {
  const form = new URLSearchParams(body);
  const sent = form.get('client_secret') ?? '';
  if (name !== 'apple' || !sent.includes('.')) return body;
  const { iss, sub, aud, exp = 0, iat = 0 } = decodeJwt(sent);
  const { alg, kid } = decodeProtectedHeader(sent);
  const said = [alg, kid, iss, sub, aud].join(' ');
  const isRight = said === `ES256 KEY TEAM vestibule-at-apple https://appleid.apple.com` && exp > iat;
  if (isRight) form.set('client_secret', `the secret at ${name}`);
  return form.toString();
}

async function listening(listener: RequestListener) {
  const server = createServer(listener);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const claims = {
  openid: [
    'sub',
    'hd',
    'tid',
    'oid',
    'acct',
    'groups',
    'hasgroups',
    '_claim_names',
    'xms_edov',
    'sid',
    'auth_time',
    'acr',
  ],
  email: ['email', 'email_verified', 'is_private_email'],
  profile: ['name'],
};

function providerAt(issuer: string, name: (typeof names)[number]): Provider {
  const provider = new Provider(issuer, {
    clients: [
      {
        client_id: `vestibule-at-${name}`,
        client_secret: `the secret at ${name}`,
        application_type: 'native',
        redirect_uris: [`http://localhost/authorize/provider/${name}`],
        token_endpoint_auth_method: name === 'apple' ? 'client_secret_post' : 'client_secret_basic',
        id_token_signed_response_alg: 'RS256',
      },
    ],
    jwks: { keys: [keys.first.whole] },
    cookies: { keys: ['a key for cookies'] },
    claims,
    conformIdTokenClaims: false,
    findAccount: (_context: unknown, id: string) => ({
      accountId: id,
      claims: () => ({ sub: id, email: id, email_verified: true, ...orders.account }),
    }),
    ttl: { Interaction: 3_600, Session: 3_600, Grant: 3_600, AccessToken: 600, IdToken: 3_600 },
    pkce: { required: () => true },
    features: { devInteractions: { enabled: true } },
  });
  provider.use((context, next) => obey(name, provider, context, next));
  return provider;
}

/** Serves a request as it was ordered: late, not at all, without pages, or with another token. */
async function obey(name: string, provider: Provider, context: Context, next: () => Promise<void>): Promise<void> {
  const { fault } = orders;
  if (fault && context.path.endsWith(fault.path)) {
    if (fault.waitMilliseconds !== undefined) await wait(fault.waitMilliseconds);
    if (fault.status !== undefined) {
      context.status = fault.status;
      context.body = fault.body ?? 'Oops';
      return;
    }
  }
  // What was read of a request before the provider asks, it takes from here.
  if (context.path === '/token') {
    const body = await withKnownSecret(await text(context.req), name);
    Object.assign(context.req, { body: Object.fromEntries(new URLSearchParams(body)) });
  }
  if (orders.person !== undefined && context.path.startsWith('/interaction/')) return signIn(provider, context);
  await next();
  if (context.path === '/jwks' && (orders.isRotated || orders.signingKey))
    context.body = { keys: published(issuers[name] ?? '') };
  if (context.path === '/token' && isTokens(context.body)) context.body = await bent(context.body);
  if (context.path.endsWith('/openid-configuration') && orders.metadata)
    context.body = { ...(context.body as object), ...orders.metadata };
}

async function signIn(provider: Provider, { req, res, ...context }: Context): Promise<void> {
  Object.assign(context, { respond: false });
  const { params } = await provider.interactionDetails(req, res);
  if (orders.person === 'nobody')
    return provider.interactionFinished(req, res, { error: 'access_denied', error_description: 'They said no' });
  const grant = new provider.Grant({ accountId: orders.person, clientId: params.client_id });
  grant.addOIDCScope(params.scope);
  const login = { accountId: orders.person };
  return provider.interactionFinished(req, res, { login, consent: { grantId: await grant.save() } });
}

type Tokens = { readonly id_token: string };

function isTokens(body: unknown): body is Tokens {
  return typeof body === 'object' && body !== null && 'id_token' in body;
}

async function bent(tokens: Tokens): Promise<object> {
  const { token, isRotated, signedWith, signingKey } = orders;
  if (!token && !isRotated && !signedWith && !signingKey) return tokens;
  return { ...tokens, id_token: await signedAsOrdered({ ...decodeJwt(tokens.id_token), ...token }) };
}

const issuers: Record<string, string> = {};
for (const name of names) {
  let listener: RequestListener = () => {};
  const issuer = await listening((request, response) => listener(request, response));
  listener = providerAt(issuer, name).callback();
  issuers[name] = issuer;
}

const imitations = await startImitations({
  orders: () => orders,
  keys: published,
  sign: signedAsOrdered,
});

/** The keys that a provider publishes. */
function published(origin: string): object[] {
  const { isRotated, signingKey: { issuer, ...named } = {} } = orders;
  const key = { ...(isRotated ? keys.second : keys.first).public, ...named };
  return [issuer === undefined ? key : { ...key, issuer: issuer.replace('{origin}', origin) }];
}

/** Signs what an ID token is to say, with the key that it was ordered to be signed with. */
function signedAsOrdered(payload: object): Promise<string> {
  const { isRotated, signedWith = isRotated ? 'second' : 'first', signingKey } = orders;
  return signed(payload, signedWith, signingKey ? { kid: signingKey.kid } : {});
}

/** Signs what a token is to say. */
function signed(payload: object, by: keyof typeof keys, header: object = {}): Promise<string> {
  const key = keys[by];
  return new SignJWT(JSON.parse(JSON.stringify(payload)))
    .setProtectedHeader({ alg: 'RS256', kid: key.kid, ...header })
    .sign(key.private);
}

/** Signs a logout token as one of the providers does. OpenID Connect Back-Channel Logout 1.0 §2.4. */
function logoutToken({ claims: payload, typ, signedWith = 'first' }: LogoutOrder): Promise<string> {
  return signed(payload, signedWith, {
    ...(typ !== undefined && { typ }),
    kid: orders.signingKey?.kid ?? keys[signedWith].kid,
  });
}

const control = await listening(async (request, response) => {
  if (request.method === 'PUT') orders = (await json(request)) as Orders;
  const said =
    request.method === 'POST'
      ? { token: await logoutToken((await json(request)) as LogoutOrder) }
      : { issuers, imitations };
  response.setHeader('content-type', 'application/json').end(JSON.stringify(said));
});
process.stdin.on('end', () => process.exit()).resume();
process.stdout.write(`${control}\n`);
