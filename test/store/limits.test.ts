import { createHash, randomUUID } from 'node:crypto';
import { CreateTableCommand } from '@aws-sdk/client-dynamodb';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import type { Windows } from '#core/limits.ts';
import type { Rate } from '#core/store/rates.ts';
import type { MailAsked, Recipient } from '../../lambdas/authorize/mail-limits.ts';
import { type Services, startServices } from '../support/aws.ts';

const DAY = 86_400;
const budget = { hour: 6, day: 9 };

vi.mock('#generated', async () => {
  const { limits, otherLimits } = await import('#core/limits.ts');
  const all = Object.entries({ ...limits, ...otherLimits });
  return {
    counters: Object.fromEntries(all.map(([name, { counter }]) => [name, counter])),
    hostedClients: { ranges: [], factor: 1 },
    limits: {
      mailsPerAddressAndNetwork: { minute: 2, hour: 3, day: 4 },
      mailsPerAddress: { minute: 2, hour: 4, day: 6 },
      mailsPerIp: { minute: 8, hour: 12, day: 20 },
      mailsToStrangers: { hour: 6, day: 9 },
      mailsToStrangersPerNetwork: { hour: 8, day: 12 },
    },
  };
});

let services: Services;
let rates: typeof import('#core/store/rates.ts');
let mails: typeof import('../../lambdas/authorize/mail-limits.ts');
let strangers: typeof import('#core/store/stranger-mails.ts');
let table: typeof import('#core/store/table.ts');

