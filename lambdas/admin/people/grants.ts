import * as z from 'zod/mini';
import { hasNotEnded } from '#core/oauth/grant.ts';
import { grantLookup, grantsOf } from '#core/store/grants.ts';
import { beginEra, type Person } from '#core/store/people.ts';
import { find } from '#core/store/table.ts';
import { clientNames } from '../clients/known-client.ts';
import { address } from '../inputs.ts';
import { iso } from '../iso.ts';
import { addressChange, type Operation, overtaken, parsed, refused } from '../operation.ts';
import { end, endGrants } from './end-grants.ts';
import { requirePerson } from './known-person.ts';

const listing = z.strictObject({ address, after: z.optional(z.string()) }, 'The input must be an object');
const everything = z.strictObject({ address }, 'The input must be an object');
const ending = z.strictObject({ address, grant_id: z.optional(z.string()) }, 'The input must be an object');

const revoking = z.strictObject(
  { grant_id: z.string('Which grant? Give its id').check(z.minLength(1), z.maxLength(100)) },
  'The input must be an object',
);

/** A page of what a person allows to clients now. `next` is where the next page starts. */
export async function listGrants({ input, now }: Operation): Promise<object> {
  const { address, after } = parsed(listing, input);
  const { subject } = await requirePerson(address, now);
  const { grants, next } = await grantsOf(subject, now, after);
  const names = await clientNames(new Set(grants.map(({ clientId }) => clientId)), now);
  return {
    grants: grants.map(({ id, clientId, scopes, createdAt, expiresAt, ratchet, jkt }) => ({
      grant_id: id,
      client_id: clientId,
      client_name: names.get(clientId),
      scopes,
      created_at: iso(createdAt),
      last_active_at: iso(ratchet.rotatedAt),
      expires_at: iso(expiresAt),
      bound: jkt !== undefined,
    })),
    next,
  };
}

/** Ends one grant of a person, or everything. Call it again until `done` is true. */
export async function endGrantsOf(operation: Operation): Promise<object> {
  const { address, grant_id } = parsed(ending, operation.input);
  const person = await requirePerson(address, operation.now);
  if (grant_id !== undefined) return endOne(address, person.subject, grant_id, operation);
  return endAll(person, address, operation);
}

/** Ends one grant of anybody's. */
export async function revokeGrant(operation: Operation): Promise<object> {
  const { grant_id } = parsed(revoking, operation.input);
  const grant = await find(grantLookup(grant_id), operation.now);
  if (!hasNotEnded(grant, operation.now)) throw refused(`There is no grant ${grant_id}, or it has ended`);
  if (!(await end(grant, operation))) throw overtaken(grant_id);
  return { grant_id, client_id: grant.clientId };
}

/** Ends everything that was begun for a person. Call it again for the remaining grants until `done` is true. */
export async function endEverything(operation: Operation): Promise<object> {
  const { address } = parsed(everything, operation.input);
  return endAll(await requirePerson(address, operation.now), address, operation);
}

/**
 * From the first write on nothing of theirs counts, wherever it is. The grants are then ended one by one, so that the
 * list and the audit say so of each.
 */
async function endAll(person: Person, address: string, operation: Operation): Promise<object> {
  if (!(await beginEra({ person, address }, await addressChange(operation, address)))) throw overtaken(address);
  const { ended, isDone } = await endGrants(person, operation);
  return { address, grants_ended: ended, done: isDone };
}

async function endOne(address: string, subject: string, grantId: string, operation: Operation): Promise<object> {
  const grant = await find(grantLookup(grantId), operation.now);
  const isTheirs = hasNotEnded(grant, operation.now) && grant.subject === subject;
  if (!isTheirs) throw refused(`${address} has no grant ${grantId}`);
  if (!(await end(grant, operation))) throw overtaken(grantId);
  return { address, grants_ended: 1, done: true };
}
