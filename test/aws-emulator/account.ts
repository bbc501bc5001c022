import { readFileSync } from 'node:fs';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { ApiGatewayV2Client, GetApisCommand } from '@aws-sdk/client-apigatewayv2';
import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { DeleteTableCommand, DynamoDBClient, ListTablesCommand, UpdateTableCommand } from '@aws-sdk/client-dynamodb';
import { DescribeKeyCommand, KMSClient, ListKeysCommand, ScheduleKeyDeletionCommand } from '@aws-sdk/client-kms';
import { LambdaClient, ListFunctionsCommand } from '@aws-sdk/client-lambda';
import type { Emulator } from './emulator.ts';

/** What an operator sees in the console of their account. */
export class Account {
  readonly #emulator: Emulator;
  readonly #stacks: CloudFormationClient;
  readonly #tables: DynamoDBClient;
  readonly #kms: KMSClient;
  readonly #lambdas: LambdaClient;
  readonly #apis: ApiGatewayV2Client;

  constructor(emulator: Emulator) {
    setDefaultCACertificates([...getCACertificates('default'), readFileSync(emulator.caFile, 'utf8')]);
    this.#emulator = emulator;
    const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
    const place = { endpoint: emulator.url, region: emulator.region, credentials };
    this.#stacks = new CloudFormationClient(place);
    this.#tables = new DynamoDBClient(place);
    this.#kms = new KMSClient(place);
    this.#lambdas = new LambdaClient(place);
    this.#apis = new ApiGatewayV2Client(place);
  }

  /** The state of the stack, and its outputs. */
  async stack(): Promise<{ status: string; outputs: Readonly<Record<string, string>> }> {
    const { Stacks = [] } = await this.#stacks.send(new DescribeStacksCommand({ StackName: 'Vestibule' }));
    const { StackStatus = '', Outputs = [] } = Stacks[0] ?? {};
    return {
      status: StackStatus,
      outputs: Object.fromEntries(Outputs.map(({ OutputKey, OutputValue }) => [OutputKey, OutputValue])),
    };
  }

  /** What is there that costs money, whoever made it: tables, keys that are not going, Lambdas, and APIs. */
  async possessions(): Promise<{ tables: string[]; keys: string[]; lambdas: string[]; apis: string[] }> {
    const [tables, keys, lambdas, apis] = await Promise.all([
      this.#tables.send(new ListTablesCommand({})),
      this.#keys(),
      this.#lambdas.send(new ListFunctionsCommand({})),
      this.#apis.send(new GetApisCommand({})),
    ]);
    return {
      tables: tables.TableNames ?? [],
      keys,
      lambdas: (lambdas.Functions ?? []).map(({ FunctionName = '' }) => FunctionName),
      apis: (apis.Items ?? []).map(({ Name = '' }) => Name),
    };
  }

  async #keys(): Promise<string[]> {
    const { Keys = [] } = await this.#kms.send(new ListKeysCommand({}));
    const described = Keys.map(({ KeyId }) => this.#kms.send(new DescribeKeyCommand({ KeyId })));
    const kept = (await Promise.all(described)).filter(({ KeyMetadata }) => KeyMetadata?.KeyState === 'Enabled');
    return kept.map(({ KeyMetadata }) => KeyMetadata?.KeyId ?? '');
  }

  /** Deletes a table as `docs/operations.md` has it: while it is protected it stays. */
  async deleteTable(TableName: string): Promise<void> {
    await this.#tables.send(new UpdateTableCommand({ TableName, DeletionProtectionEnabled: false }));
    await this.#tables.send(new DeleteTableCommand({ TableName }));
  }

  /** Deletes a key in thirty days. */
  async deleteKey(KeyId: string): Promise<void> {
    await this.#kms.send(new ScheduleKeyDeletionCommand({ KeyId, PendingWindowInDays: 30 }));
  }

  /** The code in the newest mail to an address. Its subject begins with it. */
  async mailedCode(address: string): Promise<string> {
    const response = await fetch(`${this.#emulator.url}/_ministack/ses/messages`);
    const { messages } = (await response.json()) as { readonly messages: Readonly<Record<string, readonly Mail[]>> };
    const mail = Object.values(messages)
      .flat()
      .findLast(({ To }) => To.includes(address));
    const [code] = mail?.Subject.split(' ') ?? [];
    if (code) return code;
    throw new Error(`No mail has come for ${address}`);
  }
}

type Mail = { readonly To: readonly string[]; readonly Subject: string };
