import { type DynamoDBClient, paginateScan } from '@aws-sdk/client-dynamodb';

/** How many calls of tools the audit has that were allowed. */
export async function auditedCalls(client: DynamoDBClient, TableName: string): Promise<number> {
  const filter = {
    FilterExpression: 'begins_with(pk, :audit) AND #event = :call AND outcome = :allowed',
    ExpressionAttributeNames: { '#event': 'event' },
    ExpressionAttributeValues: { ':audit': { S: 'AUDIT#' }, ':call': { S: 'tool_call' }, ':allowed': { S: 'allowed' } },
  };
  let found = 0;
  for await (const { Count = 0 } of paginateScan({ client }, { TableName, Select: 'COUNT', ...filter })) found += Count;
  return found;
}
