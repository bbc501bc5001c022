import { connect, newAddress, type Tokens } from './flow.ts';
import type { Operator } from './operator.ts';
import { asAdmin } from './scopes.ts';

/** A person who has signed in, with the connection of one client. */
export type Member = {
  readonly address: string;
  readonly tenant: string;
  readonly subject: string;
  readonly clientId: string;
  readonly tokens: Tokens;
  /** The access token. */
  readonly token: string;
};

type Options = { readonly role?: 'member' | 'admin' } & NonNullable<Parameters<typeof connect>[1]>;

/** Enters somebody new in a tenant, and signs them in. */
export async function newMember(
  issuer: string,
  operator: Operator,
  tenant: string,
  { role = 'member', ...options }: Options = {},
): Promise<Member> {
  const address = options.address ?? newAddress();
  await operator.enterAddress(address, tenant, role);
  const request = { ...(await asAdmin(issuer, role)), ...options.request };
  return connected(issuer, { ...options, address, request });
}

/** Signs somebody in of whom nothing is known, or once more. */
export async function connected(issuer: string, options: Options = {}): Promise<Member> {
  const address = options.address ?? newAddress();
  const { clientId, tokens } = await connect(issuer, { ...options, address });
  return { address, clientId, tokens, token: tokens.access_token, ...principalIn(tokens.access_token) };
}

/** Whom an access token acts for. One that names no tenant is for the person’s own. */
export function principalIn(token: string): { readonly subject: string; readonly tenant: string } {
  const claims = Buffer.from(token.split('.')[1] ?? '', 'base64url').toString();
  const { sub: subject, tenant = `personal-${subject}` } = JSON.parse(claims) as {
    readonly sub: string;
    readonly tenant?: string;
  };
  return { subject, tenant };
}
