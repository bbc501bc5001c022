import { createHash, createPublicKey, verify } from 'node:crypto';
import { mkdtempSync, readdirSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { GetPublicKeyCommand, KMSClient, SignCommand } from '@aws-sdk/client-kms';
import { beforeAll, describe, expect, test } from 'vitest';
import { startKms } from '../../local/services/kms.ts';

const KeyId = 'arn:aws:kms:us-east-1:000000000000:key/0f8fad5b-d9cb-469f-a165-70867728950e';
const SigningAlgorithm = 'ECDSA_SHA_256';
const folder = mkdtempSync(join(tmpdir(), 'vestibule-kms-'));
let kms: KMSClient;

async function connect(): Promise<KMSClient> {
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  return new KMSClient({ endpoint: await startKms(folder), region: 'us-east-1', credentials });
}

async function publicKey(client: KMSClient) {
  const { PublicKey } = await client.send(new GetPublicKeyCommand({ KeyId }));
  return createPublicKey({ key: Buffer.from(PublicKey ?? []), format: 'der', type: 'spki' });
}

beforeAll(async () => {
  kms = await connect();
});

describe('the stand-in for KMS', () => {
  test('does not sign with a key that does not exist', async () => {
    const Message = Buffer.from('x');
    const signing = kms.send(new SignCommand({ KeyId, Message, MessageType: 'RAW', SigningAlgorithm }));
    await expect(signing).rejects.toMatchObject({ name: 'NotFoundException' });
  });

  test('makes a P-256 key when its public half is first asked for, and only its owner can read it', async () => {
    expect((await publicKey(kms)).export({ format: 'jwk' })).toMatchObject({ kty: 'EC', crv: 'P-256' });
    const files = readdirSync(folder);
    expect(files).toHaveLength(1);
    for (const file of files) expect(statSync(join(folder, file)).mode & 0o777).toBe(0o600);
  });

  test('signs digests and messages so that a verifier of the message accepts both', async () => {
    const key = await publicKey(kms);
    for (let round = 0; round < 200; round++) {
      const message = Buffer.from(`message ${round}`);
      const isDigest = round % 2 === 0;
      const Message = isDigest ? createHash('sha256').update(message).digest() : message;
      const MessageType = isDigest ? 'DIGEST' : 'RAW';
      const { Signature } = await kms.send(new SignCommand({ KeyId, Message, MessageType, SigningAlgorithm }));
      expect(verify('sha256', message, key, Buffer.from(Signature ?? []))).toBe(true);
      expect(verify('sha256', Buffer.from('another'), key, Buffer.from(Signature ?? []))).toBe(false);
    }
  });

  test('has the same key after a restart', async () => {
    const before = await publicKey(kms);
    expect((await publicKey(await connect())).equals(before)).toBe(true);
  });

  test('takes no path for a key', async () => {
    const asking = kms.send(new GetPublicKeyCommand({ KeyId: '../escape/..' }));
    await expect(asking).rejects.toMatchObject({ name: 'NotFoundException' });
  });
});
