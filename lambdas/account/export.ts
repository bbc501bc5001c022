import type { Request } from '#core/http/request.ts';
import { sha256 } from '#core/oauth/digest.ts';
import type { Grant } from '#core/oauth/types.ts';
import { grantsOf } from '#core/store/grants.ts';
import { linkLookup, linksOf, type NotedLink } from '#core/store/links.ts';
import { type OwnPartition, ownPartitions } from '#core/store/own-items.ts';
import { passkeyHash, passkeysOf } from '#core/store/passkeys.ts';
import { addressLookup } from '#core/store/people.ts';
import { sessionsOf } from '#core/store/sessions.ts';
import { findAll, type Key, query } from '#core/store/table.ts';
import { auditSeconds } from '#generated';
import { registrationsOf } from './connections.ts';
import { dayOf, placeIn, stretchOf } from './trail.ts';
import type { Visitor } from './visitor.ts';

/**
 * Once a file has so many bytes, or took so many reads, the rest is for the next one. What is read at once is 1 MB at
 * most, which JSON may double: so a file stays below what a Lambda may answer.
 */
const [MOST_BYTES, MOST_READS] = [2_000_000, 60];
const PAGE = 100;
/** In bytes. Amazon DynamoDB, Quotas. */
const LONGEST_KEY = 1_024;
const DAY_SECONDS = 86_400;

/** How many days of the audit a file contains. */
export const recordedDays = Math.min(90, Math.floor(auditSeconds / DAY_SECONDS));

/** A part of a person's data: the list in the file that it belongs to, and where it continues. */
type Stretch = { readonly items: readonly unknown[]; readonly next: string | undefined };
type Section = {
  readonly name: string;
  readonly list: string;
  /** True if reading may go on there. */
  readonly takes: (after: string) => boolean;
  readonly read: (after: string | undefined) => Promise<Stretch>;
};

/** A file: its lists, and where the next one begins, if there is one. */
export type Part = { readonly lists: Readonly<Record<string, readonly unknown[]>>; readonly next: string | undefined };

/** Reads a part of a person's data. Undefined if no part begins at this place. */
export async function exportPart(visitor: Visitor, place: string, request: Request): Promise<Part | undefined> {
  const sections = sectionsOf(visitor, request);
  const [name = '', encoded] = place.split('.');
  const first = sections.findIndex((section) => section.name === name);
  let after = encoded === undefined ? undefined : Buffer.from(encoded, 'base64url').toString();
  if (first < 0 || (after !== undefined && !sections[first]?.takes(after))) return undefined;
  const lists: Record<string, unknown[]> = {};
  let [bytes, reads] = [0, 0];
  for (const { name, list, read } of sections.slice(first)) {
    lists[list] ??= [];
    do {
      if (bytes >= MOST_BYTES || reads >= MOST_READS) return { lists, next: placeOf(name, after) };
      const { items, next } = await read(after);
      lists[list].push(...items);
      bytes += Buffer.byteLength(JSON.stringify(items, asJson));
      reads += 1;
      after = next;
    } while (after !== undefined);
  }
  return { lists, next: undefined };
}

/** Where the whole begins. */
export const beginning = 'apps';

function placeOf(section: string, after: string | undefined): string {
  return after === undefined ? section : `${section}.${Buffer.from(after).toString('base64url')}`;
}

