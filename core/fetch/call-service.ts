import type { IncomingMessage } from 'node:http';
import { readBytes } from './read-bytes.ts';
import { openService, reasonWithout, type ServiceCall } from './service-connection.ts';

const MOST_BYTES = 1024 * 1024;

/** What a service answered, as text, whatever its status; or why it did not. */
export type Called =
  | {
      readonly ok: true;
      readonly status: number;
      readonly mediaType: string;
      readonly retryAfter: string | undefined;
      readonly text: string;
    }
  | { readonly ok: false; readonly reason: string };

/** Calls a service that the operator chose, until the signal is aborted; no redirect is followed; text and 1 MB. */
export async function callService(call: ServiceCall): Promise<Called> {
  try {
    return await readText(await openService(call), call.signal);
  } catch (error) {
    return { ok: false, reason: reasonWithout(error, call.signal) };
  }
}

async function readText(response: IncomingMessage, signal: AbortSignal): Promise<Called> {
  const { statusCode: status = 0, headers } = response;
  const mediaType = headers['content-type']?.split(';', 1)[0]?.trim().toLowerCase() ?? '';
  const body = await readBytes(response, MOST_BYTES, signal);
  if (!body) return { ok: false, reason: `its answer is larger than ${MOST_BYTES} bytes` };
  const text = decoded(body);
  const isText = body.length === 0 || (isOfText(mediaType) && headers['content-encoding'] === undefined);
  if (!isText || text === undefined) return { ok: false, reason: 'it answered with something other than text' };
  return { ok: true, status, mediaType, retryAfter: headers['retry-after'], text };
}

/** JSON, XML and what says that it is text. A service that says nothing is believed to send text. */
function isOfText(mediaType: string): boolean {
  return mediaType === '' || /^text\/|[/+](json|xml|yaml|x-ndjson|javascript)$/.test(mediaType);
}

function decoded(bytes: Buffer): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}
