import type { IncomingMessage } from 'node:http';
import { readBytes } from './read-bytes.ts';

/**
 * What came of a fetch. The reason of a failure tells nothing of what was fetched. It is passing when the host is out of
 * order, so that nothing is known of what it would have said.
 */
export type Fetched =
  | { readonly ok: true; readonly value: unknown; readonly cacheControl: string | undefined }
  | { readonly ok: false; readonly reason: string; readonly isPassing: boolean };

/** Reads an answer with status 200, or another that is asked for, that is JSON and has at most so many bytes. */
export async function readJson(
  response: IncomingMessage,
  mostBytes: number,
  signal: AbortSignal,
  statuses: readonly number[] = [200],
): Promise<Fetched> {
  const { statusCode, headers } = response;
  const mediaType = headers['content-type']?.split(';', 1)[0]?.trim().toLowerCase() ?? '';
  const isJson = mediaType === 'application/json' || /^application\/[\w.-]+\+json$/.test(mediaType);
  const isRead = statuses.includes(statusCode ?? 0);
  if (!isRead || !isJson) {
    response.destroy();
    return failed(
      isRead ? 'it did not answer with JSON' : `it answered with status ${statusCode}`,
      isOutOfOrder(statusCode),
    );
  }
  const body = await readBytes(response, mostBytes, signal);
  return body ? parsed(body, headers['cache-control']) : failed(`its answer is larger than ${mostBytes} bytes`);
}

/** Overloaded, in error, or asking to come back later. RFC 9110 §15.5.9 and §15.6, RFC 6585 §4. */
function isOutOfOrder(status = 500): boolean {
  return status >= 500 || status === 408 || status === 429;
}

/** A fetch that came to nothing. */
export function failed(reason: string, isPassing = false): Fetched {
  return { ok: false, reason, isPassing };
}

function parsed(body: Buffer, cacheControl: string | undefined): Fetched {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(body);
    return { ok: true, value: JSON.parse(text), cacheControl };
  } catch (error) {
    if (error instanceof TypeError || error instanceof SyntaxError) return failed('it did not answer with JSON');
    throw error;
  }
}
