import { randomUUID } from 'node:crypto';
import { BatchWriteItemCommand } from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import { tableName, tableOf } from './items.ts';

const AT_ONCE = 25;
const PAGE = 100;

/** Lists a page full of sessions with a person that have ended since, before those that they have. */
export async function listManySessions(issuer: string, subject: string): Promise<void> {
  const client = tableOf(issuer);
  const name = await tableName(client);
  const ttl = Math.floor(Date.now() / 1_000) + 86_400;
  for (let listed = 0; listed < PAGE; listed += AT_ONCE) {
    const items = Array.from({ length: AT_ONCE }, () => ({
      pk: `USER#${subject}`,
      sk: `SESSION#----${randomUUID()}`,
      ttl,
    }));
    const puts = items.map((item) => ({ PutRequest: { Item: marshall(item) } }));
    await client.send(new BatchWriteItemCommand({ RequestItems: { [name]: puts } }));
  }
}

/** Lets somebody have signed in to so many browsers more, a second after another. */
export async function addSessions(issuer: string, principal: { subject: string; tenant: string }, count: number) {
  const client = tableOf(issuer);
  const name = await tableName(client);
  const signedInAt = Math.floor(Date.now() / 1_000) - 3_600;
  const ttl = signedInAt + 86_400;
  for (let at = 0; at < count; at += 1) {
    const hash = `----${randomUUID()}`;
    const session = { principal, address: 'x@example.com', signedInAt: signedInAt + at, ttl };
    const items = [
      { pk: `SESSION#${hash}`, sk: 'SESSION', ...session },
      { pk: `USER#${principal.subject}`, sk: `SESSION#${hash}`, ttl },
    ];
    const puts = items.map((item) => ({ PutRequest: { Item: marshall(item) } }));
    await client.send(new BatchWriteItemCommand({ RequestItems: { [name]: puts } }));
  }
}
