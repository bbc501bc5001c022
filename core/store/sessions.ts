import type { Principal } from '#core/oauth/types.ts';
import { ALWAYS, type Key, type Lookup, remove, type Write } from './table.ts';

const SESSION_SECONDS = 30 * 86_400;

/** A browser in which a person signed in. */
export type Session = {
  readonly principal: Principal;
  readonly address: string;
  readonly signedInAt: number;
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

/** Ends a session, if it is still there. A part of the transaction that makes the next one in the same browser. */
export function replacedSession(hash: string): Write {
  return { ...sessionLookup(hash), remove: true, condition: ALWAYS };
}

/** Ends a session when the person signs out. */
export async function endSession(hash: string): Promise<void> {
  await remove(sessionLookup(hash));
}
