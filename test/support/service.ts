import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A request as the service got it. */
type Asked = {
  readonly method: string | undefined;
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly body: string;
};

/** A service of others, on this machine. */
export type Service = {
  readonly url: string;
  /** What it was asked since it last forgot it. */
  readonly asked: Asked[];
  /** Answers a path in some way from now on. */
  readonly serve: (path: string, answer: RequestListener) => void;
  readonly stop: () => Promise<void>;
};

/** Starts a service. It fails at what it does not serve. */
export async function startService(): Promise<Service> {
  const answers = new Map<string, RequestListener>();
  const asked: Asked[] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const { pathname: path, searchParams } = new URL(request.url ?? '', 'http://service');
    const { method, headers } = request;
    asked.push({
      method,
      path,
      query: Object.fromEntries(searchParams),
      headers,
      body: Buffer.concat(chunks).toString(),
    });
    const answer = answers.get(path) ?? status(404);
    answer(request, response);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    serve: (path, answer) => void answers.set(path, answer),
    stop: async () => {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

/** Answers with JSON. */
export function json(value: unknown): RequestListener {
  const headers = { 'content-type': 'application/json; charset=utf-8' };
  return (_, response) => void response.writeHead(200, headers).end(JSON.stringify(value));
}

/** Answers with a status, and a page that says so. */
export function status(code: number, headers: Record<string, string> = {}): RequestListener {
  return (_, response) =>
    void response.writeHead(code, { 'content-type': 'text/html', ...headers }).end('<h1>Oops</h1>');
}

const typed = { 'content-type': 'application/json' };

/** How a service can fail, and what is said of it. A service that waits is given up after the time of the settings. */
export const failures: readonly (readonly [how: string, answer: RequestListener, said: string])[] = [
  ['fails', status(500), 'it answered with status 500'],
  ['is busy', status(429, { 'retry-after': '60' }), 'it answered with status 429'],
  ['sends elsewhere', status(302, { location: '/elsewhere' }), 'it answered with status 302'],
  ['answers with a page', status(200), 'it did not answer with JSON'],
  [
    'breaks off in its JSON',
    (_, response) => void response.writeHead(200, typed).end('{"a":'),
    'it did not answer with JSON',
  ],
  ['answers with a flood', json('x'.repeat(600_000)), 'its answer is larger than 524288 bytes'],
  ['hangs up', (_, response) => void response.destroy(), 'it cannot be reached'],
  ['never answers', () => undefined, 'it did not answer in time'],
  ['never ends', (_, response) => void response.writeHead(200, typed).write('{'), 'it did not answer in time'],
];
