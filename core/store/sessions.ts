import type { DatedPrincipal } from '#core/oauth/types.ts';
import { personKey } from './people.ts';
import { ALWAYS, findAll, type Key, type Lookup, query, type Write } from './table.ts';

const SESSION_SECONDS = 30 * 86_400;
/** Longer than any sign-in or code of a visit lasts. */
const SIGNED_OUT_SECONDS = 86_400;
const POINTER = 'SESSION#';
const [PAGE, AT_ONCE] = [100, 20];

/** A browser in which a person signed in. */
export type Session = {
  readonly principal: DatedPrincipal;
  readonly address: string;
  readonly signedInAt: number;
  /** The visit that it is of. A session from before visits is one of its own. */
  readonly visit?: string;
  /** What the browser calls itself, cut short, for the list of sessions. */
  readonly agent?: string | undefined;
  /** The outside provider through which they signed in, and what it calls its own session. */
  readonly provider?: string | undefined;
  readonly sid?: string | undefined;
};

/** A session in the list of its person's. */
export type ListedSession = Session & { readonly hash: string };

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

/** Lists a new session with its person. A part of the same transaction. */
export function listedSession(hash: string, { principal, signedInAt }: Session): Write {
  return { ...pointerKey(principal.subject, hash), put: { ttl: signedInAt + SESSION_SECONDS } };
}

/**
 * The sessions of a person that count now: all of them, or somebody with many could keep some when they are ended. Sessions
 * from before they were listed are not among them.
 */
export async function sessionsOf(person: DatedPrincipal, now: number): Promise<readonly ListedSession[]> {
  const { subject, era = 0 } = person;
  const sessions: ListedSession[] = [];
  let after: string | undefined;
  do {
    const { items, next } = await query<Key>(personKey(subject).pk, { after, prefix: POINTER, most: PAGE, now });
    sessions.push(...(await sessionsAt(items, now)));
    after = next;
  } while (after !== undefined);
  return sessions.filter(({ principal }) => (principal.era ?? 0) === era);
}

async function sessionsAt(pointers: readonly Key[], now: number): Promise<readonly ListedSession[]> {
  const hashes = pointers.map(({ sk }) => sk.slice(POINTER.length));
  const found = hashes.length === 0 ? [] : await findAll(hashes.map(sessionLookup), now);
  return hashes.flatMap((hash, at) => (found[at] === undefined ? [] : [{ ...found[at], hash }]));
}

function pointerKey(subject: string, hash: string): Key {
  return { pk: personKey(subject).pk, sk: `${POINTER}${hash}` };
}

/**
 * Ends a session, if it is still there. A part of the transaction that makes the next one in the same browser, or none.
 * Whose it was is not known of a session that is gone.
 */
export function endedSession(hash: string, subject: string | undefined): Write[] {
  return [{ ...sessionLookup(hash), remove: true, condition: ALWAYS }, ...unlisted(hash, subject)];
}

/** Some sessions at a time, so that to end them, their visits, and an item for each in the audit fit into a transaction. */
export function* inBatches(sessions: readonly ListedSession[]): Generator<readonly ListedSession[]> {
  for (let at = 0; at < sessions.length; at += AT_ONCE) yield sessions.slice(at, at + AT_ONCE);
}

/**
 * Ends sessions of a person, and with each the visit that it is of, unless that one goes on: the pages and codes that came
 * of it.
 */
export function endedWithVisits(
  sessions: readonly ListedSession[],
  { subject, now, goingOn }: { readonly subject: string; readonly now: number; readonly goingOn?: string },
): Write[] {
  const visits = new Set(sessions.map(({ hash, visit = hash }) => visit).filter((visit) => visit !== goingOn));
  const ended = sessions.flatMap(({ hash }) => endedSession(hash, subject));
  return [...ended, ...[...visits].map((visit) => endedVisit(visit, now))];
}

/** Ends a session whose visit the next one goes on with, unless somebody has signed out meanwhile. */
export function continuedSession(hash: string, subject: string): Write[] {
  return [{ ...sessionLookup(hash), remove: true, condition: 'attribute_exists(pk)' }, ...unlisted(hash, subject)];
}

function unlisted(hash: string, subject: string | undefined): Write[] {
  return subject === undefined ? [] : [{ ...pointerKey(subject, hash), remove: true, condition: ALWAYS }];
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
