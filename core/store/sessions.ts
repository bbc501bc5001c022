import type { DatedPrincipal } from '#core/oauth/types.ts';
import { ALWAYS, type Key, type Lookup, type Write } from './table.ts';

const SESSION_SECONDS = 30 * 86_400;
/** Longer than any sign-in or code of a visit lasts. */
const SIGNED_OUT_SECONDS = 86_400;

/** A browser in which a person signed in. */
export type Session = {
  readonly principal: DatedPrincipal;
  readonly address: string;
  readonly signedInAt: number;
  /** The visit that it is of. A session from before visits is one of its own. */
  readonly visit?: string;
};

/** How long a session lasts, for the cookie that goes with it. */
export const sessionSeconds = SESSION_SECONDS;

/** Where a session is. Only the hash of the cookie's secret is known here. */
export function sessionLookup(hash: string): Key & Lookup<Session> {
  return { pk: `SESSION#${hash}`, sk: 'SESSION' };
}

/** Makes a session. A part of the transaction that signs the person in. */
export function newSession(hash: string, session: Session): Write {
  return { ...sessionLookup(hash), put: { ...session, ttl: session.signedInAt + SESSION_SECONDS } };
}

/** Ends a session, if it is still there. A part of the transaction that makes the next one in the same browser, or none. */
export function endedSession(hash: string): Write {
  return { ...sessionLookup(hash), remove: true, condition: ALWAYS };
}

/** Ends a session whose visit the next one goes on with, unless somebody has signed out meanwhile. */
export function continuedSession(hash: string): Write {
  return { ...sessionLookup(hash), remove: true, condition: 'attribute_exists(pk)' };
}

/**
 * That a visit is over. A visit is all that one person does in one browser until they sign out: their sessions there,
 * one after another, and the sign-ins, consent pages and codes that came of these.
 */
export function signedOutLookup(visit: string): Key & Lookup<unknown> {
  return { pk: `SESSION#${visit}`, sk: 'SIGNED_OUT' };
}

/** Ends a visit. */
export function endedVisit(visit: string, now: number): Write {
  return {
    ...signedOutLookup(visit),
    change: 'SET #ttl = :ttl',
    condition: ALWAYS,
    values: { ':ttl': now + SIGNED_OUT_SECONDS },
  };
}

/** Holds only while a visit lasts. What is from before visits is of none. */
export function requireVisit(visit: string | undefined): Write[] {
  return visit === undefined ? [] : [{ ...signedOutLookup(visit), require: 'attribute_not_exists(pk)' }];
}
