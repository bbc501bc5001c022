import { randomUUID } from 'node:crypto';
import { type Check, Fault, type Group, must } from '../check.ts';
import type { Answer, Deployment } from '../deployment.ts';
import { needsKey, resourceMetadata } from './metadata.ts';
import { paths } from './well-known.ts';

const REMAPPED = 'x-amzn-remapped-www-authenticate';
const unmapped =
  'API Gateway renames the WWW-Authenticate header of a Lambda. The stack sends it as x-challenge too and has API ' +
  'Gateway map that back, unless restoreChallenge in vestibule.config.ts is false: set it to true, and deploy again. In ' +
  'the console each integration then has overwrite:header.WWW-Authenticate from $response.header.x-challenge, for 401 ' +
  'and for 403; if it has, look for a CDN that drops the header. Until then clients fall back to the well-known ' +
  'documents, as the specification has them do, but none learns from a 403 which scope it lacks.';
const remedy =
  'The challenge is made by the Lambda: let what stands before the API pass it as it is, and deploy again.';

/** A call that needs a token even where public tools are open to all. */
const call = ['tools/call', { name: 'doctor', arguments: {} }] as const;

/** That who comes without a token of use learns where to get one. RFC 6750 §3, RFC 9728 §5.1. */
export const challenges: Group = {
  title: 'MCP endpoint',
  checks: [
    {
      name: 'challenge without a token',
      proves: 'POST /mcp without a token is 401 with a WWW-Authenticate that says where to learn more, and no error',
      remedy,
      run: async (deployment) => {
        await mustChallenge(await deployment.ask(...call), deployment);
      },
    },
    {
      name: 'challenge with a made-up token',
      proves: 'POST /mcp with a token that is not valid is 401, and the challenge says error="invalid_token"',
      remedy,
      run: async (deployment) => {
        const authorization = `Bearer ${randomUUID()}`;
        await mustChallenge(await deployment.ask(...call, { authorization }), deployment, 'invalid_token');
      },
    },
    ...['GET', 'DELETE', 'HEAD'].map(methodCheck),
    {
      name: '/mcp/',
      proves: 'the URL with a slash at its end is the same endpoint, without a redirect, which would lose the token',
      remedy: 'Have what stands before the API neither add nor take slashes.',
      run: async (deployment) => {
        await mustChallenge(await deployment.ask(...call, {}, '/mcp/'), deployment);
      },
    },
    {
      name: 'foreign origin',
      proves: 'a page of an unknown site gets 403, before any token is looked at',
      remedy:
        'allowedOrigins in vestibule.config.ts names the sites that may call. Let the Origin header pass to the API.',
      run: async (deployment) => {
        const { status } = await deployment.ask(...call, { origin: 'https://attacker.example' });
        must(status === 403, `the status is ${status}`);
      },
    },
  ],
};

function methodCheck(method: string): Check {
  return {
    name: `challenge on ${method}`,
    proves: `${method} /mcp without a token is 401 with the challenge, where some clients look first`,
    remedy,
    run: async (deployment) => {
      await mustChallenge(await deployment.request('/mcp', { method }), deployment);
    },
  };
}

/** Holds an answer to be a challenge with this error, or none. Gives the scopes that it asks for. Throws a fault. */
export async function mustChallenge(
  { status, headers }: Answer,
  deployment: Deployment,
  error?: 'invalid_token' | 'insufficient_scope',
): Promise<readonly string[]> {
  const { mcpOrigin } = deployment;
  const expected = error === 'insufficient_scope' ? 403 : 401;
  must(status === expected, `the status is ${status}, not ${expected}`);
  const isBound = deployment.isBound || (error === undefined && (await takesOnlyBound(deployment)));
  const parameters = challengeIn(headers, isBound ? 'DPoP' : 'Bearer');
  const named = parameters.get('error');
  must(named === error, named === undefined ? `it lacks error="${error}"` : `it says error="${named}"`);
  const documents = [`${mcpOrigin}${paths.resourceOfMcp}`, `${mcpOrigin}${paths.resource}`];
  const metadata = parameters.get('resource_metadata') ?? 'missing';
  must(documents.includes(metadata), `its resource_metadata is ${metadata}`);
  const scopes = parameters.get('scope')?.split(' ').filter(Boolean) ?? [];
  must(scopes.length > 0, 'it names no scope');
  must(!scopes.includes('offline_access'), 'it asks for offline_access, which is no scope of a resource');
  return scopes;
}

/** True if the metadata says that a token must be bound to a key. */
export async function takesOnlyBound(deployment: Deployment): Promise<boolean> {
  return needsKey(await resourceMetadata(deployment).catch(() => ({})));
}

/** The parameters of a challenge under its own name, which is the only one that clients read. RFC 9110 §11.6.1. */
function challengeIn(headers: Headers, scheme: 'Bearer' | 'DPoP'): ReadonlyMap<string, string> {
  const value = headers.get('www-authenticate');
  if (value === null) {
    const renamed = [REMAPPED, 'x-challenge'].find((name) => headers.has(name));
    throw new Fault(renamed ? `WWW-Authenticate arrives as ${renamed} alone` : 'WWW-Authenticate is missing', unmapped);
  }
  must(value.toLowerCase().startsWith(`${scheme.toLowerCase()} `), `WWW-Authenticate is "${value}"`);
  const found = [...value.matchAll(/([a-z_]+)="([^"]*)"/g)];
  return new Map(found.map(([, name = '', text = '']) => [name, text]));
}
