import { domainToASCII } from 'node:url';
import * as z from 'zod';
import { roles } from '../core/oauth/permission.ts';
import { kindOf, type Provider, providerKinds } from '../core/oauth/provider.ts';

const parameterName = z
  .string()
  .regex(/^(\/[A-Za-z0-9_.-]+)+$/, 'must be the name of an SSM parameter, such as /vestibule/google-secret');
const domain = z
  .string()
  .transform(domainToASCII)
  .pipe(z.string().regex(/^([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z0-9-]{2,}$/, 'must be a domain, such as example.com'));

/** Where a browser and we find the provider. Plain http serves on this machine alone: no other host is fetched from so. */
const issuer = z
  .url({ protocol: /^https?$/, error: 'must be the URL that the provider calls its issuer' })
  .refine((text) => {
    const { protocol, hostname, search, hash } = new URL(text);
    const isLoopback = ['localhost', '127.0.0.1', '[::1]'].includes(hostname);
    return (protocol === 'https:' || isLoopback) && search === '' && hash === '';
  }, 'must be https, without a query or fragment');

/** An outside provider that people sign in with. */
const provider = z
  .strictObject({
    /** Names it in addresses and in `tenants sso`. The redirect URI ends in it, so it never changes. */
    id: z.string().regex(/^[a-z][a-z0-9]{0,29}$/, 'must be 1 to 30 lower-case letters and digits, a letter first'),
    /** The text of its button after "Continue with". */
    name: z.string().trim().min(1).max(40),
    issuer,
    /** How it differs from OpenID Connect. Recognised from the issuer, unless that is on your own host. */
    kind: z.enum(providerKinds).optional(),
    clientId: z.string().min(1).max(300),
    /** The SSM parameter that has the secret; for Apple, the private key (the text of the .p8 file). */
    clientSecret: parameterName,
    /** For Apple: the ids of your team and your key. */
    teamId: z.string().optional(),
    keyId: z.string().optional(),
    scopes: z
      .array(z.string().regex(/^[\x21\x23-\x5b\x5d-\x7e]+$/, 'must be the name of a scope'))
      .min(1)
      .optional(),
    /** Who may sign in: tenants of Entra (`tid`), Workspace domains of Google (`hd`), organizations of Auth0 or Keycloak. */
    organizations: z.array(z.string().min(1)).default([]),
    /** Domains that the provider is authoritative for: its word is enough for their addresses. */
    domains: z.array(domain).default([]),
    /** True if people with an address of `domains` must sign in through it, not with a code or passkey. */
    isRequired: z.boolean().default(false),
    prompt: z.enum(['login', 'select_account', 'consent']).optional(),
    acrValues: z.array(z.string().regex(/^\S+$/)).min(1).optional(),
    maxAgeSeconds: z.int().positive().optional(),
    /**
     * The claim of the ID token that names somebody's groups or roles, and the tenant and role that go with each value. The
     * first rule that fits counts, at each sign-in.
     */
    groups: z
      .strictObject({
        claim: z.string().min(1).default('groups'),
        rules: z
          .array(
            z.strictObject({
              value: z.string().min(1),
              tenant: z.string().regex(/^[a-z0-9][a-z0-9-]{1,39}$/, 'must be the id of a tenant'),
              role: z.enum(roles).default('member'),
            }),
          )
          .min(1)
          .max(200),
        /** Whether people whom no rule fits may sign in all the same. */
        others: z.enum(['refuse', 'allow']).default('refuse'),
      })
      .optional(),
    /** Whether a logout that the provider tells of ends connected apps too, and not only sessions. */
    logoutEndsGrants: z.boolean().optional(),
  })
  .transform((given): Provider & { readonly isRequired: boolean } => {
    const kind = given.kind ?? kindOf(given.issuer);
    return { ...given, kind, scopes: given.scopes ?? usualScopes[kind] ?? ['openid', 'email', 'profile'] };
  })
  .superRefine((given, { addIssue }) => {
    const complain = (key: string, message: string) => addIssue({ code: 'custom', path: [key], message });
    const { kind, scopes, domains, teamId, keyId, organizations, isRequired } = given;
    if (kind !== 'github' && !scopes.includes('openid')) complain('scopes', 'must contain openid');
    if (kind === 'apple' && teamId === undefined) complain('teamId', 'must be set for Apple');
    if (kind === 'apple' && keyId === undefined) complain('keyId', 'must be set for Apple');
    if (isRequired && domains.length === 0)
      complain('isRequired', 'needs domains: whose people must sign in through it?');
    if (given.groups && domains.length === 0)
      complain('groups', 'needs domains: groups count where the provider’s word for an address does');
    const isPersonal = kind === 'github' || kind === 'apple';
    if (isPersonal && domains.length > 0)
      complain('domains', 'cannot be set: its word for an address of yours is never enough');
    if (isPersonal && organizations.length > 0)
      complain('organizations', 'cannot be set: it names none when somebody signs in');
  });

const usualScopes: Readonly<Partial<Record<Provider['kind'], readonly string[]>>> = {
  apple: ['openid', 'email'],
  github: ['read:user', 'user:email'],
};

function requiredOf(all: readonly { readonly isRequired: boolean; readonly domains: readonly string[] }[]): string[] {
  return all.flatMap(({ isRequired, domains }) => (isRequired ? [...new Set(domains)] : []));
}

/** The outside providers, each under an id and at an issuer of its own: accounts are linked by the issuer. */
export const providers = z
  .array(provider)
  .max(20)
  .refine((all) => new Set(all.map(({ id }) => id)).size === all.length, 'must have different ids')
  .refine((all) => new Set(all.map(({ issuer }) => issuer)).size === all.length, 'must have different issuers')
  .refine((all) => new Set(requiredOf(all)).size === requiredOf(all).length, 'must not require two for one domain')
  .default([]);
