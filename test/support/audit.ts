import { type DynamoDBClient, ListTablesCommand, paginateScan } from '@aws-sdk/client-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';

/** An audit item. */
export type AuditItem = { readonly pk: string; readonly event: string; readonly [member: string]: unknown };

/** The audit items that were added while something happened. */
export async function auditedDuring(client: DynamoDBClient, work: () => Promise<unknown>): Promise<AuditItem[]> {
  const before = new Set((await auditItems(client)).map(({ sk }) => sk));
  await work();
  return (await auditItems(client)).filter(({ sk }) => !before.has(sk));
}

async function auditItems(client: DynamoDBClient): Promise<AuditItem[]> {
  const { TableNames = [] } = await client.send(new ListTablesCommand({}));
  const found: AuditItem[] = [];
  for await (const { Items = [] } of paginateScan({ client }, { TableName: TableNames[0] })) {
    found.push(...Items.map((item) => unmarshall(item) as AuditItem).filter(({ pk }) => pk.startsWith('AUDIT#')));
  }
  return found;
}
