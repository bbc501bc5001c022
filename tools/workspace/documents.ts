import type { Principal } from '#core/oauth/types.ts';
import { ALWAYS, find, query } from '#core/store/table.ts';
import { type Call, ToolError } from '../define-tool.ts';
import type { Document } from './document.ts';

/**
 * A page of the table is 1 MB at most. So much is read at once that all of it may stand in one transaction, which is
 * 4 MB at most, and that a busy searcher leaves the table to others.
 */
const PAGE = 330;
const MOST_PAGES = 3;

/** How many documents one call reads at most. */
export const mostDocuments = PAGE * MOST_PAGES;

/** A document as it is kept. The version counts its changes, so that no two writers overwrite each other. */
type StoredDocument = { readonly document: Document };

const partition = ({ tenant }: Principal) => `DOCUMENT#${tenant}`;
const sortKey = (id: string) => `DOCUMENT#${id}`;

/** Finds one of the tenant's documents. Throws when there is none; another tenant's is none. */
export async function requireDocument(call: Call, id: string): Promise<Document> {
  const stored = await find<StoredDocument>({ pk: partition(call), sk: sortKey(id) }, call.now);
  if (!stored) throw new ToolError('There is no such document.');
  return stored.document;
}

/**
 * What `take` makes of the tenant's documents, without those of which it makes nothing: newest first, as far as one
 * call reads.
 */
export async function readDocuments<T>(
  call: Call,
  take: (document: Document) => T | undefined,
): Promise<{ readonly taken: readonly T[]; readonly isComplete: boolean }> {
  const taken: T[] = [];
  let after: string | undefined;
  for (let page = 0; page < MOST_PAGES; page += 1) {
    const found = await query<StoredDocument>(partition(call), { after, most: PAGE, backwards: true });
    taken.push(...found.items.flatMap(({ document }) => take(document) ?? []));
    after = found.next;
    if (after === undefined) break;
  }
  return { taken, isComplete: after === undefined };
}

/** Stages a new document. */
export function addDocument(call: Call, document: Document): Document {
  call.write({ pk: partition(call), sk: sortKey(document.id), put: { document } });
  return document;
}

/** Stages a change of a document, on the condition that nobody else has changed it since it was read. */
export function changeDocument(call: Call, document: Document, changes: Partial<Document>): Document {
  const { id, version } = document;
  const updatedAt = new Date(call.nowMilliseconds).toISOString();
  const changed = { ...document, ...changes, version: version + 1, updatedAt };
  call.write({
    ...{ pk: partition(call), sk: sortKey(id) },
    change: 'SET #document = :document',
    condition: '#document.#version = :version',
    values: { ':document': changed, ':version': version },
  });
  return changed;
}

/** Stages the removal of a document, whatever has become of it, so that a removal may be repeated. */
export function removeDocument(call: Call, id: string): void {
  call.write({ pk: partition(call), sk: sortKey(id), remove: true, condition: ALWAYS });
}
