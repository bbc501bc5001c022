import { createHash, createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { createServer, listen, readBody } from '../http.ts';
import { signDigest } from './ecdsa.ts';

type KmsRequest = { readonly KeyId: string; readonly Message?: string; readonly MessageType?: 'RAW' | 'DIGEST' };

/** The two calls of KMS that the stack makes, with P-256 keys in files that only their owner can read. Returns its address. */
export async function startKms(folder: string): Promise<string> {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const server = createServer(async (request, response) => {
    const operation = String(request.headers['x-amz-target']).split('.')[1] ?? '';
    const body = await readBody(request, 1_000_000);
    const [status, result] = answer(folder, operation, JSON.parse(String(body)) as KmsRequest);
    response.writeHead(status, { 'content-type': 'application/x-amz-json-1.1' }).end(JSON.stringify(result));
  });
  const port = await listen(server, '127.0.0.1', 0);
  return `http://127.0.0.1:${port}`;
}

function answer(folder: string, operation: string, request: KmsRequest): [status: number, result: object] {
  const id = basename(request.KeyId);
  const file = join(folder, `${id}.pem`);
  if (operation === 'GetPublicKey' && /^[\w-]+$/.test(id) && !existsSync(file)) createKey(file);
  if (!existsSync(file))
    return [400, { __type: 'NotFoundException', message: `Key '${request.KeyId}' does not exist` }];
  const key = createPrivateKey(readFileSync(file));
  const common = { KeyId: request.KeyId };
  if (operation === 'GetPublicKey') return [200, { ...common, ...describe(key) }];
  if (operation === 'Sign')
    return [200, { ...common, SigningAlgorithm: 'ECDSA_SHA_256', Signature: sign(key, request) }];
  return [400, { __type: 'UnsupportedOperationException', message: `${operation} is not part of this stand-in` }];
}

function createKey(file: string): void {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const unfinished = `${file}.new`;
  writeFileSync(unfinished, privateKey.export({ format: 'pem', type: 'pkcs8' }), { mode: 0o600 });
  renameSync(unfinished, file);
}

function describe(key: KeyObject): object {
  const PublicKey = createPublicKey(key).export({ format: 'der', type: 'spki' }).toString('base64');
  return { PublicKey, KeySpec: 'ECC_NIST_P256', KeyUsage: 'SIGN_VERIFY', SigningAlgorithms: ['ECDSA_SHA_256'] };
}

function sign(key: KeyObject, { Message = '', MessageType }: KmsRequest): string {
  const message = Buffer.from(Message, 'base64');
  const digest = MessageType === 'DIGEST' ? message : createHash('sha256').update(message).digest();
  return signDigest(key, digest).toString('base64');
}
