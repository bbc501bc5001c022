import type { Assertion } from '#core/oauth/client-assertion.ts';
import { sha256 } from '#core/oauth/digest.ts';
import { ALWAYS, commit, type Key, type Lookup, type Write } from './table.ts';

const CLOCK_TOLERANCE_SECONDS = 60;

/** Where it says that an assertion of a trusted issuer was taken, in whichever tenant and under whichever trust. */
export function takenLookup(issuer: string, { id }: Pick<Assertion, 'id'>): Key & Lookup<object> {
  return { pk: `ASSERTION#${sha256(JSON.stringify(['issuer', issuer, id]))}`, sk: 'ASSERTION' };
}

/** Takes an assertion of a trusted issuer, once. A part of the transaction that acts on it. */
export function taking(issuer: string, assertion: Assertion): Write {
  return { ...takenLookup(issuer, assertion), put: { ttl: keptUntil(assertion.expiresAt) } };
}

/** Takes a client's assertion, once. True if this was the first time. RFC 7523 §3, 7. */
export async function takeAssertion(clientId: string, { id, expiresAt }: Assertion): Promise<boolean> {
  const key = { pk: `ASSERTION#${sha256(JSON.stringify([clientId, id]))}`, sk: 'ASSERTION' };
  const { done } = await commit([{ ...key, put: { ttl: keptUntil(expiresAt) } }]);
  return done;
}

/** Where it says that an issuer's word that somebody has logged out was acted on. */
export function loggedOutLookup(issuer: string, id: string): Key & Lookup<object> {
  return { pk: `ASSERTION#${sha256(JSON.stringify(['logout', issuer, id]))}`, sk: 'ASSERTION' };
}

/** Notes that it was. That it was noted meanwhile is as good. */
export function notedLogout(issuer: string, id: string, expiresAt: number): Write {
  return {
    ...loggedOutLookup(issuer, id),
    change: 'SET #ttl = :ttl',
    condition: ALWAYS,
    values: { ':ttl': keptUntil(expiresAt) },
  };
}

/** Takes a proof of a key, once. True if this was the first time. RFC 9449 §11.1. */
export async function takeProof({ id, expiresAt }: Assertion): Promise<boolean> {
  const key = { pk: `ASSERTION#${sha256(`proof ${id}`)}`, sk: 'ASSERTION' };
  const { done } = await commit([{ ...key, put: { ttl: keptUntil(expiresAt) } }]);
  return done;
}

/** A NumericDate may have a fraction, and what the table deletes by itself has none. RFC 7519 §2. */
function keptUntil(expiresAt: number): number {
  return Math.ceil(expiresAt) + CLOCK_TOLERANCE_SECONDS;
}
