import { ALWAYS, type Change, change, type Key, type Lookup } from './table.ts';

/** How many people have approved a client, and since when somebody has. */
export type ClientUses = { readonly people: number; readonly firstAt: number };

/** Where it says how a client is used. */
export function clientUsesLookup(clientId: string): Key & Lookup<ClientUses> {
  return { pk: `CLIENT#${clientId}`, sk: 'USES' };
}

/** Counts a person who has approved a client for the first time. Kept for as long as what it was given may live. */
export async function countUse(clientId: string, now: number, until: number): Promise<void> {
  await change(clientUsesLookup(clientId), {
    change: 'SET firstAt = if_not_exists(firstAt, :now), #ttl = :ttl ADD people :one',
    condition: ALWAYS,
    values: { ':now': now, ':ttl': until, ':one': 1 },
  });
}
