import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import {
  Agent,
  createServer,
  type IncomingMessage,
  type Server,
  type ServerResponse,
  request as send,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { type DynamoDBClient, ListTablesCommand, paginateScan } from '@aws-sdk/client-dynamodb';
import { tableClient } from './items.ts';

const services = fileURLToPath(new URL('../../local/services.ts', import.meta.url));

/** How an AWS service can fail: in its own words, with a broken connection, or only half. */
export type Fault =
  /** Refuses for want of capacity. */
  | 'throttled'
  /** Fails inside. */
  | 'broken'
  /** Closes the connection. */
  | 'dropped'
  /** Keeps the connection open and says nothing. */
  | 'silent'
  /** Does what it was asked, and closes the connection before the answer. */
  | 'answer lost'
  /** Says that another transaction holds an item. */
  | 'in conflict'
  /** Leaves all keys of a batch unread. */
  | 'unread';

/** One call that a Lambda made: what, and how many calls had ended when it began. */
export type Call = { readonly operation: string; readonly body: string; readonly begin: number; readonly end: number };

/** DynamoDB, KMS, SES and SSM on this machine. */
export type Services = {
  /** What leads a stack to them. */
  readonly env: Record<string, string>;
  readonly table: DynamoDBClient;
  readonly stop: () => Promise<void>;
};

/** The same, with DynamoDB and KMS behind a proxy that sees each call and can spoil it. */
export type Aws = Services & {
  /** Lets the next calls of this operation fail, as many as given, or all of them, once so many have passed. */
  readonly spoil: (operation: string, fault: Fault, times?: number, passing?: number) => void;
  /** Does something else, once, before a call of this operation goes through whose body holds this text. */
  readonly before: (operation: string, text: string, work: () => Promise<unknown>) => void;
  /** Lets everything work again. */
  readonly heal: () => void;
  /** The calls to DynamoDB that were made meanwhile. Each is held for a moment, so that those made together overlap. */
  readonly callsDuring: (work: () => Promise<unknown>) => Promise<readonly Call[]>;
};

/** Starts the services with data of their own. */
export async function startServices(): Promise<Services> {
  const dataDir = mkdtempSync(join(tmpdir(), 'vestibule-aws-'));
  const child = spawn(process.execPath, [services], {
    env: { ...process.env, DATA_DIR: dataDir, AWS_ENDPOINT_URL_SESV2: process.env.MAIL_SERVICE },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const gone = once(child, 'exit');
  const endWithTests = () => child.kill('SIGTERM');
  process.once('exit', endWithTests);
  const env = await addresses(child.stdout);
  return {
    env,
    table: tableClient(env.AWS_ENDPOINT_URL_DYNAMODB ?? ''),
    stop: async () => {
      child.kill('SIGTERM');
      await gone;
      process.off('exit', endWithTests);
      rmSync(dataDir, { recursive: true });
    },
  };
}

/** Starts the services, and the proxy before them. */
export async function startAws(): Promise<Aws> {
  const { env, table, stop } = await startServices();
  const spoiler = new Spoiler();
  const dynamoDb = await proxy(env.AWS_ENDPOINT_URL_DYNAMODB ?? '', spoiler);
  const kms = await proxy(env.AWS_ENDPOINT_URL_KMS ?? '', spoiler);
  return {
    env: { ...env, AWS_ENDPOINT_URL_DYNAMODB: urlOf(dynamoDb), AWS_ENDPOINT_URL_KMS: urlOf(kms) },
    table,
    spoil: (operation, fault, times = Number.POSITIVE_INFINITY, passing = 0) =>
      spoiler.faults.set(operation, { fault, times, passing }),
    before: (operation, text, work) => spoiler.interruptions.push({ operation, text, work }),
    heal: () => spoiler.heal(),
    callsDuring: (work) => spoiler.record(work),
    stop: async () => {
      spoiler.heal();
      for (const server of [dynamoDb, kms]) {
        server.close();
        server.closeAllConnections();
      }
      await stop();
    },
  };
}

/** Every item of every table, as text. */
export async function dump(client: DynamoDBClient): Promise<string> {
  const { TableNames = [] } = await client.send(new ListTablesCommand({}));
  const items: unknown[] = [];
  for (const TableName of TableNames) {
    for await (const { Items = [] } of paginateScan({ client }, { TableName })) items.push(...Items);
  }
  return JSON.stringify(items);
}

/** How many of the calls had to wait for one another: the longest row in which each began after the one before it had ended. */
export function inSequence(calls: readonly Pick<Call, 'begin' | 'end'>[]): number {
  const depths: number[] = [];
  for (const [index, call] of calls.entries()) {
    const before = calls.slice(0, index).map((earlier, at) => (earlier.end <= call.begin ? (depths[at] ?? 0) : 0));
    depths.push(1 + Math.max(0, ...before));
  }
  return Math.max(0, ...depths);
}

type Interruption = { readonly operation: string; readonly text: string; readonly work: () => Promise<unknown> };

/** What is wrong with the services just now, and what was asked of them. */
class Spoiler {
  readonly faults = new Map<string, { readonly fault: Fault; readonly times: number; readonly passing: number }>();
  readonly interruptions: Interruption[] = [];
  readonly #silent = new Set<ServerResponse>();
  /** What is done before a call, by the body of the call. */
  readonly #underWay = new Map<string, Promise<unknown>>();
  #recorded: (Call & { end: number })[] | undefined;
  #clock = 0;

  /** The fault of this call, if it is to have one. */
  take(operation: string): Fault | undefined {
    const next = this.faults.get(operation);
    if (!next || next.times <= 0) return undefined;
    const isPassing = next.passing > 0;
    this.faults.set(operation, isPassing ? { ...next, passing: next.passing - 1 } : { ...next, times: next.times - 1 });
    if (isPassing) return undefined;
    return next.fault;
  }

  /**
   * Does what was to be done before this call. A Lambda stops waiting after a while and makes the call again: the repeated
   * call waits too, or it would go through in the middle.
   */
  async interrupt(operation: string, body: string): Promise<void> {
    const at = this.interruptions.findIndex((one) => one.operation === operation && body.includes(one.text));
    const [interruption] = at < 0 ? [] : this.interruptions.splice(at, 1);
    if (interruption) this.#underWay.set(body, interruption.work());
    await this.#underWay.get(body);
  }

  keepSilent(response: ServerResponse): void {
    this.#silent.add(response);
  }

  heal(): void {
    this.faults.clear();
    this.interruptions.length = 0;
    for (const response of this.#silent) response.destroy();
    this.#silent.clear();
  }

  async record(work: () => Promise<unknown>): Promise<readonly Call[]> {
    this.#recorded = [];
    await work();
    const calls = this.#recorded;
    this.#recorded = undefined;
    return calls;
  }

  /** Lets a call to DynamoDB through, and notes it if calls are being recorded. The local runner's own sweep is a Scan. */
  async noted(operation: string, body: string, work: () => Promise<void>): Promise<void> {
    const recorded = operation === 'Scan' || operation === 'Sign' ? undefined : this.#recorded;
    if (!recorded) return work();
    const call = { operation, body, begin: ++this.#clock, end: Number.POSITIVE_INFINITY };
    recorded.push(call);
    await wait(100);
    await work();
    call.end = ++this.#clock;
  }
}

async function addresses(output: NodeJS.ReadableStream): Promise<Record<string, string>> {
  let printed = '';
  for await (const chunk of output) {
    printed += chunk;
    const found = [...printed.matchAll(/^(AWS_ENDPOINT_URL_\w+)=(\S+)\n/gm)].map(([, name = '', url = '']) => [
      name,
      url,
    ]);
    if (found.length === 4) return Object.fromEntries(found);
  }
  throw new Error(`The services did not start: ${printed}`);
}

async function proxy(target: string, spoiler: Spoiler): Promise<Server> {
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const body = Buffer.concat(chunks).toString();
    const operation = String(request.headers['x-amz-target']).split('.')[1] ?? '';
    await spoiler.interrupt(operation, body);
    await spoiler.noted(operation, body, () => answer({ target, request, operation, body }, response, spoiler));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return server;
}

type Received = {
  readonly target: string;
  readonly request: IncomingMessage;
  readonly operation: string;
  readonly body: string;
};

async function answer(received: Received, response: ServerResponse, spoiler: Spoiler): Promise<void> {
  const fault = spoiler.take(received.operation);
  if (fault === 'dropped') return void response.destroy();
  if (fault === 'silent') return spoiler.keepSilent(response);
  const [status, answered] =
    fault && fault !== 'answer lost' ? spoilt(fault, received.body) : await forwarded(received);
  if (fault === 'answer lost') return void response.destroy();
  response.writeHead(status, { 'content-type': 'application/x-amz-json-1.0' }).end(answered);
}

const agent = new Agent({ keepAlive: true });

async function forwarded({ target, request, body }: Received): Promise<[number, string]> {
  const { host: _, ...headers } = request.headers;
  const outgoing = send(target, { method: 'POST', headers, agent }).end(body);
  const [answered] = (await once(outgoing, 'response')) as [IncomingMessage];
  return [answered.statusCode ?? 0, await text(answered)];
}

type AnsweredFault = Exclude<Fault, 'dropped' | 'silent' | 'answer lost'>;

function spoilt(fault: AnsweredFault, body: string): [number, string] {
  switch (fault) {
    case 'throttled':
      return [400, exception('ProvisionedThroughputExceededException')];
    case 'broken':
      return [500, exception('InternalServerError')];
    case 'in conflict':
      return [400, exception('TransactionCanceledException', conflicts(body))];
    case 'unread': {
      const { RequestItems } = JSON.parse(body) as { readonly RequestItems: object };
      return [200, JSON.stringify({ Responses: {}, UnprocessedKeys: RequestItems })];
    }
  }
}

/** The first item is held by another transaction; nothing is wrong with the others. */
function conflicts(body: string): object {
  const { TransactItems } = JSON.parse(body) as { readonly TransactItems: readonly unknown[] };
  return {
    CancellationReasons: TransactItems.map((_, index) => ({ Code: index === 0 ? 'TransactionConflict' : 'None' })),
  };
}

function exception(name: string, more: object = {}): string {
  return JSON.stringify({
    __type: `com.amazonaws.dynamodb.v20120810#${name}`,
    message: 'Made to fail by a test',
    ...more,
  });
}

function urlOf(server: Server): string {
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
