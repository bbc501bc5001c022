import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { itemsUnder } from './items.ts';

/** An audit item. */
export type AuditItem = { readonly pk: string; readonly event: string; readonly [member: string]: unknown };

/** The audit items that were added while something happened. */
export async function auditedDuring(client: DynamoDBClient, work: () => Promise<unknown>): Promise<AuditItem[]> {
  const before = new Set((await auditItems(client)).map(({ sk }) => sk));
  await work();
  return (await auditItems(client)).filter(({ sk }) => !before.has(sk));
}

async function auditItems(client: DynamoDBClient): Promise<readonly AuditItem[]> {
  return (await itemsUnder(client, 'AUDIT#')) as readonly AuditItem[];
}
