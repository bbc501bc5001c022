import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { SettingChanges } from '../support/assembly.ts';
import { type Aws, startAws } from '../support/aws.ts';
import { addressKey, Operator } from '../support/operator.ts';
import { startStackWith } from '../support/settings-stack.ts';
import type { RunningStack } from '../support/stack.ts';
import { counted, Model } from './model.ts';
import { presentAll, steps, taken } from './steps.ts';
import { World } from './world.ts';

const RUNS = Number(process.env.MODEL_RUNS ?? 20);
const MOST_STEPS = 40;
const PEOPLE = 2;

/** What is on record once more when an answer was lost, or an end and a revocation met. */
const uncertain = new Set(['refresh_repeat', 'revocation']);

let aws: Aws;
let stack: RunningStack;
let deployed = '';
const dataDir = mkdtempSync(join(tmpdir(), 'vestibule-model-'));

/** Limits are the subject of other tests: here people come and go by the minute. */
const limits = {
  mailsPerAddressAndNetwork: { minute: 1_000 },
  mailsPerAddress: { minute: 1_000 },
  mailsPerIp: { minute: 1_000 },
  registrationsPerIp: { minute: 1_000 },
};

/** The same server with these keys, at the same address. */
async function deploy(signingKeys: NonNullable<SettingChanges['signingKeys']>, PORT = '0'): Promise<void> {
  const names = JSON.stringify(signingKeys);
  if (names === deployed) return;
  deployed = names;
  await stack?.stop();
  stack = await startStackWith({ signingKeys, limits }, { dataDir, env: { ...aws.env, PORT } });
}

beforeAll(async () => {
  aws = await startAws();
  await deploy({ current: 'a' });
});
afterAll(async () => {
  const kinds = [...taken].sort(([, one], [, other]) => other - one).map(([name, times]) => `${name} ${times}`);
  const total = [...taken.values()].reduce((sum, times) => sum + times, 0);
  console.info(`${total} steps: ${kinds.join(', ')}`);
  await stack?.stop();
  await aws?.stop();
  rmSync(dataDir, { recursive: true });
});

/** How often each event is on record of these people. */
async function onRecord(addresses: readonly string[]): Promise<Map<string, number>> {
  const operator = new Operator(aws.table);
  const known = await Promise.all(addresses.map((address) => operator.itemAt(addressKey(address))));
  const subjects = new Set(known.map((item) => item?.subject));
  const items = (await operator.itemsUnder('AUDIT#')).filter(({ subject }) => subjects.has(subject));
  return new Map(counted.map((event) => [event, items.filter((item) => item.event === event).length]));
}

test(
  `whatever happens in whatever order, what counts is what the model says (${RUNS} histories)`,
  async () => {
    let now = Math.floor(Date.now() / 1_000);
    const history = fc.commands(steps, { maxCommands: MOST_STEPS, size: 'max' });
    await fc.assert(
      fc.asyncProperty(history, async (happening) => {
        const model = new Model(PEOPLE, now);
        const world = new World(stack.issuer, aws, deploy, { people: PEOPLE, now });
        world.heal();
        await world.deploy({ current: 'a' });
        await fc.asyncModelRun(() => ({ model, real: world }), happening);
        await presentAll(model, world);
        now = model.now;
        const found = await onRecord(world.addresses);
        for (const [event, times] of model.audited) {
          if (uncertain.has(event)) expect(found.get(event), event).toBeGreaterThanOrEqual(times);
          else expect(found.get(event), event).toBe(times);
        }
      }),
      { numRuns: RUNS },
    );
  },
  RUNS * 60_000,
);
