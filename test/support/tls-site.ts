import { once } from 'node:events';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { newCertificate } from './certificate.ts';
import { document } from './client-site.ts';

/** A site on this machine that speaks TLS and publishes one document. */
export type TlsSite = {
  /** Where the document is. */
  readonly url: string;
  /** Its name and port, as the server is told to trust them. */
  readonly host: string;
  /** The certificate that vouches for it. Nobody trusts it who is not told to. */
  readonly caFile: string;
  readonly stop: () => Promise<void>;
};

/** Starts a site on a free port. Its document, of at most a few KB, may name the URL that it is at. */
export async function startTlsSite(metadata: (url: string) => object): Promise<TlsSite> {
  const { key, cert, caFile, remove } = await newCertificate();
  const server = createServer({ key, cert });
  server.listen(0, 'localhost');
  await once(server, 'listening');
  const host = `localhost:${(server.address() as AddressInfo).port}`;
  const url = `https://${host}/client.json`;
  server.on('request', document(metadata(url)));
  return {
    url,
    host,
    caFile,
    stop: async () => {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
      remove();
    },
  };
}
