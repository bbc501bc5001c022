import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Failure } from './failure.ts';

/** The place on this device that the browser brings the answer to. */
export type Callback = {
  readonly redirectUri: string;
  /** The parameters of the answer that carries our state. */
  readonly answer: (timeoutSeconds: number) => Promise<URLSearchParams>;
  readonly close: () => void;
};

/**
 * Listens on a free loopback port. An answer with another state is refused, and the wait goes on: anything on this
 * device can send one, and must not end the sign-in either. RFC 8252 §7.3, RFC 9700 §4.7.1.
 */
export async function listenForCallback(state: string, note: (line: string) => void): Promise<Callback> {
  const answered = Promise.withResolvers<URLSearchParams>();
  const server = createServer((request, response) => {
    const asked = URL.parse(request.url ?? '/', 'http://127.0.0.1');
    const reply = (status: number, text: string, then?: () => void) =>
      response.writeHead(status, headers).end(page(text), then);
    if (request.method !== 'GET' || asked?.pathname !== '/callback') return void reply(404, 'There is nothing here.');
    const { searchParams } = asked;
    note(`← GET ${request.url}`);
    if (searchParams.get('state') !== state)
      return void reply(400, 'This is not the answer to the sign-in that was begun, so it was refused.');
    const text = searchParams.has('error')
      ? 'The sign-in did not succeed. Your terminal says why.'
      : 'You are signed in.';
    return void reply(200, `${text} You can close this window.`, () => answered.resolve(searchParams));
  });
  await listen(server);
  return {
    redirectUri: `http://127.0.0.1:${portOf(server)}/callback`,
    answer: (timeoutSeconds) => within(timeoutSeconds, answered.promise),
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}

const headers = {
  'content-type': 'text/html; charset=utf-8',
  'content-security-policy': "default-src 'none'",
  'referrer-policy': 'no-referrer',
  connection: 'close',
};

function page(text: string): string {
  return `<!doctype html>\n<html lang="en"><meta charset="utf-8"><title>Sign-in</title><p>${text}</p></html>\n`;
}

async function listen(server: Server): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  server.once('error', reject).listen(0, '127.0.0.1', resolve);
  await promise;
}

function portOf(server: Server): number {
  const { port } = server.address() as AddressInfo;
  return port;
}

async function within<T>(timeoutSeconds: number, promise: Promise<T>): Promise<T> {
  const tooLate = Promise.withResolvers<never>();
  const sentence = `Nobody finished the sign-in within ${timeoutSeconds} seconds; run the command again to try anew.`;
  const timer = setTimeout(() => tooLate.reject(new Failure(sentence, 3)), timeoutSeconds * 1_000);
  return await Promise.race([promise, tooLate.promise]).finally(() => clearTimeout(timer));
}
