import type { Loads } from './limits.ts';
import { drawing, type Random, seeded } from './random.ts';

/** Who calls, and how. None of it was measured on a real service: change it to what yours is like. */
const assumed = {
  grants: 1_000_000,
  tenants: 20_000,
  /** Of a hundred grants, how many are of people without a tenant. */
  personalPercent: 40,
  /** The tenants' shares fall as 1 / rank to this power: the largest has a tenth of all their people. */
  tenantSkew: 1.0,
  /** How much grants differ in how often they call: the standard deviation of the logarithm. */
  activitySpread: 2,
  /** Of a hundred calls, how many write. */
  writingPercent: 15,
  /** Of a hundred grants, how many are of the client that most people use: hosted clients have one id for all. */
  largestClientPercent: 55,
  accessTokenSeconds: 3_600,
} as const;

/** What one request uses, as `npm run cost` counts it at the wire, but for a tenant's policy, which personal ones have not. */
const units = {
  read: { writes: 2, reads: 2 },
  write: { writes: 7, reads: 2 },
  refresh: { writes: 1, reads: 3 },
  /** A read item in a transaction is written twice. */
  auditOfRead: 1,
  auditOfWrite: 2,
} as const;

const AUDIT_SHARDS = 16;
const MOST_COUNTERS = 16;
const SECONDS = 4;

/** What of the server decides how its load spreads. */
export type Shape = {
  /** Of each tenant's policy. */
  readonly copies: number;
  /** How long a Lambda is busy with a request, in seconds. */
  readonly lambdaSeconds: number;
};

/** A million grants, made once: each with its tenant and how often it calls. Tenant 0 is the largest; −1 is a personal one. */
export class Population {
  readonly #tenants: Int32Array;
  readonly #weights: Float64Array;
  readonly #total: number;
  readonly #draw: (random: Random) => number;
  readonly #seed: number;
  readonly #refreshes = new Map<number, number>();

  constructor(seed: number) {
    this.#seed = seed;
    const random = seeded(seed);
    const ranks = Float64Array.from({ length: assumed.tenants }, (_, rank) => (rank + 1) ** -assumed.tenantSkew);
    const drawTenant = drawing(ranks);
    this.#tenants = Int32Array.from({ length: assumed.grants }, () =>
      random() * 100 < assumed.personalPercent ? -1 : drawTenant(random),
    );
    this.#weights = Float64Array.from({ length: assumed.grants }, () =>
      Math.exp(assumed.activitySpread * normal(random)),
    );
    this.#total = this.#weights.reduce((sum, one) => sum + one, 0);
    this.#draw = drawing(this.#weights);
  }

  /** The greatest loads of a few seconds in which so many calls come: the same calls each time. */
  replay(callsPerSecond: number, shape: Shape): Loads {
    const refreshes = this.#refreshes.get(callsPerSecond) ?? this.#refreshesPerSecond(callsPerSecond);
    this.#refreshes.set(callsPerSecond, refreshes);
    const random = seeded(this.#seed + callsPerSecond);
    const seconds = Array.from({ length: SECONDS }, () =>
      this.#second({ calls: callsPerSecond, refreshes }, shape, random),
    );
    const [first, ...others] = seconds as [Loads, ...Loads[]];
    return others.reduce((greatest, one) => greater(greatest, one), first);
  }

  #second({ calls, refreshes }: Second, { copies, lambdaSeconds }: Shape, random: Random): Loads {
    const [policies, audits] = [new Int32Array(copies), new Int32Array(AUDIT_SHARDS)];
    const counters = new Int32Array(MOST_COUNTERS);
    let [writing, ofTenants] = [0, 0];
    for (let call = 0; call < calls; call += 1) {
      const grant = this.#draw(random);
      const tenant = this.#tenants[grant] ?? -1;
      const isWrite = random() * 100 < assumed.writingPercent;
      if (isWrite) writing += 1;
      if (tenant >= 0) ofTenants += 1;
      if (tenant !== 0) continue;
      add(policies, Math.floor(random() * copies), 1);
      // A person's shard never changes, so a shard with busy people stays the busiest.
      add(audits, grant % AUDIT_SHARDS, isWrite ? units.auditOfWrite : units.auditOfRead);
      add(counters, Math.floor(random() * MOST_COUNTERS), 1);
    }
    const reading = calls - writing;
    const requests = calls + refreshes;
    const running = requests * lambdaSeconds;
    return {
      requests,
      mcpRequests: calls,
      tokenRequests: refreshes,
      running,
      writeUnits: reading * units.read.writes + writing * units.write.writes + refreshes * units.refresh.writes,
      readUnits: reading * units.read.reads + writing * units.write.reads + ofTenants + refreshes * units.refresh.reads,
      signatures: refreshes,
      // Each environment that is busy hands its lines on about once a second.
      logWrites: Math.min(requests, running),
      policyReads: Math.max(...policies),
      auditWrites: Math.max(...audits),
      tenantCounts: Math.max(...counters),
      clientReads: (refreshes * assumed.largestClientPercent) / 100,
    };
  }

  /** Each grant that calls at least once while an access token lives has it renewed. */
  #refreshesPerSecond(calls: number): number {
    const perWeight = (calls * assumed.accessTokenSeconds) / this.#total;
    const active = this.#weights.reduce((sum, weight) => sum + 1 - Math.exp(-weight * perWeight), 0);
    return active / assumed.accessTokenSeconds;
  }
}

/** What comes in one second. */
type Second = { readonly calls: number; readonly refreshes: number };

/** Box and Muller. */
function normal(random: Random): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

function add(counts: Int32Array, at: number, by: number): void {
  counts[at] = (counts[at] ?? 0) + by;
}

function greater(one: Loads, other: Loads): Loads {
  const names = Object.keys(one) as (keyof Loads)[];
  return Object.fromEntries(names.map((name) => [name, Math.max(one[name], other[name])])) as Loads;
}
