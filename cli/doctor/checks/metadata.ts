import { type Group, must } from '../check.ts';
import { type Deployment, type Members, names } from '../deployment.ts';
import { paths } from './well-known.ts';

const untouched =
  'The documents are made from the stack: deploy again, and have nothing before the API rewrite them. If the address is ' +
  'another than the one asked, give doctor the one that the output McpUrl names: clients hold the two to be the same.';
const endpoints = [
  ...['authorization_endpoint', 'token_endpoint', 'registration_endpoint', 'revocation_endpoint'],
  ...['introspection_endpoint', 'jwks_uri'],
];
const optional = ['registration_endpoint'];
const privateMembers = ['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k'];

/** That the documents say what clients insist on. RFC 9728 §3.3, RFC 8414 §3.3. */
export const metadata: Group = {
  title: 'Metadata',
  checks: [
    {
      name: 'resource',
      proves: 'the resource is the MCP URL, letter for letter',
      remedy: untouched,
      run: async (deployment) => {
        const { resource } = await resourceMetadata(deployment);
        must(resource === deployment.mcpUrl, `it is ${resource}, not ${deployment.mcpUrl}`);
      },
    },
    {
      name: 'authorization servers',
      proves: 'the resource names its issuer, and nobody else, as authorization server',
      remedy: untouched,
      run: async (deployment) => {
        const { authorization_servers: named } = await resourceMetadata(deployment);
        must(names(named).join(' ') === deployment.issuer, `it names ${names(named).join(' ') || 'none'}`);
      },
    },
    {
      name: 'scopes of the resource',
      proves: 'it names the scopes of its tools, and not offline_access, which is no scope of a resource',
      remedy: 'The scopes are those of the tools in tools/index.ts: see that there are some, and deploy again.',
      run: async (deployment) => {
        const scopes = names((await resourceMetadata(deployment)).scopes_supported);
        must(scopes.length > 0, 'it names none');
        must(!scopes.includes('offline_access'), 'offline_access is among them');
        return scopes.join(' ');
      },
    },
    {
      name: 'issuer',
      proves: 'every document names the issuer by the very origin that it is at',
      remedy: untouched,
      run: async (deployment) => {
        const found = await Promise.all(
          [paths.server, paths.serverOfMcp, paths.openid].map(async (path) => {
            const { issuer } = await deployment.document(path);
            return { path, issuer };
          }),
        );
        const wrong = found.find(({ issuer }) => issuer !== deployment.issuer);
        must(wrong === undefined, `${wrong?.path} names ${wrong?.issuer}, not ${deployment.issuer}`);
      },
    },
    {
      name: 'endpoints',
      proves: 'every endpoint is on the issuer',
      remedy: untouched,
      run: async (deployment) => {
        const said = await deployment.document(paths.server);
        const wrong = endpoints
          .filter((name) => name in said || !optional.includes(name))
          .find((name) => !String(said[name]).startsWith(`${deployment.issuer}/`));
        must(wrong === undefined, `${wrong} is ${said[wrong ?? '']}`);
      },
    },
    {
      name: 'PKCE',
      proves: 'S256 is offered, and nothing weaker: clients refuse a server that does not say so',
      remedy: untouched,
      run: async (deployment) => {
        const methods = names((await deployment.document(paths.server)).code_challenge_methods_supported);
        must(methods.join(' ') === 'S256', `code_challenge_methods_supported is ${methods.join(' ') || 'missing'}`);
      },
    },
    {
      name: 'iss in answers',
      proves: 'clients learn that every answer names its issuer, RFC 9207 §3',
      remedy: untouched,
      run: async (deployment) => {
        const { authorization_response_iss_parameter_supported: isSaid } = await deployment.document(paths.server);
        must(isSaid === true, `authorization_response_iss_parameter_supported is ${isSaid ?? 'missing'}`);
      },
    },
    {
      name: 'scopes of the server',
      proves:
        'the authorization server offers every scope of the resource, and offline_access to clients that wait for it',
      remedy: untouched,
      run: async (deployment) => {
        const offered = names((await deployment.document(paths.server)).scopes_supported);
        const needed = [...names((await resourceMetadata(deployment)).scopes_supported), 'offline_access'];
        const missing = needed.filter((scope) => !offered.includes(scope));
        must(missing.length === 0, `${missing.join(' ')} is missing`);
      },
    },
    {
      name: 'what clients can do',
      proves: 'codes, refresh tokens and clients without a secret are offered',
      remedy: untouched,
      run: async (deployment) => {
        const said = await deployment.document(paths.server);
        const needed = [
          ['response_types_supported', 'code'],
          ['grant_types_supported', 'authorization_code'],
          ['grant_types_supported', 'refresh_token'],
          ['token_endpoint_auth_methods_supported', 'none'],
        ] as const;
        const missing = needed.find(([name, value]) => !names(said[name]).includes(value));
        must(missing === undefined, `${missing?.join(' lacks ')}`);
      },
    },
    {
      name: 'DPoP',
      proves:
        'clients learn how they may show that they hold a key, and whether they must: both documents say so, RFC 9449 §5.1, RFC 9728 §2',
      remedy: untouched,
      run: async (deployment) => {
        const [server, resource] = await Promise.all([deployment.document(paths.server), resourceMetadata(deployment)]);
        const member = 'dpop_signing_alg_values_supported';
        const [there, here] = [names(server[member]), names(resource[member])];
        must(there.includes('ES256'), `${member} of the authorization server is ${there.join(' ') || 'missing'}`);
        const shared = there.find((name) => name === 'none' || name.startsWith('HS'));
        must(shared === undefined, `${member} has ${shared}, which is no key of the client’s own`);
        must(there.join(' ') === here.join(' '), `${member} of the resource is ${here.join(' ') || 'missing'}`);
        return needsKey(resource) ? 'required' : 'optional';
      },
    },
    {
      name: 'signing keys',
      proves: 'there is a public ES256 key, and each key has an id of its own',
      remedy:
        'The keys are read from KMS at each deploy: look into the log of the PublicKeyReader function, and deploy again.',
      run: async (deployment) => {
        const keys = await publishedKeys(deployment);
        must(keys.some(isEs256), 'there is no key of type EC and curve P-256');
        const ids = new Set(keys.map(({ kid }) => kid));
        must(
          keys.every(({ kid }) => typeof kid === 'string' && kid !== ''),
          'a key has no id',
        );
        must(ids.size === keys.length, 'two keys have the same id');
        return `${keys.length}`;
      },
    },
    {
      name: 'no private key',
      proves: 'no key shows a private part',
      remedy:
        'Anyone who has seen the key can make access tokens. Give the signing key a new name in vestibule.config.ts and ' +
        'deploy, as docs/operations.md says of a key that may have been misused.',
      run: async (deployment) => {
        const shown = (await publishedKeys(deployment)).flatMap((key) => privateMembers.filter((name) => name in key));
        must(shown.length === 0, `a key has the member ${shown.join(', ')}`);
      },
    },
  ],
};

/** True if the server takes only tokens that are bound to a key. RFC 9728 §2. */
export function needsKey({ dpop_bound_access_tokens_required: isRequired }: Members): boolean {
  return isRequired === true;
}

/** What the resource says of itself. */
export function resourceMetadata(deployment: Deployment): Promise<Members> {
  return deployment.document(paths.resourceOfMcp);
}

async function publishedKeys(deployment: Deployment): Promise<readonly Members[]> {
  const { keys } = await deployment.document(paths.keys);
  must(Array.isArray(keys), 'it has no list of keys');
  return keys.map((key: unknown) => (typeof key === 'object' && key !== null ? { ...key } : {}));
}

function isEs256({ kty, crv, alg = 'ES256', use = 'sig' }: Members): boolean {
  return kty === 'EC' && crv === 'P-256' && alg === 'ES256' && use === 'sig';
}
