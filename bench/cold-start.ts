import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Deployed } from './deployed.ts';
import { median } from './median.ts';
import { plainBundle } from './plain.ts';
import { runScript } from './process.ts';
import type { Requester } from './requests.ts';

/** How a Lambda is bundled: as it is deployed, and plainly in two ways. */
export type Kind = 'ours' | 'shared packages' | 'own packages';
const empty = 'exports.handler = async () => ({ statusCode: 200, body: "" });\n';

/** What a fresh process took, in milliseconds: until it had answered, and of the processor. */
export type Sample = { readonly milliseconds: number; readonly cpu: number };
type Answer = Sample & { readonly answer: { readonly statusCode: number; readonly body?: string } };
type Start = { readonly bundle: string; readonly event: object; readonly env: Readonly<Record<string, string>> };

/** The cold start of a Lambda, without what an empty Node takes: its own, and those of the plain bundles. */
export type ColdStart = { readonly endpoint: string } & Readonly<Record<Kind, Sample>>;

/** What is started, and how often. */
type Measured = { readonly endpoints: readonly string[]; readonly rounds: number; readonly kinds: readonly Kind[] };

/** Starts each Lambda in fresh processes, all kinds in turn, so that what else the machine does hits all alike. */
export async function coldStarts(
  deployed: Deployed,
  requesters: Readonly<Record<string, Requester>>,
  { endpoints, rounds, kinds }: Measured,
): Promise<{ readonly empty: Sample; readonly starts: readonly ColdStart[] }> {
  const folder = mkdtempSync(join(tmpdir(), 'vestibule-cold-'));
  try {
    writeFileSync(join(folder, 'package.json'), '{"type":"commonjs"}');
    writeFileSync(join(folder, 'empty.js'), empty);
    const samples = new Map<string, Sample[]>();
    const bundles = await bundlesOf(deployed, { endpoints, kinds }, folder);
    for (let round = 0; round <= rounds; round += 1) {
      for (const { endpoint, kind, bundle } of bundles) {
        const requester = requesters[endpoint];
        const env = endpoint ? deployed.environment(endpoint) : {};
        const answer = await start({ bundle, event: requester?.next() ?? {}, env }, folder);
        requester?.answered(answer.answer.body ?? '');
        const name = `${endpoint} ${kind}`;
        // The first round warms the disk's cache.
        if (round > 0) samples.set(name, [...(samples.get(name) ?? []), answer]);
      }
    }
    return summary(samples, endpoints);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function bundlesOf(
  deployed: Deployed,
  { endpoints, kinds }: Pick<Measured, 'endpoints' | 'kinds'>,
  folder: string,
) {
  const all = [{ endpoint: '', kind: 'empty', bundle: join(folder, 'empty.js') }];
  for (const endpoint of endpoints) {
    for (const kind of kinds) {
      const bundle =
        kind === 'ours'
          ? join(deployed.lambda(endpoint).folder, 'index.js')
          : await plainBundle(endpoint, kind, folder);
      all.push({ endpoint, kind, bundle });
    }
  }
  return all;
}

async function start({ bundle, event, env }: Start, folder: string): Promise<Answer> {
  const file = join(folder, 'event.json');
  writeFileSync(file, JSON.stringify(event));
  const answer = (await runScript('fresh.cjs', [bundle, file], env)) as Answer;
  if (answer.answer.statusCode >= 400) throw new Error(`${bundle} answered ${JSON.stringify(answer.answer)}`);
  return answer;
}

function summary(samples: ReadonlyMap<string, readonly Sample[]>, endpoints: readonly string[]) {
  const middle = (name: string): Sample => {
    const all = samples.get(name) ?? [];
    return {
      milliseconds: median(all.map(({ milliseconds }) => milliseconds)),
      cpu: median(all.map(({ cpu }) => cpu)),
    };
  };
  const empty = middle(' empty');
  const without = (name: string): Sample => {
    const { milliseconds, cpu } = middle(name);
    return { milliseconds: milliseconds - empty.milliseconds, cpu: cpu - empty.cpu };
  };
  const starts = endpoints.map((endpoint) => ({
    endpoint,
    ours: without(`${endpoint} ours`),
    'shared packages': without(`${endpoint} shared packages`),
    'own packages': without(`${endpoint} own packages`),
  }));
  return { empty, starts };
}
