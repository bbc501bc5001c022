import type { Request } from '#core/http/request.ts';
import { audited } from '#core/store/audit.ts';
import { beginEra } from '#core/store/people.ts';
import type { Visitor } from './visitor.ts';

/**
 * Ends everything that was begun for a person: from the first write on no session, sign-in, code or connection of theirs
 * counts. False if they were not there any more.
 */
export function endEverything({ person, address }: Visitor, { nowMilliseconds }: Request): Promise<boolean> {
  return beginEra({ person, address }, audited(person, { event: 'everything_ended' }, nowMilliseconds));
}
