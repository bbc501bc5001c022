import { isRecord } from '../intrinsics.ts';
import { arn, functionArn } from '../names.ts';
import type { AccessRequest } from './evaluate.ts';

/** A call to an AWS service, as it is on the wire. */
export type Call = {
  readonly method: string;
  readonly path: string;
  /** `X-Amz-Target`, where the service has it. */
  readonly target: string;
  readonly body: unknown;
};

/** What a call asks for, in the terms of IAM, or undefined when it is none that is known here. */
export function requested(call: Call): readonly AccessRequest[] | undefined {
  const operation = call.target.split('.')[1] ?? '';
  const body = isRecord(call.body) ? call.body : {};
  if (call.target.startsWith('DynamoDB_')) return ofTable(operation, body);
  if (call.target.startsWith('TrentService.'))
    return [{ ...plain(`kms:${operation}`), resources: [keyArn(body.KeyId)] }];
  if (call.target.startsWith('AmazonSSM.'))
    return [{ ...plain(`ssm:${operation}`), resources: [parameterArn(body.Name)] }];
  if (call.path === '/v2/email/outbound-emails') return [sending(body)];
  const invoked = /\/2015-03-31\/functions\/([\w-]+)\/invocations$/.exec(call.path)?.[1];
  if (invoked !== undefined) return [{ ...plain('lambda:InvokeFunction'), resources: [functionArn(invoked)] }];
  return undefined;
}

/** The parts of a transaction, and the action that each takes. */
const parts = new Map([
  ['Put', 'PutItem'],
  ['Update', 'UpdateItem'],
  ['Delete', 'DeleteItem'],
  ['ConditionCheck', 'ConditionCheckItem'],
]);

function ofTable(operation: string, body: Readonly<Record<string, unknown>>): readonly AccessRequest[] {
  if (operation === 'TransactWriteItems') return list(body.TransactItems).flatMap(ofPart);
  if (operation === 'BatchGetItem') {
    const tables = Object.entries(isRecord(body.RequestItems) ? body.RequestItems : {});
    return tables.map(([table, request]) =>
      touching('BatchGetItem', table, list(isRecord(request) ? request.Keys : [])),
    );
  }
  if (operation === 'Query') return [{ ...touching('Query', body.TableName, []), context: leading([queried(body)]) }];
  return [touching(operation, body.TableName, [body.Key ?? body.Item].filter(isRecord))];
}

function ofPart(item: unknown): readonly AccessRequest[] {
  return Object.entries(isRecord(item) ? item : {}).map(([part, write]) => {
    const { TableName, Key, Item } = isRecord(write) ? write : {};
    return touching(parts.get(part) ?? part, TableName, [Key ?? Item]);
  });
}

function touching(operation: string, table: unknown, keys: readonly unknown[]): AccessRequest {
  const resources = [arn('dynamodb', `table/${String(table)}`)];
  return { action: `dynamodb:${operation}`, resources, context: leading(keys.map(partitionKey)) };
}

function leading(keys: readonly string[]): AccessRequest['context'] {
  return new Map([['dynamodb:LeadingKeys', keys]]);
}

function partitionKey(key: unknown): string {
  return isRecord(key) && isRecord(key.pk) ? String(key.pk.S) : '';
}

function queried({ KeyConditionExpression, ExpressionAttributeValues }: Readonly<Record<string, unknown>>): string {
  const name = /\bpk = (:\w+)/.exec(String(KeyConditionExpression))?.[1] ?? '';
  const value = isRecord(ExpressionAttributeValues) ? ExpressionAttributeValues[name] : undefined;
  return isRecord(value) ? String(value.S) : '';
}

/** SES looks at the sender's identity, and at the configuration set if one is named. */
function sending({ FromEmailAddress, ConfigurationSetName }: Readonly<Record<string, unknown>>): AccessRequest {
  const from = String(FromEmailAddress);
  const address = /<([^>]+)>$/.exec(from)?.[1] ?? from;
  const set =
    ConfigurationSetName === undefined ? [] : [arn('ses', `configuration-set/${String(ConfigurationSetName)}`)];
  const resources = [arn('ses', `identity/${address}`), ...set];
  return { action: 'ses:SendEmail', resources, context: new Map([['ses:FromAddress', [address]]]) };
}

function plain(action: string): Pick<AccessRequest, 'action' | 'context'> {
  return { action, context: new Map() };
}

function keyArn(id: unknown): string {
  return String(id).startsWith('arn:') ? String(id) : arn('kms', `key/${String(id)}`);
}

function parameterArn(name: unknown): string {
  return arn('ssm', `parameter/${String(name).replace(/^\//, '')}`);
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
