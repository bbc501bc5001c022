import { randomUUID } from 'node:crypto';
import { operate } from './admin-lambda.ts';
import { type ClientKey, newClientKey } from './assertion.ts';
import { newSourceIp, requestTokens } from './flow.ts';
import { basic } from './redemption.ts';

/** A client that acts for itself, as the operator was told of it. */
export type Machine = {
  readonly client_id: string;
  readonly client_secret: string;
  readonly tenant: string;
  /** What it signs with, if it does. */
  readonly key?: ClientKey;
};

/** Adds a tenant in which nothing is restricted. */
export async function newTenant(issuer: string): Promise<string> {
  const id = `t${randomUUID().slice(0, 30)}`;
  await operate(issuer, 'tenants add', { id });
  return id;
}

type Options = {
  readonly tenant?: string;
  readonly scopes?: readonly string[];
  readonly role?: 'member' | 'admin';
  /** Signs with a key instead of having a secret. */
  readonly signs?: boolean;
  readonly client_id?: string;
};

/** Adds a machine, by default in a tenant of its own and with the scopes of todos and of the profile. */
export async function newMachine(issuer: string, options: Options = {}): Promise<Machine> {
  const { tenant = await newTenant(issuer), scopes = ['todos:write', 'profile:read'], role, client_id } = options;
  const key = options.signs ? await newClientKey() : undefined;
  const added = (await operate(issuer, 'clients add', {
    client_id,
    client_name: 'Nightly report',
    token_endpoint_auth_method: key ? 'private_key_jwt' : 'client_secret_basic',
    jwks: key && { keys: [key.jwk] },
    machine: { tenant, scopes, role },
  })) as Machine;
  return { ...added, tenant, ...(key && { key }) };
}

/** Asks for a token as a machine with a secret does. */
export function machineRequest(
  issuer: string,
  { client_id, client_secret }: Machine,
  parameters: Record<string, string> = {},
  headers: Record<string, string> = {},
): Promise<Response> {
  const all = { ...newSourceIp(), ...basic(client_id, client_secret), ...headers };
  return requestTokens(issuer, { grant_type: 'client_credentials', ...parameters }, all);
}

/** The access token that a machine is given. Throws when it is given none. */
export async function machineToken(
  issuer: string,
  machine: Machine,
  parameters: Record<string, string> = {},
  headers: Record<string, string> = {},
): Promise<string> {
  const response = await machineRequest(issuer, machine, parameters, headers);
  const body = (await response.json()) as { readonly access_token?: string };
  if (!body.access_token) throw new Error(`No token: ${response.status} ${JSON.stringify(body)}`);
  return body.access_token;
}

type Item = { readonly event: string; readonly [member: string]: unknown };

/** What the audit of a tenant has of the last day, in the order of time. */
export async function trailOf(issuer: string, tenant: string): Promise<readonly Item[]> {
  const after = new Date(Date.now() - 86_400_000).toISOString();
  const until = new Date(Date.now() + 2 * 86_400_000).toISOString();
  const { items } = (await operate(issuer, 'audit', { tenant, after, until })) as { readonly items: readonly Item[] };
  return items;
}
