import { RemovalPolicy } from 'aws-cdk-lib';
import { AttributeType, Billing, type ITableV2, TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { most } from './ceiling.ts';
import type { Settings } from './settings.ts';

/** The DynamoDB actions that the Lambdas use. BatchGetItem is a GetItem many times over. */
type TableAction =
  | 'GetItem'
  | 'BatchGetItem'
  | 'PutItem'
  | 'UpdateItem'
  | 'DeleteItem'
  | 'Query'
  | 'ConditionCheckItem';

/** What a Lambda may do in the table: for each action the prefixes of the partition keys it may touch. */
export type TableRights = Partial<Record<TableAction, readonly string[]>>;

/** The one table: on demand, with expiry, recoverable to any second of the last 35 days, kept when the stack goes. */
export class Table extends Construct {
  readonly #table: Pick<ITableV2, 'tableName' | 'tableArn'>;

  /** Takes a table that exists already, such as one that was restored, where it is named. */
  constructor(scope: Construct, id: string, settings: Settings['table']) {
    super(scope, id);
    const { existing } = settings;
    this.#table = existing === undefined ? this.#newTable(settings) : TableV2.fromTableName(this, 'Existing', existing);
  }

  get name(): string {
    return this.#table.tableName;
  }

  #newTable({ maxReadUnits, maxWriteUnits }: Settings['table']): TableV2 {
    return new TableV2(this, 'Table', {
      partitionKey: { name: 'pk', type: AttributeType.STRING },
      sortKey: { name: 'sk', type: AttributeType.STRING },
      timeToLiveAttribute: 'ttl',
      billing: Billing.onDemand({
        maxReadRequestUnits: maxReadUnits ?? most.reads,
        maxWriteRequestUnits: maxWriteUnits ?? most.writes,
      }),
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true, recoveryPeriodInDays: 35 },
      deletionProtection: true,
      removalPolicy: RemovalPolicy.RETAIN,
    });
  }

  /** One statement for each action: only keys with these prefixes, and no request that names no key at all. */
  statements(rights: TableRights): PolicyStatement[] {
    const granted = Object.entries(rights).filter(([, prefixes]) => prefixes.length > 0);
    return granted.map(
      ([action, prefixes]) =>
        new PolicyStatement({
          actions: [`dynamodb:${action}`],
          resources: [this.#table.tableArn],
          conditions: {
            'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': prefixes.map((prefix) => `${prefix}*`) },
            Null: { 'dynamodb:LeadingKeys': 'false' },
          },
        }),
    );
  }
}
