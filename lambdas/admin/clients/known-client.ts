import * as z from 'zod/mini';
import { clientLookup, type Registration } from '#core/store/clients.ts';
import { isOperators } from '#core/store/operator-clients.ts';
import { find, findAll } from '#core/store/table.ts';
import { clients as preRegistered } from '#generated';
import { refused } from '../operation.ts';

/** The input of a command about one client. */
export const clientId = z.string('Which client? Give its id').check(z.minLength(1), z.maxLength(1_000));

/** Where a client comes from. */
type Origin = 'operator' | 'settings' | 'registration' | 'metadata document';

/** A client with where it comes from. */
export type Known = Registration & { readonly origin: Origin };

/** True if the settings name a client. They take precedence over stored clients. */
export function isInSettings(id: string): boolean {
  return preRegistered.some((client) => client.id === id);
}

/** The client with this id, from the settings or the table. Throws a refusal if it doesn't exist. */
export async function requireClient(id: string, now: number): Promise<Known> {
  const client = preRegistered.find((candidate) => candidate.id === id);
  if (client) return { client, origin: 'settings' };
  const found = await find(clientLookup(id), now);
  if (!found) throw refused(`There is no client ${id}`);
  return { ...found, origin: originOf(found) };
}

/** What clients call themselves, as far as they are known and have a name. */
export async function clientNames(ids: ReadonlySet<string>, now: number): Promise<ReadonlyMap<string, string>> {
  const stored = [...ids].filter((id) => !isInSettings(id));
  const found = stored.length === 0 ? [] : await findAll(stored.map(clientLookup), now);
  const clients = [...preRegistered, ...found.flatMap((registration) => registration?.client ?? [])];
  return new Map(clients.flatMap(({ id, name }) => (name === undefined ? [] : [[id, name]])));
}

/** The stored client with this id. Throws a refusal if it doesn't exist or is one of the settings'. */
export async function requireStoredClient(id: string, now: number): Promise<Known> {
  const known = await requireClient(id, now);
  if (known.origin !== 'settings') return known;
  throw refused(`${id} is a client of the settings: change it there, and deploy`);
}

function originOf(registration: Registration): Origin {
  if (isOperators(registration)) return 'operator';
  return registration.freshUntil === undefined ? 'registration' : 'metadata document';
}
