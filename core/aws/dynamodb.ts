import type {
  BatchGetItemCommandInput,
  BatchGetItemCommandOutput,
  CancellationReason,
  DeleteItemCommandInput,
  DeleteItemCommandOutput,
  GetItemCommandInput,
  GetItemCommandOutput,
  PutItemCommandInput,
  PutItemCommandOutput,
  QueryCommandInput,
  QueryCommandOutput,
  AttributeValue as SdkAttributeValue,
  TransactWriteItem as SdkTransactWriteItem,
  TransactWriteItemsCommandInput,
  TransactWriteItemsCommandOutput,
  UpdateItemCommandInput,
  UpdateItemCommandOutput,
} from '@aws-sdk/client-dynamodb';
import { AwsError } from './error.ts';
import { connectToJsonRpc } from './service.ts';
import type { Answer, Wire } from './wire.ts';

export type AttributeValue = Wire<SdkAttributeValue>;
export type TransactWriteItem = Wire<SdkTransactWriteItem>;

type Operations = {
  readonly BatchGetItem: [BatchGetItemCommandInput, BatchGetItemCommandOutput];
  readonly DeleteItem: [DeleteItemCommandInput, DeleteItemCommandOutput];
  readonly GetItem: [GetItemCommandInput, GetItemCommandOutput];
  readonly PutItem: [PutItemCommandInput, PutItemCommandOutput];
  readonly Query: [QueryCommandInput, QueryCommandOutput];
  readonly TransactWriteItems: [TransactWriteItemsCommandInput, TransactWriteItemsCommandOutput];
  readonly UpdateItem: [UpdateItemCommandInput, UpdateItemCommandOutput];
};

const call = connectToJsonRpc({
  host: 'dynamodb',
  signedAs: 'dynamodb',
  variable: 'DYNAMODB',
  target: 'DynamoDB_20120810',
  version: '1.0',
  milliseconds: 1_500,
  patience: { mostTries: 4, waitMilliseconds: 25 },
});

/** Calls an operation of DynamoDB. Throws an `AwsError` when it is refused or not answered. */
export async function dynamoDb<Name extends keyof Operations>(
  operation: Name,
  input: Wire<Operations[Name][0]>,
): Promise<Answer<Operations[Name][1]>> {
  return (await call(operation, input)) as Answer<Operations[Name][1]>;
}

/** If it says that the condition of a write failed: with the item that was there, if that was asked for. */
export function failedCondition(
  error: unknown,
): { readonly Item?: Readonly<Record<string, AttributeValue>> } | undefined {
  return error instanceof AwsError && error.name === 'ConditionalCheckFailedException' ? error.members : undefined;
}

/** If it says that a transaction was cancelled: why, write by write. */
export function cancellationReasons(error: unknown): readonly Wire<CancellationReason>[] | undefined {
  if (!(error instanceof AwsError) || error.name !== 'TransactionCanceledException') return undefined;
  return (error.members.CancellationReasons ?? []) as readonly Wire<CancellationReason>[];
}