function sectionsOf(visitor: Visitor, { now }: Request): readonly Section[] {
  const { person, address } = visitor;
  const { pk } = addressLookup(sha256(address));
  const oldest = dayOf(Math.max(person.createdAt, now - recordedDays * DAY_SECONDS));
  const whole = (name: string, read: () => Promise<readonly unknown[]>): Section => ({
    name,
    list: name,
    takes: () => false,
    read: async () => ({ items: await read(), next: undefined }),
  });
  return [
    {
      name: 'apps',
      list: 'apps',
      takes: (after) => after.startsWith('GRANT#'),
      read: async (after) => {
        const { grants, next } = await grantsOf(person.subject, now, after);
        return { items: await describedGrants(grants, now), next };
      },
    },
    listed('approvals', { pk, prefix: 'CLIENT#' }, now),
    whole('browsers', async () =>
      (await sessionsOf(person, now)).map(({ signedInAt, agent }) => ({ signed_in_at: iso(signedInAt), agent })),
    ),
    listed('remembered_browsers', { pk, prefix: 'BROWSER#' }, now),
    whole('passkeys', async () =>
      (await passkeysOf(person.subject)).map(({ id, name, createdAt, lastUsedAt, isBackedUp }) => ({
        id_sha256: passkeyHash(id),
        name,
        added_at: iso(createdAt),
        last_used_at: lastUsedAt === undefined ? undefined : iso(lastUsedAt),
        is_backed_up: isBackedUp,
      })),
    ),
    {
      name: 'links',
      list: 'links',
      takes: (after) => after.startsWith('LINK#'),
      read: async (after) => {
        const { links, next } = await linksOf(person.subject, after);
        return { items: await describedLinks(links, now), next };
      },
    },
    ...ownPartitions(person).map((partition, at) => kept(`kept${at}`, partition, now)),
    {
      name: 'activity',
      list: 'activity',
      takes: (after) => placeIn(after) !== undefined,
      read: async (after) => {
        const { items, next } = await stretchOf(person, { from: after ?? dayOf(now), oldest }, now);
        return { items: items.map(({ position: _, ...item }) => item), next: next >= oldest ? next : undefined };
      },
    },
  ];
}

type Stored = Key & Readonly<Record<string, unknown>>;

/** What is stored with an address, by the hash of what it is of. */
function listed(name: string, { pk, prefix }: { readonly pk: string; readonly prefix: string }, now: number): Section {
  return {
    name,
    list: name,
    takes: (after) => after.startsWith(prefix),
    read: async (after) => {
      const { items, next } = await query<Stored>(pk, { after, prefix, most: PAGE, now });
      return { items: items.map(({ pk: _pk, sk, ...item }) => ({ sha256: sk.slice(prefix.length), ...item })), next };
    },
  };
}

/** What tools keep, as they keep it. */
function kept(name: string, { pk, prefix, tenant }: OwnPartition, now: number): Section {
  return {
    name,
    list: 'kept',
    takes: (after) => Buffer.byteLength(after) <= LONGEST_KEY,
    read: async (after) => {
      const { items, next } = await query<Stored>(pk, { after, most: PAGE, now });
      const kind = prefix.slice(0, -1).toLowerCase();
      return { items: items.map(({ pk: _, sk, ...item }) => ({ kind, tenant, key: sk, ...item })), next };
    },
  };
}

async function describedGrants(grants: readonly Grant[], now: number): Promise<readonly unknown[]> {
  const clients = await registrationsOf(
    grants.map(({ clientId }) => clientId),
    now,
  );
  return grants.map(({ id, clientId, scopes, createdAt, expiresAt, ratchet }) => ({
    grant_id: id,
    client_id: clientId,
    client_name: clients.get(clientId)?.client.name,
    scopes,
    connected_at: iso(createdAt),
    last_active_at: iso(ratchet.rotatedAt),
    expires_at: iso(expiresAt),
  }));
}

async function describedLinks(links: readonly NotedLink[], now: number): Promise<readonly unknown[]> {
  const found = links.length === 0 ? [] : await findAll(links.map(linkLookup), now);
  return links.map(({ hash, provider, linkedAt }, at) => {
    const { address, usedAt } = found[at] ?? {};
    return {
      identity_sha256: hash,
      provider,
      address,
      linked_at: iso(linkedAt),
      last_used_at: usedAt === undefined ? undefined : iso(usedAt),
    };
  });
}

/** What the table holds and JSON does not. */
export function asJson(_key: string, value: unknown): unknown {
  if (value instanceof Uint8Array) return Buffer.from(value).toString('base64');
  if (value instanceof Set) return [...value];
  return typeof value === 'bigint' ? String(value) : value;
}

function iso(seconds: number): string {
  return new Date(seconds * 1_000).toISOString();
}
