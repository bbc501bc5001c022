import * as z from 'zod/mini';
import { disablePerson as disableStored, enablePerson as enableStored, type Person } from '#core/store/people.ts';
import { address } from '../inputs.ts';
import { addressChange, type Operation, overtaken, parsed, refused } from '../operation.ts';
import { endGrants } from './end-grants.ts';
import { requirePerson } from './known-person.ts';

const shape = z.strictObject({ address }, 'The input must be an object');

/**
 * Disables a person: nothing of theirs counts from now on, and their grants end. `done` says whether all have; if not,
 * it goes on when it is called again.
 */
export async function disablePerson(operation: Operation): Promise<object> {
  const { address } = parsed(shape, operation.input);
  const person = await requireResident(address, operation.now);
  const isDisabled =
    person.disabledAt !== undefined ||
    (await disableStored({ person, address }, operation.now, await addressChange(operation, address)));
  if (!isDisabled) throw overtaken(address);
  const { ended, isDone } = await endGrants(person, operation);
  return { address, grants_ended: ended, done: isDone };
}

/** Lets a disabled person sign in again. Nothing from before comes back with them, should anything be left. */
export async function enablePerson(operation: Operation): Promise<object> {
  const { address } = parsed(shape, operation.input);
  const person = await requireResident(address, operation.now);
  if (person.disabledAt === undefined) throw refused(`${address} is not disabled`);
  const { isDone } = await endGrants(person, operation);
  if (isDone && !(await enableStored({ person, address }, await addressChange(operation, address))))
    throw overtaken(address);
  return { address, done: isDone };
}

async function requireResident(address: string, now: number): Promise<Person> {
  const person = await requirePerson(address, now);
  if (person.moving) throw refused(`${address} is on the way to ${person.moving.to} and disabled: finish that first`);
  return person;
}