beforeAll(async () => {
  services = await startServices();
  const TABLE_NAME = 'limits';
  await services.table.send(
    new CreateTableCommand({
      TableName: TABLE_NAME,
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: [
        { AttributeName: 'pk', AttributeType: 'S' },
        { AttributeName: 'sk', AttributeType: 'S' },
      ],
      KeySchema: [
        { AttributeName: 'pk', KeyType: 'HASH' },
        { AttributeName: 'sk', KeyType: 'RANGE' },
      ],
    }),
  );
  const env = { ...services.env, TABLE_NAME, AWS_REGION: 'us-east-1' };
  for (const [name, value] of Object.entries(env)) vi.stubEnv(name, value);
  for (const name of ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY']) vi.stubEnv(name, 'any');
  table = await import('#core/store/table.ts');
  rates = await import('#core/store/rates.ts');
  strangers = await import('#core/store/stranger-mails.ts');
  mails = await import('../../lambdas/authorize/mail-limits.ts');
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await services?.stop();
});

/** Each case has days of its own, long after those of the one before, and names that no other has. */
let cases = 0;
function newCase(): { readonly start: number; readonly own: (name: string) => string } {
  cases += 1;
  const id = randomUUID();
  return { start: cases * 10 * DAY, own: (name) => createHash('sha256').update(`${id} ${name}`).digest('base64url') };
}

/** One of them at each width that counts: two hosts, two /64 in a /56, two /56 in a /48, and apart from all. */
const networks = ['192.0.2.1', '192.0.2.2', '2001:db8::1', '2001:db8:0:1::1', '2001:db8:0:100::1', '2001:db8:1::1'];
const network = fc.constantFrom(...networks);

type Asked = Omit<MailAsked, 'addressHash'> & { readonly address: string; readonly sourceIp: string };

/** Asks for a mail. True if one is sent. */
async function asks({ address, sourceIp, ...asked }: Asked, now: number, own: (name: string) => string) {
  const request = { sourceIp, now } as Parameters<typeof mails.countMail>[2];
  const write = { pk: `SIGNIN#${randomUUID()}`, sk: 'SIGNIN', put: { kept: true } };
  const { isMailed, done } = await mails.countMail({ ...asked, addressHash: own(address) }, write, request);
  const found = await table.find({ pk: write.pk, sk: write.sk }, now);
  expect(found !== undefined, 'what is not counted is not written, and what is, is').toBe(done);
  return isMailed;
}

const stranger = (address: string, sourceIp: string): Asked => ({
  address,
  sourceIp,
  recipient: 'stranger',
  ownSession: undefined,
});

/** What others may do: ask for anybody, from anywhere, also in browsers where they are signed in as themselves. */
const othersAsk = fc.record({
  address: fc.constantFrom('victim', 'other', 'another'),
  sourceIp: network,
  recipient: fc.constantFrom<Recipient>('known', 'stranger', 'nobody'),
  ownSession: fc.constantFrom(undefined, undefined, 'a session of theirs'),
  wait: fc.constantFrom(0, 0, 0, 1, 61, 3_601),
});
type OthersAsk = Asked & { readonly wait: number };

/** Nobody else has a session as the victim, and whether somebody is known is not theirs to say. */
function asOthers({ wait: _, ...asked }: OthersAsk): Asked {
  return asked.address === 'victim' ? { ...asked, recipient: 'known', ownSession: undefined } : asked;
}

describe('whatever others ask for, in whatever order', () => {
  test('a person who was here before gets a mail on a network that has not asked for them yet', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(othersAsk, { maxLength: 40 }), async (history) => {
        const { start, own } = newCase();
        let now = start;
        for (const other of history) {
          now += other.wait;
          await asks(asOthers(other), now, own);
        }
        const victim: Asked = {
          address: 'victim',
          sourceIp: '198.51.100.7',
          recipient: 'known',
          ownSession: undefined,
        };
        expect(await asks(victim, now, own)).toBe(true);
      }),
      { numRuns: 30 },
    );
  });

  test('and in the browser in which they have signed in, on the very network of the others', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(othersAsk, { maxLength: 40 }), network, async (history, sourceIp) => {
        const { start, own } = newCase();
        let now = start;
        for (const other of history) {
          now += other.wait;
          await asks({ ...asOthers(other), sourceIp }, now, own);
        }
        const victim: Asked = { address: 'victim', sourceIp, recipient: 'known', ownSession: 'their own' };
        expect(await asks(victim, now, own)).toBe(true);
      }),
      { numRuns: 30 },
    );
  });

  test('the mails to strangers stay within their budget, many at once, and with what comes back', async () => {
    const rush = fc.record({
      asking: fc.array(fc.tuple(fc.nat(30), network), { minLength: 1, maxLength: 5 }),
      lost: fc.constantFrom(undefined, undefined, undefined, 'bounce' as const, 'complaint' as const),
      wait: fc.constantFrom(0, 0, 61, 3_601),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(rush, { maxLength: 6 }), async (rushes) => {
        const { start, own } = newCase();
        const mailed: number[] = [];
        let now = start;
        for (const { asking, lost, wait } of rushes) {
          now += wait;
          const sent = await Promise.all(
            asking.map(([person, sourceIp]) => asks(stranger(`person ${person}`, sourceIp), now, own)),
          );
          mailed.push(...sent.filter(Boolean).map(() => now));
          if (lost) await table.commit(strangers.strangerMailsLost(lost, now).today);
        }
        expect(mailed.length).toBeLessThanOrEqual(budget.day);
        const hours = Map.groupBy(mailed, (time) => Math.floor(time / 3_600));
        for (const inOne of hours.values()) expect(inOne.length).toBeLessThanOrEqual(budget.hour);
      }),
      { numRuns: 30 },
    );
  });

  test('what comes back takes from all newcomers alike, whichever addresses it came back from', async () => {
    const { limits } = await import('#generated');
    const before = { ...limits.mailsToStrangers };
    Object.assign(limits.mailsToStrangers, { hour: 2_000, day: 2_000 });
    const { start, own } = newCase();
    for (let times = 1; times <= 9; times += 1) {
      await table.commit(strangers.strangerMailsLost('complaint', start).today);
      const all = Array.from({ length: 12 }, (_, at) => stranger(`${times} ${at}`, `198.51.${times}.${at}`));
      const mailed = await Promise.all(all.map((one) => asks(one, start, own)));
      expect(mailed).toEqual(all.map(() => true));
    }
    await table.commit(strangers.strangerMailsLost('complaint', start).today);
    expect(await asks(stranger('the last', '198.51.100.7'), start, own)).toBe(false);
    Object.assign(limits.mailsToStrangers, before);
  });

  test('no network uses up what newcomers from elsewhere need', async () => {
    const asking = fc.tuple(fc.nat(100), fc.constantFrom(0, 0, 61, 3_601));
    await fc.assert(
      fc.asyncProperty(fc.array(asking, { maxLength: 30 }), network, async (history, sourceIp) => {
        const { start, own } = newCase();
        let now = start;
        for (const [person, wait] of history) {
          now += wait;
          await asks(stranger(`person ${person}`, sourceIp), now, own);
        }
        expect(await asks(stranger('a newcomer', '198.51.100.7'), now, own)).toBe(true);
      }),
      { numRuns: 30 },
    );
  });
});

