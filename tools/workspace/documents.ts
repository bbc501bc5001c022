import type { Principal } from '#core/oauth/types.ts';
import { find, query } from '#core/store/table.ts';
import { type AddingCall, type Call, type ChangingCall, ToolError } from '../define-tool.ts';
import type { Document } from './document.ts';
import { changedShares, differences, type Shares } from './shares.ts';

/**
 * A page of the table is 1 MB at most. So much is read at once that all of it may stand in one transaction, which is
 * 4 MB at most, and that a busy searcher leaves the table to others.
 */
const PAGE = 330;
const MOST_PAGES = 3;

/** How many documents one call reads at most. */
export const mostDocuments = PAGE * MOST_PAGES;

/**
 * A document as it is kept, and for whom its bytes count. The version counts its changes, so that no two writers
 * overwrite each other.
 */
export type StoredDocument = { readonly document: Document; readonly shares: Shares };

/** From before there were shares, all of a document is its author's. */
type Item = { readonly document: Document; readonly shares?: Shares };

function storedDocument({ document, shares = { [document.author]: bytesOf(document) } }: Item): StoredDocument {
  return { document, shares };
}

const partition = ({ tenant }: Principal) => `DOCUMENT#${tenant}`;
const sortKey = (id: string) => `DOCUMENT#${id}`;

/** Finds one of the tenant's documents. Throws when there is none; another tenant's is none. */
export async function requireDocument(call: Call, id: string): Promise<StoredDocument> {
  const item = await find<Item>({ pk: partition(call), sk: sortKey(id) }, call.now);
  if (!item) throw new ToolError('There is no such document.');
  return storedDocument(item);
}

/**
 * What `take` makes of the tenant's documents, without those of which it makes nothing: newest first, as far as one
 * call reads.
 */
export async function readDocuments<T>(
  call: Call,
  take: (stored: StoredDocument) => T | undefined,
): Promise<{ readonly taken: readonly T[]; readonly isComplete: boolean }> {
  const taken: T[] = [];
  let isComplete = false;
  for await (const { stored, next } of pages(call)) {
    taken.push(...stored.flatMap((one) => timed(call, take)(one) ?? []));
    isComplete = next === undefined;
  }
  return { taken, isComplete };
}

type Wanted = {
  /** Without it, all are wanted. */
  readonly matches: ((document: Document) => boolean) | undefined;
  readonly after: string | undefined;
  readonly most: number;
};

/** The tenant's documents that match, newest first, and the id to go on after if there may be more. */
export async function listDocuments(
  call: Call,
  { matches, after, most }: Wanted,
): Promise<{ readonly documents: readonly Document[]; readonly next: string | undefined }> {
  const found: Document[] = [];
  let place = after;
  const size = matches === undefined ? most + 1 : PAGE;
  for await (const { stored, next } of pages(call, { after, size })) {
    found.push(...stored.map(({ document }) => document).filter(timed(call, matches ?? (() => true))));
    if (found.length > most) return { documents: found.slice(0, most), next: found[most - 1]?.id };
    place = next;
  }
  return { documents: found, next: place };
}

/** As many pages of the tenant's documents as one call reads, newest first. */
async function* pages(call: Call, { after: from, size = PAGE }: { after?: string | undefined; size?: number } = {}) {
  let after = from;
  for (let page = 0; page < MOST_PAGES; page += 1) {
    const place = after && sortKey(after);
    const found = await query<Item>(partition(call), { after: place, most: size, backwards: true });
    after = found.next?.slice(sortKey('').length);
    yield { stored: found.items.map(storedDocument), next: after };
    if (after === undefined) break;
  }
}

/** Each document is a unit of work, after which the call may be over. */
function timed<D, T>({ requireTime }: Call, work: (one: D) => T): (one: D) => T {
  return (one) => {
    requireTime();
    return work(one);
  };
}

/** Stages a new document. */
export function addDocument(call: AddingCall, document: Document): Document {
  const shares = { [call.subject]: bytesOf(document) };
  call.write({ pk: partition(call), sk: sortKey(document.id), put: { document, shares } });
  call.keep('documentsPerPerson', { items: 1, bytes: bytesOf(document) });
  return document;
}

/** Stages a change of a document, on the condition that nobody else has changed it since it was read. */
export function changeDocument(call: ChangingCall, stored: StoredDocument, changes: Partial<Document>): Document {
  const { document, shares } = stored;
  const { id, version, author } = document;
  const updatedAt = new Date(call.nowMilliseconds).toISOString();
  const changed = { ...document, ...changes, version: version + 1, updatedAt };
  const next = changedShares(shares, { subject: call.subject, author, bytes: bytesOf(changed) - bytesOf(document) });
  call.write({
    pk: partition(call),
    sk: sortKey(id),
    change: 'SET #document = :document, #shares = :shares',
    condition: '#document.#version = :version',
    values: { ':document': changed, ':shares': next, ':version': version },
  });
  for (const [subject, bytes] of differences(shares, next))
    call.keep('documentsPerPerson', { items: 0, bytes }, subject);
  return changed;
}

/** What of a document is needed to remove it. */
export type Removable = Pick<Document, 'id' | 'version' | 'author'> & { readonly shares: Shares };

/** What of a document is needed to remove it, without its text. */
export function removable({ document, shares }: StoredDocument): Removable {
  const { id, version, author } = document;
  return { id, version, author, shares };
}

/**
 * Stages the removal of a document as it was read. One that is gone meanwhile fails, or what it gives back would be
 * given back twice.
 */
export function removeDocument(call: ChangingCall, { id, version, author, shares }: Removable): void {
  call.write({
    pk: partition(call),
    sk: sortKey(id),
    remove: true,
    condition: '#document.#version = :version',
    values: { ':version': version },
  });
  call.keep('documentsPerPerson', { items: -1, bytes: 0 }, author);
  for (const [subject, bytes] of differences(shares, {})) call.keep('documentsPerPerson', { items: 0, bytes }, subject);
}

/** The bytes of what people wrote in a document. */
function bytesOf({ title, text }: Document): number {
  return Buffer.byteLength(title) + Buffer.byteLength(text);
}
