import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
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
  const folder = mkdtempSync(join(tmpdir(), 'vestibule-tls-'));
  const [keyFile, caFile] = [join(folder, 'key.pem'), join(folder, 'certificate.pem')];
  certify(keyFile, caFile);
  const server = createServer({ key: readFileSync(keyFile), cert: readFileSync(caFile) });
  server.listen(0, 'localhost');
  await once(server, 'listening');
  const host = `localhost:${(server.address() as AddressInfo).port}`;
  const url = `https://${host}/client.json`;
  server.on('request', document(metadata(url)));
  return {
    ...{ url, host, caFile },
    stop: async () => {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
      rmSync(folder, { recursive: true });
    },
  };
}

/** Makes a key and a certificate for localhost that is its own authority, good for a day. */
function certify(keyFile: string, certificateFile: string): void {
  const { error, status, stderr } = spawnSync(
    'openssl',
    [
      ...['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '1'],
      ...['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost'],
      ...['-keyout', keyFile, '-out', certificateFile],
    ],
    { encoding: 'utf8' },
  );
  if (status !== 0) throw new Error(`openssl made no certificate: ${stderr}`, { cause: error });
}
