import { ALWAYS, type Key, type Lookup, type Write } from './table.ts';

/** How many people have approved a client, and since when somebody has. */
export type ClientUses = { readonly people: number; readonly firstAt: number };

/** Where it says how a client is used. */
export function clientUsesLookup(clientId: string): Key & Lookup<ClientUses> {
  return { pk: `CLIENT#${clientId}`, sk: 'USES' };
}

/** Counts a person who approves a client for the first time. Kept for as long as what it was given may live. */
export function countedUse(clientId: string, now: number, until: number): Write {
  return {
    ...clientUsesLookup(clientId),
    change: 'SET firstAt = if_not_exists(firstAt, :now), #ttl = :ttl ADD people :one',
    condition: ALWAYS,
    values: { ':now': now, ':ttl': until, ':one': 1 },
  };
}
