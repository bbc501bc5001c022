/**
 * Replays a million grants against the limits of AWS and of the settings, and says at how many calls a second which one
 * gives way: `npm run bench -- --scale`. A model with seeded random numbers: nothing of it was measured on AWS. Writes
 * the tables into `docs/scale.md`.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { tableOf } from '../table-of.ts';
import { type Limit, limits } from './limits.ts';
import { Population, type Shape } from './replay.ts';

const SEED = 20_261_127;
const [FIRST, LAST, STEPS_OF_TEN] = [50, 200_000, 16];

/** A call takes the Lambda so long by `docs/cost.md`; the policy has so many copies. */
const shape: Shape = { copies: 32, lambdaSeconds: 0.025 };

/** A limit, and from how many calls a second on it is passed, as it usually is and when raised. */
export type GivesWay = {
  readonly limit: Limit;
  readonly usual: number | undefined;
  readonly raised: number | undefined;
};

/** Says of each limit when it gives way, the first one first. */
export function givingWay(shape: Shape, population: Population, last = LAST): readonly GivesWay[] {
  const rungs = ladder(last).map((calls) => ({ calls, loads: population.replay(calls, shape) }));
  const passes = (limit: Limit, most: number) => rungs.find(({ loads }) => loads[limit.load] > most)?.calls;
  return limits
    .map((limit) => ({ limit, usual: passes(limit, limit.usual), raised: passes(limit, limit.raised) }))
    .toSorted((one, other) => (one.usual ?? last * 2) - (other.usual ?? last * 2));
}

function ladder(last: number): number[] {
  const count = Math.ceil(Math.log10(last / FIRST) * STEPS_OF_TEN) + 1;
  return Array.from({ length: count }, (_, step) => Math.round(FIRST * 10 ** (step / STEPS_OF_TEN)));
}

/** Prints the table, and puts it into the document. */
export function printScale(): void {
  const said = (calls: number | undefined) => (calls === undefined ? 'beyond 200,000' : rounded(calls));
  const rows = givingWay(shape, new Population(SEED)).map(({ limit, usual, raised }) => [
    ...[limit.name, limit.usual.toLocaleString('en'), said(usual)],
    ...[limit.raised === limit.usual ? 'fixed' : limit.raised.toLocaleString('en'), said(raised)],
    ...[limit.how, limit.source],
  ]);
  const head = ['limit', 'usual', 'gives way at', 'raised to', 'gives way at', 'raised by', 'source'];
  const table = tableOf(head, rows);
  const document = new URL('../../docs/scale.md', import.meta.url);
  const [before, after] = readFileSync(document, 'utf8').split(/(?<=<!-- replayed -->\n)[\s\S]*(?=<!-- end -->)/);
  writeFileSync(document, `${before}\n${table}\n\n${after}`);
  console.info(table);
}

/** To two digits: the model knows no more. */
function rounded(calls: number): string {
  return Number(calls.toPrecision(2)).toLocaleString('en');
}
