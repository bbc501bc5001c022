import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

/** A request that a service got. */
export type Got = {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
};

/** What a service answers: a status, headers and a body, or whatever is done with the response. */
export type Reply =
  | {
      readonly status?: number;
      readonly headers?: Readonly<Record<string, string>>;
      readonly body?: string;
    }
  | ((response: ServerResponse) => void);

/** A service on the loopback that answers as it is told, one reply after the other, and then with `{}`. */
export type ServiceSite = {
  readonly url: string;
  readonly got: Got[];
  readonly replies: Reply[];
  readonly stop: () => void;
};

export async function startServiceSite(): Promise<ServiceSite> {
  const got: Got[] = [];
  const replies: Reply[] = [];
  const server = createServer(async (request, response) => {
    const { method = '', url: path = '', headers } = request;
    got.push({ method, path, headers, body: await text(request) });
    const reply = replies.shift() ?? {};
    if (typeof reply === 'function') return reply(response);
    response.writeHead(reply.status ?? 200, { ...reply.headers }).end(reply.body ?? '{}');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    got,
    replies,
    stop: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}
