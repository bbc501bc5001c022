import type { Role } from '#core/oauth/permission.ts';
import type { Client } from '#core/oauth/types.ts';
import { clientLookup, type Registration } from './clients.ts';
import { addedMachine, removedMachine } from './machines.ts';
import { commit, query, type Write } from './table.ts';

const LIST = 'OPERATOR#CLIENTS';
const MOST_LISTED = 100;

/** What the list of the operator's clients says of each. None of it ever changes. */
export type ListedClient = Pick<
  Client,
  'id' | 'name' | 'authMethods' | 'isResourceServer' | 'machine' | 'registeredAt'
>;

/** Keeps a client of the operator for good, and lists it. True if its id was free, and the tenant of a machine is there. */
export async function addOperatorClient(client: Client, role: Role | undefined, audit: Write): Promise<boolean> {
  const { id, name, authMethods, isResourceServer = false, registeredAt } = client;
  const machine = client.machine && { machine: client.machine };
  const listed: ListedClient = { id, name, authMethods, isResourceServer, registeredAt, ...machine };
  const { done } = await commit([
    { ...clientLookup(id), put: { client } },
    { pk: LIST, sk: id, put: listed },
    ...addedMachine(client, role),
    audit,
  ]);
  return done;
}

/** A page of the operator's clients in the order of their ids, and where the next page starts, if there is one. */
export function operatorClients(after: string | undefined) {
  return query<ListedClient>(LIST, { after, most: MOST_LISTED });
}

/** True if a registration is the operator's: those that come from clients have an end. */
export function isOperators({ ttl }: Registration): boolean {
  return ttl === undefined;
}

/** Replaces the secrets of a client of the operator. True if they were still those that are known. */
export async function replaceSecrets(
  { id, secretHashes }: Client,
  successors: readonly string[],
  audit: Write,
): Promise<boolean> {
  const replacement: Write = {
    ...clientLookup(id),
    change: 'SET #client.secretHashes = :successors',
    condition: 'attribute_not_exists(#ttl) AND #client.secretHashes = :known',
    values: { ':successors': successors, ':known': secretHashes },
  };
  const { done } = await commit([replacement, audit]);
  return done;
}

/** Removes a client, from the list too if it is the operator's. True if it was still there. */
export async function removeClient(registration: Registration, audit: Write): Promise<boolean> {
  const { id } = registration.client;
  const isListed = isOperators(registration);
  const kind = isListed ? 'attribute_not_exists(#ttl)' : 'attribute_exists(#ttl)';
  const removal: Write = { ...clientLookup(id), remove: true, condition: `attribute_exists(pk) AND ${kind}` };
  const unlisting: Write = { pk: LIST, sk: id, remove: true, condition: 'attribute_exists(pk)' };
  const { done } = await commit([
    removal,
    ...(isListed ? [unlisting] : []),
    ...removedMachine(registration.client),
    audit,
  ]);
  return done;
}
