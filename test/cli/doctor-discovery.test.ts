import { inject } from 'vitest';
import { changeMembers } from './altered-server.ts';
import {
  at,
  type Fault,
  lists,
  page,
  resourcePaths,
  respond,
  says,
  serverPaths,
  testFaults,
  wellKnown,
} from './doctor-fault.ts';

const real = inject('issuer');

const challenges = [
  ...['challenge without a token', 'challenge with a made-up token'],
  ...['challenge on GET', 'challenge on DELETE', 'challenge on HEAD', '/mcp/'],
];

/** Changes the challenge of the MCP endpoint. */
function challenged(change: (value: string) => string): Fault['alter'] {
  return at(['/mcp', '/mcp/'], ({ headers }) => {
    const value = headers.get('www-authenticate');
    if (value !== null) headers.set('www-authenticate', change(value));
  });
}

const served: readonly Fault[] = [
  {
    what: 'another server at the address',
    alter: says('/healthz', { status: 'tired' }),
    fails: ['answers'],
    says: 'it does not say so',
    remedy: 'McpUrl',
  },
  {
    what: 'a clock that is ahead',
    alter: ({ headers }) => headers.set('date', new Date(Date.now() + 3_600_000).toUTCString()),
    fails: ['clock'],
    says: /^the server is (3599|3600|3601) seconds ahead of this machine$/,
    remedy: 'timedatectl',
  },
  {
    what: 'a clock that is behind',
    alter: ({ headers }) => headers.set('date', new Date(Date.now() - 60_000).toUTCString()),
    fails: ['clock'],
    says: /^the server is (59|60|61|62) seconds behind this machine$/,
    remedy: 'timedatectl',
  },
  {
    what: 'a Date that is none',
    alter: ({ headers }) => headers.set('date', 'soon'),
    fails: ['clock'],
    says: 'the answer has no Date',
    remedy: 'Date header',
  },
];

const documents: readonly Fault[] = [
  {
    what: 'a document that is a redirect',
    alter: at(wellKnown.server, (exchange) => {
      if (exchange.method === 'GET') respond(exchange, 301, { location: '/elsewhere' }, '');
    }),
    fails: [`GET ${wellKnown.server}`, 'HEAD of the documents'],
    says: 'it redirects to /elsewhere',
    remedy: 'Clients follow no redirect here',
  },
  {
    what: 'a document that is not found',
    alter: at(wellKnown.resourceOfMcp, (exchange) => {
      if (exchange.method !== 'OPTIONS') respond(exchange, 404, {}, '{}');
    }),
    fails: [`GET ${wellKnown.resourceOfMcp}`],
    says: 'the status is 404',
    remedy: 'name of a stage',
  },
  {
    what: 'a document that is a page',
    alter: at(wellKnown.openid, (exchange) => respond(exchange, 200, page, '<h1>Welcome</h1>')),
    fails: [`GET ${wellKnown.openid}`],
    says: 'the content type is text/html',
    remedy: 'Discovery',
  },
  {
    what: 'a document that is no JSON',
    alter: at(wellKnown.keys, (exchange) => respond(exchange, 200, {}, '{')),
    fails: [`GET ${wellKnown.keys}`],
    says: 'the body is no JSON object',
    remedy: 'Discovery',
  },
  {
    what: 'a document that is kept for a day',
    alter: at(wellKnown.keys, ({ headers }) => headers.set('cache-control', 'public, max-age=86400')),
    fails: ['cache of the documents'],
    says: `${wellKnown.keys}: cache-control is "public, max-age=86400"`,
    remedy: 'A change of signing keys waits no longer',
  },
  {
    what: 'a document that HEAD does not find',
    alter: at(wellKnown.resource, (exchange) => {
      if (exchange.method === 'HEAD') exchange.status = 403;
    }),
    fails: ['HEAD of the documents'],
    says: `${wellKnown.resource}: the status is 403`,
    remedy: 'CDN',
  },
  {
    what: 'resource metadata that differ at the root',
    alter: says(wellKnown.resource, { scopes_supported: ['all'] }),
    fails: ['same resource metadata'],
    says: `${wellKnown.resource}: scopes_supported differs`,
    remedy: 'CDN',
  },
  {
    what: 'resource metadata that say more at the root',
    alter: says(wellKnown.resource, { resource_policy_uri: 'https://other.example/' }),
    fails: ['same resource metadata'],
    says: `${wellKnown.resource}: resource_policy_uri differs`,
    remedy: 'CDN',
  },
  {
    what: 'an OpenID configuration that differs',
    alter: says(wellKnown.openid, { token_endpoint: 'https://old.example/token' }),
    fails: ['same server metadata'],
    says: `${wellKnown.openid}: token_endpoint differs`,
    remedy: 'CDN',
  },
  {
    what: 'a page for what is not found',
    alter: at('/nothing', (exchange) => respond(exchange, 404, page, '<h1>Not found</h1>')),
    fails: ['unknown paths'],
    says: '/nothing: the content type is text/html',
    remedy: 'custom error page',
  },
  {
    what: 'a page for everything that is not found',
    alter: at('/.well-known/nothing', (exchange) => respond(exchange, 200, page, '<h1>Welcome</h1>')),
    fails: ['unknown paths'],
    says: '/.well-known/nothing: the status is 200',
    remedy: 'custom error page',
  },
];

