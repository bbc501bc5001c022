import { inSequence } from '../test/support/aws.ts';
import { tableClient } from '../test/support/items.ts';
import type { Counts } from './budgets.ts';
import { type Deployed, startDeployed } from './deployed.ts';
import { billedMilliseconds, megabytes } from './lambda-time.ts';
import { prices } from './prices.ts';
import { processorTime } from './processor-time.ts';
import { Sizes } from './request-units.ts';
import { Wire } from './wire.ts';

/** What some work used, of everything that has a price. */
export type Usage = {
  readonly requests: number;
  readonly writes: number;
  readonly reads: number;
  readonly signatures: number;
  readonly mails: number;
  readonly logBytes: number;
  /** Round trips to the table that wait for one another. */
  readonly trips: number;
  /** Milliseconds of the processor that the Lambdas took for all of it. */
  readonly processor: number;
};

/** Some work that can be done again and again, and how often it is, to find what it takes of the processor. */
export type Work = { readonly work: () => Promise<unknown>; readonly times?: number };

/** Longer than a busy machine takes between two calls that are made together. */
const HELD_MILLISECONDS = 100;

/** The stack on this machine, and what is used in it. */
export class Meter {
  readonly deployed: Deployed;
  readonly #wire: Wire;
  readonly #sizes: Sizes;

  private constructor(deployed: Deployed, wire: Wire) {
    this.deployed = deployed;
    this.#wire = wire;
    this.#sizes = new Sizes(tableClient(deployed.engine));
    wire.before = (operation, request) => this.#sizes.note(operation, request);
  }

  static async start(): Promise<Meter> {
    const wire = new Wire();
    return new Meter(await startDeployed(wire.between), wire);
  }

  /** Does some work and says what it used. Log lines are those of the requests of this work: one at a time, please. */
  async usageOf({ work, times = 100 }: Work): Promise<Usage> {
    const processor = await this.#processorOf(work, times);
    const { asked: _, ...counts } = await this.countsOf(work);
    const logged = this.deployed.logs().length;
    const calls = await this.#wire.callsDuring(work);
    // Lines come through a pipe: whatever asks the stack last comes after them.
    await fetch(`${this.deployed.issuer}/healthz`);
    const lines = [
      ...this.deployed
        .logs()
        .slice(logged)
        .matchAll(/^(\w+) │ (.*)$/gm),
    ];
    const own = lines.filter(([, name]) => name !== 'Discovery').map(([, , line = '']) => line);
    const requests = own.filter((line) => line.includes('"Requests":1')).length;
    const bytes = own.reduce((sum, line) => sum + Buffer.byteLength(line), 0);
    return {
      ...counts,
      requests,
      signatures: calls.filter(({ service }) => service === 'KMS').length,
      mails: calls.filter(({ operation }) => operation.endsWith('/outbound-emails')).length,
      logBytes: bytes + requests * accessLogBytes(this.deployed.accessLog),
      processor,
    };
  }

  /** Does some work and says what it asked of the table. */
  async countsOf(work: () => Promise<unknown>): Promise<Counts> {
    this.#wire.heldMilliseconds = HELD_MILLISECONDS;
    const calls = await this.#wire.callsDuring(work);
    this.#wire.heldMilliseconds = 0;
    const ofTable = calls.filter(({ service }) => service === 'DYNAMODB');
    const units = await Promise.all(ofTable.map((call) => this.#sizes.unitsOf(call)));
    return {
      asked: ofTable.length,
      trips: inSequence(ofTable),
      writes: units.reduce((sum, { writes }) => sum + writes, 0),
      reads: units.reduce((sum, { reads }) => sum + reads, 0),
    };
  }

  /** What the Lambdas take of the processor for it, when it has been done often enough that nothing is new to them. */
  async #processorOf(work: () => Promise<unknown>, times: number): Promise<number> {
    const taken = async (count: number) => {
      const before = ofLambdas();
      for (let done = 0; done < count; done += 1) await work();
      return (ofLambdas() - before) / count;
    };
    await taken(times);
    return taken(times);
  }
}

/** A line of the access log with values as long as usual. */
function accessLogBytes(format: string): number {
  const values: Readonly<Record<string, string>> = {
    requestId: 'JKJaXmPLvHcESHA=',
    requestTimeEpoch: '1795226544098',
    sourceIp: '203.0.113.195',
    httpMethod: 'POST',
    routeKey: 'POST /mcp',
    protocol: 'HTTP/1.1',
    responseLength: '512',
  };
  return format.replace(/\$context\.([\w.]+)/g, (_, name: string) => values[name.replace('identity.', '')] ?? '200')
    .length;
}

function ofLambdas(): number {
  const all = processorTime(process.pid);
  return lambdas.reduce((sum, name) => sum + (all[name] ?? 0), 0);
}

const lambdas = ['register', 'authorize', 'token', 'mcp'];

/** How long the Lambdas are billed for all of it, with so much memory. */
export function billed({ processor, trips, signatures, mails }: Usage, memory = megabytes): number {
  return billedMilliseconds(processor, { table: trips, keys: signatures, mails }, memory);
}

/** What a usage costs, in US dollars, part by part. */
export function costOf(usage: Usage, memory = megabytes) {
  const { requests, writes, reads, signatures, mails, logBytes } = usage;
  const gigabyteSeconds = (memory / 1_024) * (billed(usage, memory) / 1_000);
  return {
    gateway: requests * prices.request,
    lambda: requests * prices.invocation + gigabyteSeconds * prices.gigabyteSecond,
    table: writes * prices.writeUnit + reads * prices.readUnit,
    keys: signatures * prices.signature,
    mail: mails * prices.mail,
    logs: logBytes * prices.logByte,
  };
}
