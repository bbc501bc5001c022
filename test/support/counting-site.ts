import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A site beyond the server, which counts who comes. */
export type CountingSite = {
  /** An address there that no other test uses. */
  readonly newUrl: () => string;
  /** How often an address was asked for. */
  readonly visits: (url: string) => number;
  readonly stop: () => void;
};

/** Starts a site on a free port. */
export async function startCountingSite(): Promise<CountingSite> {
  const visits = new Map<string, number>();
  const server = createServer(({ url = '' }, response) => {
    visits.set(url, (visits.get(url) ?? 0) + 1);
    response.end();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  let made = 0;
  return {
    newUrl: () => `${origin}/${++made}`,
    visits: (url) => visits.get(new URL(url).pathname) ?? 0,
    stop: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}