const metadata: readonly Fault[] = [
  {
    what: 'another resource',
    alter: says(resourcePaths, { resource: 'https://other.example/mcp' }),
    fails: ['resource'],
    says: 'it is https://other.example/mcp, not http://127.0.0.1',
    remedy: 'McpUrl',
  },
  {
    what: 'another authorization server',
    alter: says(resourcePaths, { authorization_servers: ['https://other.example'] }),
    fails: ['authorization servers'],
    says: 'it names https://other.example',
    remedy: 'McpUrl',
  },
  {
    what: 'no scopes',
    alter: says(resourcePaths, { scopes_supported: undefined }),
    fails: ['scopes of the resource'],
    says: 'it names none',
    remedy: 'tools/index.ts',
  },
  {
    what: 'offline_access as a scope of the resource',
    alter: lists(resourcePaths, 'scopes_supported', (scopes) => [...scopes, 'offline_access']),
    fails: ['scopes of the resource'],
    says: 'offline_access is among them',
    remedy: 'tools/index.ts',
  },
  {
    what: 'another issuer',
    alter: says(serverPaths, { issuer: 'https://other.example' }),
    fails: ['issuer'],
    says: `${wellKnown.server} names https://other.example, not http://127.0.0.1`,
    remedy: 'McpUrl',
  },
  {
    what: 'another issuer in one document',
    alter: says(wellKnown.serverOfMcp, { issuer: 'https://other.example' }),
    fails: ['same server metadata', 'issuer'],
    says: `${wellKnown.serverOfMcp}: issuer differs`,
    remedy: 'CDN',
  },
  {
    what: 'an endpoint elsewhere',
    alter: says(serverPaths, { token_endpoint: 'https://other.example/token' }),
    fails: ['endpoints'],
    says: 'token_endpoint is https://other.example/token',
    remedy: 'McpUrl',
  },
  {
    what: 'an endpoint that is not named',
    alter: says(serverPaths, { revocation_endpoint: undefined }),
    fails: ['endpoints'],
    says: 'revocation_endpoint is undefined',
    remedy: 'McpUrl',
  },
  {
    what: 'nothing about PKCE',
    alter: says(serverPaths, { code_challenge_methods_supported: undefined }),
    fails: ['PKCE'],
    says: 'code_challenge_methods_supported is missing',
    remedy: 'deploy again',
  },
  {
    what: 'PKCE without a hash',
    alter: lists(serverPaths, 'code_challenge_methods_supported', (methods) => [...methods, 'plain']),
    fails: ['PKCE'],
    says: 'code_challenge_methods_supported is S256 plain',
    remedy: 'deploy again',
  },
  {
    what: 'nothing about DPoP',
    alter: says(serverPaths, { dpop_signing_alg_values_supported: undefined }),
    fails: ['DPoP'],
    says: 'dpop_signing_alg_values_supported of the authorization server is missing',
    remedy: 'deploy again',
  },
  {
    what: 'DPoP with a shared key',
    alter: lists(serverPaths, 'dpop_signing_alg_values_supported', (names) => [...names, 'HS256']),
    fails: ['DPoP'],
    says: 'has HS256, which is no key of the client’s own',
    remedy: 'deploy again',
  },
  {
    what: 'a resource that does not say how tokens are bound',
    alter: says(resourcePaths, { dpop_signing_alg_values_supported: undefined }),
    fails: ['DPoP'],
    says: 'dpop_signing_alg_values_supported of the resource is missing',
    remedy: 'deploy again',
  },
  {
    what: 'metadata that asks for bound tokens where the endpoints take any',
    alter: says(resourcePaths, { dpop_bound_access_tokens_required: true }),
    fails: [...challenges.filter((name) => name !== 'challenge with a made-up token'), 'answers are not kept'],
    says: /^WWW-Authenticate is "Bearer /,
    remedy: 'made by the Lambda',
  },
  {
    what: 'nothing about iss in answers',
    alter: says(serverPaths, { authorization_response_iss_parameter_supported: undefined }),
    fails: ['iss in answers'],
    says: 'authorization_response_iss_parameter_supported is missing',
    remedy: 'deploy again',
  },
  {
    what: 'fewer scopes of the server than of the resource',
    alter: lists(serverPaths, 'scopes_supported', (scopes) => scopes.filter((scope) => scope !== 'todos:read')),
    fails: ['scopes of the server'],
    says: 'todos:read is missing',
    remedy: 'deploy again',
  },
  {
    what: 'no refresh tokens',
    alter: says(serverPaths, { grant_types_supported: ['authorization_code'] }),
    fails: ['what clients can do'],
    says: 'grant_types_supported lacks refresh_token',
    remedy: 'deploy again',
  },
];

