/** What is used by calls, as the replay adds it up. All are by the second, but for Lambdas that run at one time. */
export type Loads = {
  readonly requests: number;
  readonly mcpRequests: number;
  readonly tokenRequests: number;
  readonly running: number;
  readonly writeUnits: number;
  readonly readUnits: number;
  readonly signatures: number;
  readonly logWrites: number;
  readonly policyReads: number;
  readonly auditWrites: number;
  readonly tenantCounts: number;
  readonly clientReads: number;
};

/** A limit of AWS or of the settings: which load it holds down, and at what. */
export type Limit = {
  readonly name: string;
  readonly load: keyof Loads;
  /** Of a new account and the default settings. */
  readonly usual: number;
  /** What it can be raised to, as far as is known here. The same where it can't be raised. */
  readonly raised: number;
  readonly how: string;
  readonly source: string;
};

const partition = 'DynamoDB developer guide, Best practices for partition keys: 1,000 writes and 3,000 reads a second';

/** What one partition of the table gives, and nobody can raise. */
const perPartition = { writes: 1_000, reads: 3_000 } as const;

/**
 * Where a source is a service quota, it is the one of us-east-1 as its documentation has it; other regions have less.
 * What a quota is raised to is what the model needs for 100,000 calls a second: AWS decides, case by case.
 */
export const limits: readonly Limit[] = [
  {
    name: 'setting `throttles.mcp`',
    load: 'mcpRequests',
    usual: 100,
    raised: 150_000,
    how: 'setting',
    source: '`lib/deployment-settings.ts`',
  },
  {
    name: 'setting `throttles.token`',
    load: 'tokenRequests',
    usual: 50,
    raised: 1_000,
    how: 'setting',
    source: '`lib/deployment-settings.ts`',
  },
  {
    name: 'setting `table.maxWriteUnits`',
    load: 'writeUnits',
    usual: 1_000,
    raised: 40_000,
    how: 'setting, up to 40,000; beyond that a table of your own (`table.existing`)',
    source: '`lib/ceiling.ts`',
  },
  {
    name: 'setting `table.maxReadUnits`',
    load: 'readUnits',
    usual: 1_500,
    raised: 40_000,
    how: 'setting, up to 40,000; beyond that a table of your own (`table.existing`)',
    source: '`lib/ceiling.ts`',
  },
  {
    name: 'DynamoDB, write units of a table',
    load: 'writeUnits',
    usual: 40_000,
    raised: 500_000,
    how: 'Service Quotas, and warm throughput before the load comes',
    source: 'DynamoDB quotas, on-demand table',
  },
  {
    name: 'DynamoDB, read units of a table',
    load: 'readUnits',
    usual: 40_000,
    raised: 500_000,
    how: 'Service Quotas, and warm throughput before the load comes',
    source: 'DynamoDB quotas, on-demand table',
  },
  {
    name: 'API Gateway, requests of an account and region',
    load: 'requests',
    usual: 10_000,
    raised: 150_000,
    how: 'Service Quotas; more accounts or regions where AWS says no',
    source: 'API Gateway quotas, throttle per account and region',
  },
  {
    name: 'Lambda, running at one time',
    load: 'running',
    usual: 1_000,
    raised: 10_000,
    how: 'Service Quotas (a new account may have 10)',
    source: 'Lambda quotas, concurrent executions',
  },
  {
    name: 'KMS, signatures with elliptic curves',
    load: 'signatures',
    usual: 1_000,
    raised: 10_000,
    how: 'Service Quotas; or longer `lifetimes.accessTokenSeconds`',
    source: 'KMS quotas, cryptographic operations (ECC)',
  },
  {
    name: 'CloudWatch Logs, PutLogEvents',
    load: 'logWrites',
    usual: 5_000,
    raised: 50_000,
    how: 'Service Quotas',
    source: 'CloudWatch Logs quotas',
  },
  {
    name: "partition of a copy of the largest tenant's policy",
    load: 'policyReads',
    usual: perPartition.reads,
    raised: perPartition.reads,
    how: 'cannot be raised: more copies (`core/store/tenants.ts`)',
    source: partition,
  },
  {
    name: "partition of the largest tenant's audit",
    load: 'auditWrites',
    usual: perPartition.writes,
    raised: perPartition.writes,
    how: 'cannot be raised: more shards (`core/store/audit-partitions.ts`), or several tenants',
    source: partition,
  },
  {
    name: "partition of the largest tenant's counter, if its policy has a rate",
    load: 'tenantCounts',
    usual: perPartition.writes,
    raised: perPartition.writes,
    how: 'cannot be raised: lift the rate of that tenant, and have `throttles` bound it',
    source: partition,
  },
  {
    name: 'partition of the client that most people use',
    load: 'clientReads',
    usual: perPartition.reads,
    raised: perPartition.reads,
    how: 'cannot be raised: longer `lifetimes.accessTokenSeconds`',
    source: partition,
  },
];
