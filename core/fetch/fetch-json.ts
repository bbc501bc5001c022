import { type Fetched, failed, readJson } from './read-json.ts';
import { type Asked, isNotPublic, openStranger, strangerMilliseconds } from './stranger-connection.ts';

const LARGEST_BODY = 5 * 1024;

/** What is asked beside a plain GET of a small document. */
type AskedForJson = Asked & {
  readonly mostBytes?: number;
  /** The statuses whose answers are read. */
  readonly statuses?: readonly number[];
};

/**
 * Fetches JSON from an address that a stranger chose. Every address of its host must be public, and the connection
 * goes to one of those that were checked; no redirect is followed; 200, JSON, 5 KB and 5 seconds in all.
 * A host that the operator trusts may be private. Client ID Metadata Document §6.
 */
export async function fetchJson(url: URL, isTrusted: boolean, asked: AskedForJson = {}): Promise<Fetched> {
  const signal = AbortSignal.timeout(strangerMilliseconds);
  const { mostBytes = LARGEST_BODY, statuses } = asked;
  try {
    const response = await openStranger(url, isTrusted, asked, signal);
    if (!response) return failed(isNotPublic);
    return await readJson(response, mostBytes, signal, statuses);
  } catch (error) {
    return failed(error instanceof Error ? error.message : String(error), true);
  }
}