const keys: readonly Fault[] = [
  {
    what: 'no key at all',
    alter: says(wellKnown.keys, { keys: [] }),
    fails: ['signing keys'],
    says: 'there is no key of type EC',
    remedy: 'PublicKeyReader',
  },
  {
    what: 'a key without an id',
    alter: changedKeys(({ kid, ...key }) => [key]),
    fails: ['signing keys'],
    says: 'a key has no id',
    remedy: 'PublicKeyReader',
  },
  {
    what: 'two keys with one id',
    alter: changedKeys((key) => [key, key]),
    fails: ['signing keys'],
    says: 'two keys have the same id',
    remedy: 'PublicKeyReader',
  },
  {
    what: 'a private key',
    alter: changedKeys((key) => [{ ...key, d: 'c2VjcmV0' }]),
    fails: ['no private key'],
    says: 'a key has the member d',
    remedy: 'Give the signing key a new name',
  },
];

function changedKeys(change: (key: Record<string, unknown>) => object[]): Fault['alter'] {
  return at(wellKnown.keys, (exchange) => {
    if (exchange.body) changeMembers(exchange, { keys: JSON.parse(exchange.body).keys.flatMap(change) });
  });
}

const endpoint: readonly Fault[] = [
  {
    what: 'no challenge',
    alter: ({ headers }) => {
      for (const name of ['www-authenticate', 'x-challenge', 'x-amzn-remapped-www-authenticate']) headers.delete(name);
    },
    fails: challenges,
    says: 'WWW-Authenticate is missing',
    remedy:
      /API Gateway renames .* x-challenge .* restoreChallenge in vestibule\.config\.ts .* fall back to the well-known/,
  },
  {
    what: 'a challenge under the name that API Gateway gives it',
    alter: ({ headers }) => {
      const value = headers.get('www-authenticate');
      headers.delete('www-authenticate');
      if (value !== null) headers.set('x-amzn-remapped-www-authenticate', value);
    },
    fails: challenges,
    says: 'WWW-Authenticate arrives as x-amzn-remapped-www-authenticate alone',
    remedy: 'restoreChallenge in vestibule.config.ts',
  },
  {
    what: 'a challenge of another scheme',
    alter: challenged(() => 'Basic realm="mcp"'),
    fails: challenges,
    says: 'WWW-Authenticate is "Basic realm="mcp""',
    remedy: 'pass it as it is',
  },
  {
    what: 'an error for who brought no token',
    alter: challenged((value) => (value.includes('error=') ? value : `${value}, error="invalid_request"`)),
    fails: challenges.filter((name) => name !== 'challenge with a made-up token'),
    says: 'it says error="invalid_request"',
    remedy: 'pass it as it is',
  },
  {
    what: 'no error for a token that is not valid',
    alter: challenged((value) => value.replace(/error="[^"]*", /, '')),
    fails: ['challenge with a made-up token'],
    says: 'it lacks error="invalid_token"',
    remedy: 'pass it as it is',
  },
  {
    what: 'a challenge that leads elsewhere',
    alter: challenged((value) =>
      value.replace(/resource_metadata="[^"]*"/, 'resource_metadata="https://other.example/"'),
    ),
    fails: challenges,
    says: 'its resource_metadata is https://other.example/',
    remedy: 'pass it as it is',
  },
  {
    what: 'a challenge without scopes',
    alter: challenged((value) => value.replace(/ scope="[^"]*",/, '')),
    fails: challenges,
    says: 'it names no scope',
    remedy: 'pass it as it is',
  },
  {
    what: 'a challenge for offline_access',
    alter: challenged((value) => value.replace('scope="', 'scope="offline_access ')),
    fails: challenges,
    says: 'it asks for offline_access',
    remedy: 'pass it as it is',
  },
  {
    what: 'a GET that is refused without a challenge',
    alter: at('/mcp', (exchange) => {
      if (exchange.method === 'GET') exchange.status = 405;
    }),
    fails: ['challenge on GET'],
    says: 'the status is 405, not 401',
    remedy: 'pass it as it is',
  },
  {
    what: 'a slash that is taken away by a redirect',
    alter: at('/mcp/', (exchange) => respond(exchange, 308, { location: '/mcp' }, '')),
    fails: ['/mcp/'],
    says: 'the status is 308, not 401',
    remedy: 'neither add nor take slashes',
  },
  {
    what: 'pages of any site let in',
    alter: at('/mcp', (exchange) => {
      if (exchange.status === 403) exchange.status = 401;
    }),
    fails: ['foreign origin'],
    says: 'the status is 401',
    remedy: 'allowedOrigins',
  },
];

const preflights = ['/mcp', '/token', '/register', '/revoke', 'the documents'].map((where) => `preflight of ${where}`);

const pages: readonly Fault[] = [
  {
    what: 'no CORS',
    alter: ({ headers }) => {
      for (const name of [...headers.keys()]) if (name.startsWith('access-control-')) headers.delete(name);
    },
    fails: [...preflights, 'headers that pages may read'],
    says: '/mcp: access-control-allow-origin is missing',
    remedy: 'Set no CORS on the API',
  },
  {
    what: 'a preflight that asks for a token',
    alter: at('/mcp', (exchange) => {
      if (exchange.method === 'OPTIONS') exchange.status = 401;
    }),
    fails: ['preflight of /mcp'],
    says: '/mcp: the status is 401',
    remedy: 'pass OPTIONS',
  },
  {
    what: 'a header of MCP clients that pages may not send',
    alter: at('/mcp', ({ headers }) => {
      const allowed = headers.get('access-control-allow-headers');
      if (allowed) headers.set('access-control-allow-headers', allowed.replace('Mcp-Method, Mcp-Name, ', ''));
    }),
    fails: ['preflight of /mcp'],
    says: '/mcp: access-control-allow-headers lacks mcp-method, mcp-name',
    remedy: 'Set no CORS on the API',
  },
  {
    what: 'a method that pages may not use',
    alter: at('/token', ({ headers }) => headers.set('access-control-allow-methods', 'GET')),
    fails: ['preflight of /token'],
    says: '/token: access-control-allow-methods lacks POST',
    remedy: 'Set no CORS on the API',
  },
  {
    what: 'a challenge that pages may not read',
    alter: ({ headers }) => {
      if (headers.has('access-control-expose-headers')) headers.set('access-control-expose-headers', 'Retry-After');
    },
    fails: ['headers that pages may read'],
    says: 'www-authenticate, mcp-session-id, mcp-protocol-version is hidden',
    remedy: 'Set no CORS on the API',
  },
  {
    what: 'errors that pages may not read',
    alter: at('/token', ({ method, headers }) => {
      if (method === 'POST') headers.delete('access-control-allow-origin');
    }),
    fails: ['headers that pages may read'],
    says: '/token: access-control-allow-origin is missing',
    remedy: 'Set no CORS on the API',
  },
  {
    what: 'a sign-in that pages may look at',
    alter: at('/authorize', ({ headers }) => headers.set('access-control-allow-origin', '*')),
    fails: ['sign-in is closed to pages'],
    says: 'OPTIONS /authorize is answered with access-control-allow-origin',
    remedy: 'add access-control headers',
  },
];

testFaults(
  {
    'the server': served,
    'the documents': documents,
    'the metadata': metadata,
    'the keys': keys,
    'the MCP endpoint': endpoint,
    'web pages': pages,
  },
  () => real,
);
