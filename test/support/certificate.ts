// Before what needs it: the library's own dependencies look for it as they load.
import 'reflect-metadata';
import { KeyObject, webcrypto } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  AuthorityKeyIdentifierExtension,
  BasicConstraintsExtension,
  SubjectAlternativeNameExtension,
  SubjectKeyIdentifierExtension,
  X509CertificateGenerator,
} from '@peculiar/x509';

const millisecondsOfDay = 24 * 60 * 60 * 1_000;

/** A key and a certificate that is its own authority. */
export type Certificate = {
  readonly key: string;
  readonly cert: string;
  /** The certificate in a file. Nobody trusts it who is not told to. */
  readonly caFile: string;
  /** The key in a file. */
  readonly keyFile: string;
  readonly remove: () => void;
};

type Wanted = {
  /** For how many days from now it is good. */
  readonly days?: number;
  readonly name?: string;
  /** What else it is for: further names, which may begin with `*.`, and addresses. */
  readonly others?: readonly { readonly type: 'dns' | 'ip'; readonly value: string }[];
  /** It says by which key it is signed: without that, Claude Code does not find that it is its own authority. */
  readonly namesKeys?: boolean;
};

/** Makes a certificate for a host. */
export async function newCertificate(wanted: Wanted = {}): Promise<Certificate> {
  const { days = 1, name = 'localhost', others = [], namesKeys = false } = wanted;
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
      new SubjectAlternativeNameExtension([{ type: 'dns', value: name }, ...others]),
      ...(namesKeys ? await keyIdentifiers(keys.publicKey) : []),
    ],
  });
  const key = KeyObject.from(keys.privateKey).export({ type: 'pkcs8', format: 'pem' }).toString();
  const cert = certificate.toString('pem');
  const folder = mkdtempSync(join(tmpdir(), 'vestibule-tls-'));
  const caFile = join(folder, 'certificate.pem');
  writeFileSync(caFile, cert);
  const keyFile = join(folder, 'key.pem');
  writeFileSync(keyFile, key, { mode: 0o600 });
  return { key, cert, caFile, keyFile, remove: () => rmSync(folder, { recursive: true }) };
}

function keyIdentifiers(key: webcrypto.CryptoKey) {
  return Promise.all([SubjectKeyIdentifierExtension.create(key), AuthorityKeyIdentifierExtension.create(key)]);
}

/** A certificate of which nobody can say that it is not that of a maker of authenticators. WebAuthn Level 3 §8.2.1. */
export async function attestationCertificate(): Promise<{ readonly key: KeyObject; readonly certificate: Buffer }> {
  const algorithm = { name: 'ECDSA', namedCurve: 'P-256' };
  const keys = await webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
  const certificate = await X509CertificateGenerator.createSelfSigned({
    name: 'C=US, O=Example, OU=Authenticator Attestation, CN=Example',
    keys,
    signingAlgorithm: { name: 'ECDSA', hash: 'SHA-256' },
    notBefore: new Date(Date.now() - millisecondsOfDay),
    notAfter: new Date(Date.now() + millisecondsOfDay),
    extensions: [new BasicConstraintsExtension(false)],
  });
  return { key: KeyObject.from(keys.privateKey), certificate: Buffer.from(certificate.rawData) };
}
