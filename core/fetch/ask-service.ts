import type { IncomingMessage } from 'node:http';
import { request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import { optionalEnv } from '#core/env.ts';
import { type Fetched, failed, readJson } from './read-json.ts';

const MOST_BYTES = 512 * 1024;
/** Who asks, and where its operator is found. Wikimedia's User-Agent policy wants both. */
const userAgent = `Vestibule/0.1 (${optionalEnv('ISSUER')})`;

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
export async function askService(question: ServiceRequest): Promise<Fetched> {
  const { signal } = question;
  try {
    return await readJson(await open(question), MOST_BYTES, signal);
  } catch (error) {
    if (signal.aborted) return failed('it did not answer in time');
    if (error instanceof Error && 'code' in error) return failed('it cannot be reached');
    throw error;
  }
}

function open({ url, headers, body, signal }: ServiceRequest): Promise<IncomingMessage> {
  const sent = body && JSON.stringify(body);
  const options = {
    signal,
    agent: false,
    method: sent === undefined ? 'GET' : 'POST',
    headers: {
      accept: 'application/json',
      'user-agent': userAgent,
      ...(sent !== undefined && { 'content-type': 'application/json', 'content-length': Buffer.byteLength(sent) }),
      ...headers,
    },
  };
  const request = url.protocol === 'https:' ? requestHttps(url, options) : requestHttp(url, options);
  return new Promise((resolve, reject) => request.once('response', resolve).once('error', reject).end(sent));
}
