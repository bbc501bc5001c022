import * as z from 'zod/mini';
import { audited } from '#core/store/audit.ts';
import { linksOf, type NotedLink, unlinkedFrom } from '#core/store/links.ts';
import type { Person } from '#core/store/people.ts';
import { endedWithVisits, inBatches, sessionsOf } from '#core/store/sessions.ts';
import { commit } from '#core/store/table.ts';
import { address } from '../inputs.ts';
import { addressChange, type Operation, overtaken, parsed, refused } from '../operation.ts';
import { requirePerson } from './known-person.ts';

const shape = z.strictObject({ address, provider: z.optional(z.string()) }, 'The input must be an object');

/**
 * Takes back that identities at outside providers lead to a person, and ends the sessions that they began by these. What
 * was cut short is finished by doing it again.
 */
export async function unlinkPerson(operation: Operation): Promise<object> {
  const { address, provider } = parsed(shape, operation.input);
  const person = await requirePerson(address, operation.now);
  const links = await allLinks(person);
  const meant = links.filter((link) => provider === undefined || link.provider === provider);
  if (meant.length === 0) throw refused(noneOf(address, provider, links));
  const unlinked = [...new Set(meant.map((link) => link.provider))];
  const ended = await endSessions(person, unlinked, operation);
  for (const link of meant) {
    const { done } = await commit([
      ...unlinkedFrom(link, person.subject),
      audited(person, { event: 'unlink', provider: link.provider, link: link.hash }, operation.nowMilliseconds),
      await addressChange(operation, address, ` from ${link.provider}`),
    ]);
    if (!done) throw overtaken(address);
  }
  return { address, unlinked, sessions_ended: ended };
}

async function allLinks({ subject }: Person): Promise<readonly NotedLink[]> {
  const all: NotedLink[] = [];
  let after: string | undefined;
  do {
    const { links, next } = await linksOf(subject, after);
    all.push(...links);
    after = next;
  } while (after !== undefined);
  return all;
}

function noneOf(address: string, provider: string | undefined, links: readonly NotedLink[]): string {
  const others = links.map((link) => link.provider).join(', ');
  const where = provider === undefined || links.length === 0 ? 'no provider' : `${others}, and not with ${provider}`;
  return `${address} is linked with ${where}`;
}

async function endSessions(person: Person, providers: readonly string[], { now }: Operation): Promise<number> {
  const sessions = (await sessionsOf(person, now)).filter(({ provider = '' }) => providers.includes(provider));
  for (const batch of inBatches(sessions)) await commit(endedWithVisits(batch, { subject: person.subject, now }));
  return sessions.length;
}
