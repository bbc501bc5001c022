import { once } from 'node:events';
import type { IncomingMessage, RequestOptions, Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** To import `node:http` loads all that `fetch` needs as well, which takes a third of the start. */
export const { Agent, createServer, request, validateHeaderName, validateHeaderValue } =
  process.getBuiltinModule('node:http');

/** Binds a server. Returns its port, which is any free one if 0 is asked for. */
export async function listen(server: Server, host: string, port: number): Promise<number> {
  server.listen(port, host);
  await once(server, 'listening');
  return portOf(server);
}

/** The port that a server is bound to. */
function portOf(server: Server): number {
  return (server.address() as AddressInfo).port;
}

/** Reads a whole body. Undefined if it is larger than the limit: what is beyond that is read, but not kept. */
export function readBody(message: IncomingMessage, limit: number): Promise<Buffer | undefined> {
  const body = Promise.withResolvers<Buffer | undefined>();
  const chunks: Buffer[] = [];
  let size = 0;
  message.on('data', (chunk: Buffer) => {
    size += chunk.length;
    if (size <= limit) chunks.push(chunk);
  });
  message.on('end', () => body.resolve(size > limit ? undefined : Buffer.concat(chunks)));
  message.on('error', body.reject);
  message.on('close', () => {
    if (!message.readableEnded) body.reject(new Error('The connection was closed'));
  });
  return body.promise;
}

/** Sends one request to a program on this machine. Rejects if there is no answer. */
export async function exchange(
  url: string | URL,
  { body, ...options }: RequestOptions & { readonly body?: string } = {},
): Promise<{ readonly status: number; readonly text: string }> {
  const answer = Promise.withResolvers<IncomingMessage>();
  request(url, options, answer.resolve).on('error', answer.reject).end(body);
  const message = await answer.promise;
  const read = await readBody(message, Number.POSITIVE_INFINITY);
  return { status: message.statusCode ?? 0, text: String(read) };
}
