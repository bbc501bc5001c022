import { type Fetched, failed, readJson } from './read-json.ts';
import { openService, reasonWithout } from './service-connection.ts';

const MOST_BYTES = 512 * 1024;

/** A question to a service that the operator chose: GET, or POST where there is a body to send as JSON. */
export type ServiceRequest = {
  readonly url: URL;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: object;
  readonly signal: AbortSignal;
};

/**
 * Asks a service that the operator chose, until the signal is aborted; no redirect is followed; 200, JSON and 512 KB.
 * Each time over a connection of its own: one that is kept may be gone when a Lambda wakes up.
 */
export async function askService({ url, headers, body, signal }: ServiceRequest): Promise<Fetched> {
  const content = body && { type: 'application/json', text: JSON.stringify(body) };
  const method = content ? 'POST' : 'GET';
  try {
    return await readJson(await openService({ url, method, headers, content, signal }), MOST_BYTES, signal);
  } catch (error) {
    return failed(reasonWithout(error, signal));
  }
}
