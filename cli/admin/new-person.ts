import type { Answer } from './command.ts';

/**
 * True if an audit item is the one that was written when its person was made: at their first sign-in, or when a trusted
 * issuer vouched for them. Older items of sign-ins do not say so.
 */
export function isOfNewPerson({ event, isNew, did }: Answer): boolean {
  return (event === 'sign_in' && isNew === true) || (event === 'trusted_person' && did === 'made');
}
