import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A key and a certificate that is its own authority. */
export type Certificate = {
  readonly key: Buffer;
  readonly cert: Buffer;
  /** The certificate. Nobody trusts it who is not told to. */
  readonly caFile: string;
  readonly remove: () => void;
};

/** Makes a certificate, good for so many days. Throws when openssl does not. */
export function newCertificate({ days = 1, name = 'localhost' } = {}): Certificate {
  const folder = mkdtempSync(join(tmpdir(), 'vestibule-tls-'));
  const [keyFile, caFile] = [join(folder, 'key.pem'), join(folder, 'certificate.pem')];
  const { error, status, stderr } = spawnSync(
    'openssl',
    [
      ...['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'],
      ...['-days', String(days), '-subj', `/CN=${name}`, '-addext', `subjectAltName=DNS:${name}`],
      ...['-keyout', keyFile, '-out', caFile],
    ],
    { encoding: 'utf8' },
  );
  if (status !== 0) throw new Error(`openssl made no certificate: ${stderr}`, { cause: error });
  const remove = () => rmSync(folder, { recursive: true });
  return { key: readFileSync(keyFile), cert: readFileSync(caFile), caFile, remove };
}
