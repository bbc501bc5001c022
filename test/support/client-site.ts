import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A site on this machine that publishes what clients say of themselves, and counts who comes for it. */
export type ClientSite = {
  /** Its name and port, as the server is told to trust them. */
  readonly host: string;
  /** Serves a path in some way from now on. Gives its URL. */
  readonly serve: (path: string, answer: RequestListener) => string;
  /** Publishes a metadata document at an address of its own. Gives that address, which is the client's id. */
  readonly publish: (metadata: object, cacheControl?: string) => string;
  /** How often a URL was asked for. */
  readonly visits: (url: string) => number;
  readonly stop: () => Promise<void>;
};

/** Starts a site. What it does not serve is 404. */
export async function startClientSite(): Promise<ClientSite> {
  const answers = new Map<string, RequestListener>();
  const visited: string[] = [];
  const server = createServer((request, response) => {
    const path = request.url ?? '';
    visited.push(path);
    const answer = answers.get(path) ?? failing(404);
    answer(request, response);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  const serve = (path: string, answer: RequestListener) => {
    answers.set(path, answer);
    return `http://${host}${path}`;
  };
  return {
    host,
    serve,
    publish: (metadata, cacheControl) => {
      const path = `/${randomUUID()}/client.json`;
      return serve(path, document({ client_id: `http://${host}${path}`, ...metadata }, cacheControl));
    },
    visits: (url) => visited.filter((path) => path === url.replace(`http://${host}`, '')).length,
    stop: async () => {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

/** Answers with JSON that may be kept for a while. */
export function document(value: unknown, cacheControl = 'max-age=300'): RequestListener {
  const headers = { 'content-type': 'application/json', 'cache-control': cacheControl };
  return (_, response) => void response.writeHead(200, headers).end(JSON.stringify(value));
}

/** Answers with a failure, in the words of a proxy. */
export function failing(status: number, headers: Record<string, string> = {}): RequestListener {
  return (_, response) => void response.writeHead(status, { 'content-type': 'text/html', ...headers }).end('<h1>Oops');
}

/** Closes each connection without an answer. */
export const down: RequestListener = (_, response) => void response.destroy();
