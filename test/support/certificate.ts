// Before what needs it: the library's own dependencies look for it as they load.
import 'reflect-metadata';
import { KeyObject, webcrypto } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BasicConstraintsExtension, SubjectAlternativeNameExtension, X509CertificateGenerator } from '@peculiar/x509';

const millisecondsOfDay = 24 * 60 * 60 * 1_000;

/** A key and a certificate that is its own authority. */
export type Certificate = {
  readonly key: string;
  readonly cert: string;
  /** The certificate in a file. Nobody trusts it who is not told to. */
  readonly caFile: string;
  readonly remove: () => void;
};

/** Makes a certificate for a host, good for so many days from now. */
export async function newCertificate({ days = 1, name = 'localhost' } = {}): Promise<Certificate> {
  const algorithm = { name: 'ECDSA', namedCurve: 'P-256' };
  const keys = await webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
  const now = Date.now();
  const certificate = await X509CertificateGenerator.createSelfSigned({
    name: `CN=${name}`,
    keys,
    signingAlgorithm: { name: 'ECDSA', hash: 'SHA-256' },
    notBefore: new Date(now),
    notAfter: new Date(now + days * millisecondsOfDay),
    extensions: [
      new BasicConstraintsExtension(true),
      new SubjectAlternativeNameExtension([{ type: 'dns', value: name }]),
    ],
  });
  const key = KeyObject.from(keys.privateKey).export({ type: 'pkcs8', format: 'pem' }).toString();
  const cert = certificate.toString('pem');
  const folder = mkdtempSync(join(tmpdir(), 'vestibule-tls-'));
  const caFile = join(folder, 'certificate.pem');
  writeFileSync(caFile, cert);
  return { key, cert, caFile, remove: () => rmSync(folder, { recursive: true }) };
}