describe('counting', () => {
  const seconds = { minute: 60, quarterHour: 900, hour: 3_600, day: DAY } as const;
  const names = ['minute', 'quarterHour', 'hour', 'day'] as const;

  /** The counts as they should be. */
  class Model {
    readonly #counts = new Map<string, number>();

    count(all: readonly Rate[], now: number): boolean {
      const windows = all.flatMap((rate) => this.#windows(rate, now));
      const hasRoom = windows.every(({ key, most, adds }) => (this.#counts.get(key) ?? 0) + adds <= most);
      if (hasRoom) for (const { key, adds } of windows) this.#counts.set(key, (this.#counts.get(key) ?? 0) + adds);
      return hasRoom;
    }

    #windows({ limit, within, subject, part, windows, weight = 1 }: Rate, now: number) {
      return names.flatMap((name) => {
        const most = windows[name];
        if (most === undefined) return [];
        const key = [within ?? limit, subject, part, name, Math.floor(now / seconds[name])].join(' ');
        return [{ key, most, adds: Math.min(weight, most) }];
      });
    }
  }

  test('passes what has room in every window, and nothing that is refused counts anywhere', async () => {
    const windows = fc.constantFrom<Windows>({ minute: 2 }, { minute: 3, hour: 4 }, { quarterHour: 3, day: 5 }, {});
    const rate = fc.record({
      of: fc.nat(2),
      windows,
      part: fc.constantFrom(undefined, 'a', 'b'),
      weight: fc.integer({ min: 1, max: 3 }),
    });
    const step = fc.record({
      rates: fc.uniqueArray(rate, { minLength: 1, maxLength: 3, selector: ({ of, part }) => `${of} ${part}` }),
      wait: fc.constantFrom(0, 0, 0, 30, 61, 901, 3_601),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 25 }), async (steps) => {
        const { start, own } = newCase();
        const model = new Model();
        let now = start;
        for (const { rates: asked, wait } of steps) {
          now += wait;
          const all: Rate[] = asked.map(({ of, windows: each, part, weight }) => ({
            limit: 'callsPerGrant',
            subject: own(`${of} ${Object.keys(each).join()}`),
            windows: each,
            weight,
            ...(part === undefined ? {} : { part }),
          }));
          const passed = (await rates.count(all, now)) === undefined;
          expect(passed).toBe(model.count(all, now));
        }
      }),
      { numRuns: 60 },
    );
  });

  test('takes back just what was counted, so that there is as much room as before', async () => {
    const rate = (own: (name: string) => string): Rate => ({
      limit: 'callsPerPerson',
      subject: own('person'),
      part: 'p',
      windows: { minute: 4, hour: 4 },
    });
    await fc.assert(
      fc.asyncProperty(fc.array(fc.boolean(), { maxLength: 20 }), async (keeps) => {
        const { start, own } = newCase();
        let kept = 0;
        for (const isKept of keeps) {
          const passed = (await rates.count([rate(own)], start)) === undefined;
          expect(passed).toBe(kept < 4);
          if (passed && isKept) kept += 1;
          if (passed && !isKept) await rates.giveBack(rate(own), start);
        }
      }),
      { numRuns: 20 },
    );
  });
});
