import * as z from 'zod/mini';
import { keySetIn } from '#core/oauth/client-assertion.ts';
import { isLoopback, isUsableRedirectUri } from '#core/oauth/redirect-uri.ts';
import { type AuthMethod, authMethods, type Client, grantTypes, type PublicKeys } from '#core/oauth/types.ts';
import { parsed, refused } from '../operation.ts';

const [MOST_REDIRECT_URIS, MOST_KEYS] = [20, 20];
const secretMethods: readonly AuthMethod[] = ['client_secret_basic', 'client_secret_post'];

const id = z
  .string('The id must be a text')
  .check(
    z.regex(/^[A-Za-z0-9._-]{1,100}$/, 'The id must be 1 to 100 letters, digits, dots, hyphens or underscores'),
    z.regex(/^(?!http)/i, 'The id must not start with http: such ids are addresses of metadata documents'),
  );
/** No control, formatting or bidirectional characters: they make a name look like another. */
const name = z
  .string('A client needs a name')
  .check(z.regex(/^[^\p{C}\p{Zl}\p{Zp}]{1,200}$/u, 'The name must be 1 to 200 characters, none of them invisible'));
const redirectUris = z
  .array(z.string())
  .check(z.maxLength(MOST_REDIRECT_URIS, `A client has at most ${MOST_REDIRECT_URIS} redirect URIs`));

const shape = z.strictObject(
  {
    client_id: z.optional(id),
    client_name: name,
    redirect_uris: z._default(redirectUris, []),
    token_endpoint_auth_method: z.enum(authMethods, `The authentication method must be ${authMethods.join(', ')}`),
    jwks: z.optional(z.unknown()),
    jwks_uri: z.optional(z.string()),
    is_resource_server: z._default(z.boolean(), false),
  },
  'The description of the client must be an object',
);
type Description = z.output<typeof shape>;

/** A client as the operator describes it: all but its secrets, and its id only if the operator chose one. */
export type OperatorClient = Omit<Client, 'id' | 'secretHashes' | 'registeredAt'> & { readonly id: string | undefined };

/**
 * Reads what the operator says of a client. Unlike with a client that registers itself, every redirect URI must be
 * usable: somebody is here to correct it. Throws a refusal. RFC 7591 §2.
 */
export function readOperatorClient(input: unknown): OperatorClient {
  const description = parsed(shape, input);
  const { redirect_uris, token_endpoint_auth_method: method, is_resource_server } = description;
  requireRedirectUris(description);
  if (is_resource_server && method === 'none') throw refused('A resource server must prove who it is, so not by none');
  return {
    id: description.client_id,
    name: description.client_name,
    uri: undefined,
    redirectUris: redirect_uris,
    authMethods: secretMethods.includes(method)
      ? [method, ...secretMethods.filter((other) => other !== method)]
      : [method],
    ...readKeys(description),
    grantTypes: redirect_uris.length > 0 ? grantTypes : [],
    isResourceServer: is_resource_server,
  };
}

/** Says whether a client authenticates with a secret, in the header or in the form. RFC 6749 §2.3.1. */
export function hasSecrets({ authMethods }: Pick<Client, 'authMethods'>): boolean {
  return authMethods.some((method) => secretMethods.includes(method));
}

function requireRedirectUris({ redirect_uris, is_resource_server }: Description): void {
  if (redirect_uris.length === 0 && !is_resource_server)
    throw refused('A client needs a redirect URI, unless it is a resource server');
  const unusable = redirect_uris.find((uri) => !isUsableRedirectUri(uri));
  if (unusable === undefined) return;
  throw refused(
    `${unusable} is no usable redirect URI: it must be https, http on loopback, or of a scheme of the application's own`,
  );
}

function readKeys({ token_endpoint_auth_method: method, jwks, jwks_uri: jwksUri }: Description) {
  const given = [jwks, jwksUri].filter((keys) => keys !== undefined).length;
  if (method !== 'private_key_jwt' && given > 0) throw refused('Keys only serve with private_key_jwt');
  if (method === 'private_key_jwt' && given !== 1) throw refused('private_key_jwt needs either jwks or jwks_uri');
  if (jwksUri !== undefined && !isKeyAddress(jwksUri)) throw refused(`${jwksUri} is no https address of a key set`);
  return { jwks: jwks === undefined ? undefined : publicKeys(jwks), jwksUri };
}

/** Plain http is for a try on this machine: whether it is ever fetched is decided where keys are fetched. */
function isKeyAddress(uri: string): boolean {
  return URL.canParse(uri) && (new URL(uri).protocol === 'https:' || isLoopback(uri));
}

function publicKeys(jwks: unknown): PublicKeys {
  const set = keySetIn(jwks);
  if (!set || set.keys.length === 0 || set.keys.length > MOST_KEYS)
    throw refused(`jwks must be a JWK set with 1 to ${MOST_KEYS} keys, as RFC 7517 §5 has it`);
  if (set.keys.some((key) => 'd' in key || 'k' in key))
    throw refused('jwks holds a secret key: give the public keys alone, and consider that one known');
  return set;
}
