import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Deployed } from './deployed.ts';
import { type Kind as PlainKind, plainBundles } from './plain.ts';
import { runScript } from './process.ts';
import type { Requester } from './requests.ts';

/** How a Lambda is bundled: as it is deployed, and plainly in two ways. */
export type Kind = 'ours' | PlainKind;
const empty = 'exports.handler = async () => ({ statusCode: 200, body: "" });\n';

/** What a fresh process took, in milliseconds: until it had answered, and of the processor. */
export type Sample = { readonly milliseconds: number; readonly cpu: number };
type Answer = Sample & { readonly answer: { readonly statusCode: number; readonly body?: string } };

/** A fresh process of each kind, and an empty Node, one after the other, so that what else the machine does hits all alike. */
export type Round = Readonly<Record<Kind | 'empty', Sample>>;

type Bundles = readonly { readonly name: string; readonly kind: PlainKind; readonly bundle: string }[];

/** Starts Lambdas in fresh processes. */
export class ColdStarts {
  readonly #deployed: Deployed;
  readonly #requesters: Readonly<Record<string, Requester>>;
  readonly #folder: string;
  readonly #bundles: Bundles;

  private constructor(
    deployed: Deployed,
    requesters: Readonly<Record<string, Requester>>,
    { folder, bundles }: { readonly folder: string; readonly bundles: Bundles },
  ) {
    this.#deployed = deployed;
    this.#requesters = requesters;
    this.#folder = folder;
    this.#bundles = bundles;
  }

  /** Makes the plain bundles. */
  static async prepare(
    deployed: Deployed,
    requesters: Readonly<Record<string, Requester>>,
    { endpoints, kinds }: { readonly endpoints: readonly string[]; readonly kinds: readonly PlainKind[] },
  ): Promise<ColdStarts> {
    const folder = mkdtempSync(join(tmpdir(), 'vestibule-cold-'));
    writeFileSync(join(folder, 'package.json'), '{"type":"commonjs"}');
    writeFileSync(join(folder, 'empty.js'), empty);
    const plain = endpoints.flatMap((name) => kinds.map((kind) => ({ name, kind })));
    const files = await plainBundles(plain, folder);
    const bundles = plain.map(({ name, kind }, at) => ({ name, kind, bundle: files[at] ?? '' }));
    return new ColdStarts(deployed, requesters, { folder, bundles });
  }

  /** Starts a Lambda once in each way. What was not prepared takes no time that could be told. */
  async round(endpoint: string): Promise<Round> {
    const unknown = { milliseconds: Number.NaN, cpu: Number.NaN };
    const samples: Record<Kind | 'empty', Sample> = {
      empty: await this.#start(join(this.#folder, 'empty.js')),
      ours: await this.#start(join(this.#deployed.lambda(endpoint).folder, 'index.js'), endpoint),
      'shared packages': unknown,
      'own packages': unknown,
    };
    for (const { name, kind, bundle } of this.#bundles)
      if (name === endpoint) samples[kind] = await this.#start(bundle, endpoint);
    return samples;
  }

  stop(): void {
    rmSync(this.#folder, { recursive: true });
  }

  async #start(bundle: string, endpoint = ''): Promise<Sample> {
    const requester = this.#requesters[endpoint];
    const env = endpoint ? this.#deployed.environment(endpoint) : {};
    const file = join(this.#folder, 'event.json');
    writeFileSync(file, JSON.stringify(requester?.next() ?? {}));
    const { answer, ...sample } = (await runScript('fresh.cjs', [bundle, file], env)) as Answer;
    if (answer.statusCode >= 400) throw new Error(`${bundle} answered ${JSON.stringify(answer)}`);
    requester?.answered(answer.body ?? '');
    return sample;
  }
}

/** What a kind took in a round beyond an empty Node. */
export function beyondEmpty(round: Round, kind: Kind): Sample {
  const { milliseconds, cpu } = round[kind];
  return { milliseconds: milliseconds - round.empty.milliseconds, cpu: cpu - round.empty.cpu };
}

/** How much of the processor's time of the plain bundle the deployed one took in a round. */
export function ratioOf(round: Round): number {
  return beyondEmpty(round, 'ours').cpu / beyondEmpty(round, 'shared packages').cpu;
}
