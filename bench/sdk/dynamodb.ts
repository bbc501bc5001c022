import { ConditionalCheckFailedException, DynamoDB, TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import { door } from './door.ts';

export const dynamoDb = door(new DynamoDB({}));

export function failedCondition(error: unknown) {
  return error instanceof ConditionalCheckFailedException ? error : undefined;
}

export function cancellationReasons(error: unknown) {
  return error instanceof TransactionCanceledException ? (error.CancellationReasons ?? []) : undefined;
}
