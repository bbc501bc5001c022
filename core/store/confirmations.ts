import { ALWAYS, type Lookup, type Write } from './table.ts';

const CONFIRMATION_SECONDS = 10 * 60;

function confirmationLookup(hash: string): Lookup<unknown> {
  return { pk: `CONFIRMATION#${hash}`, sk: 'CONFIRMATION' };
}

/** A question that a person has been asked. It waits for the answer to this very call, for ten minutes. */
export function newConfirmation(hash: string, binding: string, now: number): Write {
  return { ...confirmationLookup(hash), put: { binding, ttl: now + CONFIRMATION_SECONDS } };
}

/** Takes the answer to a question: once, in time, and for the call that was asked about. */
export function takeConfirmation(hash: string, binding: string, now: number): Write {
  const condition = 'attribute_exists(pk) AND binding = :binding AND #ttl > :now';
  return { ...confirmationLookup(hash), remove: true, condition, values: { ':binding': binding, ':now': now } };
}

/** Ends a question that the person said no to, if it still waits. */
export function dropConfirmation(hash: string): Write {
  return { ...confirmationLookup(hash), remove: true, condition: ALWAYS };
}
