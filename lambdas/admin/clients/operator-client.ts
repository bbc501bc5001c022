import * as z from 'zod/mini';
import type { Role } from '#core/oauth/permission.ts';
import { isUsableRedirectUri } from '#core/oauth/redirect-uri.ts';
import { type AuthMethod, authMethods, type Client, grantTypes, machineGrantTypes } from '#core/oauth/types.ts';
import { registration, scopes } from '#generated';
import { role, tenantId, visible } from '../inputs.ts';
import { parsed, refused } from '../operation.ts';
import { readKeys } from './client-keys.ts';

const MOST_REDIRECT_URIS = 20;
const secretMethods: readonly AuthMethod[] = ['client_secret_basic', 'client_secret_post'];

const id = z
  .string('The id must be a text')
  .check(
    z.regex(/^[A-Za-z0-9._-]{1,100}$/, 'The id must be 1 to 100 letters, digits, dots, hyphens or underscores'),
    z.regex(/^(?!http)/i, 'The id must not start with http: such ids are addresses of metadata documents'),
  );
const name = z.string('A client needs a name').check(visible);
const redirectUris = z
  .array(z.string())
  .check(z.maxLength(MOST_REDIRECT_URIS, `A client has at most ${MOST_REDIRECT_URIS} redirect URIs`));

const scopeNames = scopes.map(({ name }) => name);
const machine = z.strictObject(
  {
    tenant: tenantId,
    role: z._default(role, 'member'),
    scopes: z
      .array(
        z.enum(scopeNames, { error: ({ input }) => `There is no scope ${input}; there are ${scopeNames.join(', ')}` }),
      )
      .check(z.minLength(1, 'A machine needs at least one scope')),
  },
  'What the machine may do must be an object',
);

const shape = z.strictObject(
  {
    client_id: z.optional(id),
    client_name: name,
    redirect_uris: z._default(redirectUris, []),
    token_endpoint_auth_method: z.enum(
      authMethods,
      `The authentication method must be one of ${authMethods.join(', ')}`,
    ),
    jwks: z.optional(z.unknown()),
    jwks_uri: z.optional(z.string()),
    is_resource_server: z._default(z.boolean(), false),
    dpop_bound_access_tokens: z._default(z.boolean(), false),
    machine: z.optional(machine),
  },
  'The description of the client must be an object',
);
type Description = z.output<typeof shape>;

/** A client as the operator describes it: all but its secrets, and its id only if the operator chose one. */
type OperatorClient = Omit<Client, 'id' | 'secretHashes' | 'registeredAt'> & {
  readonly id: string | undefined;
  readonly role: Role | undefined;
};

/**
 * Reads what the operator says of a client. Unlike with a client that registers itself, every redirect URI must be
 * usable: somebody is here to correct it. Throws a refusal. RFC 7591 §2.
 */
export function readOperatorClient(input: unknown): OperatorClient {
  const description = parsed(shape, input);
  const { redirect_uris, token_endpoint_auth_method: method, is_resource_server, machine } = description;
  const { dpop_bound_access_tokens } = description;
  requireRedirectUris(description);
  if (is_resource_server && method === 'none') throw refused('A resource server must prove who it is, so not by none');
  if (machine && method === 'none') throw refused('A machine must prove who it is, so not by none');
  return {
    id: description.client_id,
    name: description.client_name,
    uri: undefined,
    redirectUris: redirect_uris,
    authMethods: secretMethods.includes(method)
      ? [method, ...secretMethods.filter((other) => other !== method)]
      : [method],
    ...readKeys(description),
    grantTypes: machine ? machineGrantTypes : redirect_uris.length > 0 ? grantTypes : [],
    isResourceServer: is_resource_server,
    dpopBoundAccessTokens: dpop_bound_access_tokens || undefined,
    ...(machine && { machine: { tenant: machine.tenant, scopes: machine.scopes } }),
    role: machine?.role,
  };
}

/** True if a client authenticates with a secret, in the header or in the form. RFC 6749 §2.3.1. */
export function hasSecrets({ authMethods }: Pick<Client, 'authMethods'>): boolean {
  return authMethods.some((method) => secretMethods.includes(method));
}

function requireRedirectUris({ redirect_uris, is_resource_server, machine }: Description): void {
  if (machine && redirect_uris.length > 0)
    throw refused('A machine signs nobody in, so it has no redirect URI: add another client for people');
  if (redirect_uris.length === 0 && !is_resource_server && !machine)
    throw refused('A client needs a redirect URI, unless it is a resource server or a machine');
  const unusable = redirect_uris.find((uri) => !isUsableRedirectUri(uri, registration.privateSchemes));
  if (unusable === undefined) return;
  throw refused(
    `${unusable} is no usable redirect URI: it must be https, http on loopback, or of a scheme of the application's own`,
  );
}
