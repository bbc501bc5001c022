import { DynamoDB } from '@aws-sdk/client-dynamodb';
import { door } from './door.ts';

export const dynamoDb = door(new DynamoDB({}));
export const failedCondition = () => undefined;
export const cancellationReasons = () => undefined;
