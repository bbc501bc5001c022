import { type IncomingMessage, request as sendPlain } from 'node:http';
import { request as sendByTls } from 'node:https';
import type { LookupFunction } from 'node:net';
import { Readable } from 'node:stream';

const withoutBody = [204, 205, 304];

/** Whether a name is below `localhost`, which many systems cannot look up although it is always this machine. */
export function isBelowLocalhost({ hostname }: URL): boolean {
  return /\.localhost\.?$/.test(hostname);
}

/** `fetch` from this machine, whatever the name is: names below `localhost` need no look-up. RFC 6761 §6.3. */
export async function fetchFromLoopback(url: URL, init: RequestInit): Promise<Response> {
  const request = new Request(url, init);
  const body = Buffer.from(await request.arrayBuffer());
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
  const options = {
    method: request.method,
    headers: { ...Object.fromEntries(request.headers), host: url.host, 'content-length': body.length },
    ...(init.signal && { signal: init.signal }),
    lookup: thisMachine,
  };
  const send = url.protocol === 'https:' ? sendByTls : sendPlain;
  send(url, options).once('response', resolve).once('error', reject).end(body);
  return responseOf(await promise);
}

/** Takes every name for this machine. */
export const thisMachine: LookupFunction = (_name, { all }, found) =>
  all ? found(null, [{ address: '127.0.0.1', family: 4 }]) : found(null, '127.0.0.1', 4);

function responseOf(message: IncomingMessage): Response {
  const { statusCode = 500, statusMessage = '', rawHeaders } = message;
  const headers = new Headers();
  for (let at = 0; at < rawHeaders.length; at += 2) headers.append(rawHeaders[at] ?? '', rawHeaders[at + 1] ?? '');
  const body = withoutBody.includes(statusCode) ? null : (Readable.toWeb(message) as ReadableStream);
  if (body === null) message.resume();
  return new Response(body, { status: statusCode, statusText: statusMessage, headers });
}
