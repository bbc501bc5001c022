import { randomUUID } from 'node:crypto';
import { BatchWriteItemCommand, GetItemCommand } from '@aws-sdk/client-dynamodb';
import { KMSClient, SignCommand } from '@aws-sdk/client-kms';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import { startRatchet } from '../../core/oauth/refresh-token.ts';
import { connect } from '../../test/support/flow.ts';
import { tableClient } from '../../test/support/items.ts';
import type { Deployed } from '../deployed.ts';

/** A grant with its tokens, as a client has them. */
export type HeldGrant = { readonly clientId: string; accessToken: string; refreshToken: string; isBusy: boolean };

type Item = Record<string, unknown>;
type Claims = { readonly sub: string; readonly [member: string]: unknown };

const BATCH = 25;

/** Makes grants after the model of one that was signed in to: in the table, as five thousand sign-ins would take minutes. */
export async function grantsOf(deployed: Deployed, many: number): Promise<readonly HeldGrant[]> {
  const { clientId, tokens } = await connect(deployed.issuer);
  const [header = '', payload = ''] = tokens.access_token.split('.');
  const claims = JSON.parse(Buffer.from(payload, 'base64url').toString()) as Claims;
  const grantId = tokens.refresh_token.split('.')[0] ?? '';
  const table = tableClient(deployed.engine);
  const itemAt = async (pk: string, sk: string): Promise<Item> => {
    const Key = marshall({ pk, sk });
    const { Item = {} } = await table.send(new GetItemCommand({ TableName: deployed.tableName, Key }));
    return unmarshall(Item);
  };
  const [grant, person] = [await itemAt(`GRANT#${grantId}`, 'GRANT'), await itemAt(`USER#${claims.sub}`, 'PROFILE')];
  const sign = signer(deployed, header);
  const made: HeldGrant[] = [];
  while (made.length < many) {
    const batch = Array.from({ length: Math.min(BATCH, many - made.length) }, () => {
      const subject = letters();
      const copied = renamed({ grant, person, claims }, { from: claims.sub, to: subject });
      const id = String(copied.grant.id);
      const { ratchet, token } = startRatchet(id, { now: Number(copied.grant.createdAt), network: '10.0.0.1' });
      return { ...copied, ratchet, refreshToken: token };
    });
    const puts = batch.flatMap((one) => [{ ...one.grant, ratchet: one.ratchet }, one.person]);
    for (let at = 0; at < puts.length; at += BATCH) {
      const requests = puts.slice(at, at + BATCH).map((item) => ({
        PutRequest: { Item: marshall(item, { removeUndefinedValues: true }) },
      }));
      await table.send(new BatchWriteItemCommand({ RequestItems: { [deployed.tableName]: requests } }));
    }
    for (const one of batch)
      made.push({
        clientId,
        accessToken: await sign(one.claims),
        refreshToken: one.refreshToken,
        isBusy: false,
      });
  }
  return made;
}

/** The same for another person: their id stands in keys, ids and claims. */
function renamed<T extends object>(things: T, { from, to }: { readonly from: string; readonly to: string }): T {
  return JSON.parse(JSON.stringify(things).replaceAll(from, to)) as T;
}

function letters(): string {
  return randomUUID().replaceAll('-', '').slice(0, 22);
}

/** Signs access tokens as the token endpoint does, with its key. */
function signer(deployed: Deployed, header: string): (claims: object) => Promise<string> {
  const { SIGNING_KEY_ID, AWS_ENDPOINT_URL_KMS = '' } = deployed.environment('token');
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  const kms = new KMSClient({ endpoint: AWS_ENDPOINT_URL_KMS, region: 'us-east-1', credentials });
  return async (claims) => {
    const input = `${header}.${Buffer.from(JSON.stringify(claims)).toString('base64url')}`;
    const { Signature = new Uint8Array() } = await kms.send(
      new SignCommand({ KeyId: SIGNING_KEY_ID, Message: Buffer.from(input), SigningAlgorithm: 'ECDSA_SHA_256' }),
    );
    return `${input}.${inHalves(Buffer.from(Signature)).toString('base64url')}`;
  };
}

/** The two numbers of a signature, one after the other. RFC 7518 §3.4. */
function inHalves(der: Buffer): Buffer {
  const length = der.readUInt8(3);
  const numbers = [der.subarray(4, 4 + length), der.subarray(6 + length)];
  return Buffer.concat(numbers.map((number) => Buffer.concat([Buffer.alloc(32), number]).subarray(-32)));
}
