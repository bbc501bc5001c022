import type { Deployed } from './deployed.ts';
import { runScript } from './process.ts';
import { allItems } from './warm.ts';

/** What one call took of the processor in a round, in microseconds, by the client that made it. The first is ours. */
export type ClientRound = Readonly<Record<string, number>>;

const rounds = 9;
const calls = 300;

/** Reads the same three items from the local table's engine through clients of others and our own, in turn. */
export async function tableClients(deployed: Deployed): Promise<readonly ClientRound[]> {
  const items = (await allItems(deployed)) as readonly { readonly pk: object; readonly sk: object }[];
  const Keys = items.slice(0, 3).map(({ pk, sk }) => ({ pk, sk }));
  const input = JSON.stringify({ RequestItems: { [deployed.tableName]: { Keys, ConsistentRead: true } } });
  const args = [input, String(rounds), String(calls)];
  return (await runScript('peers/table-clients.mjs', args, deployed.environment('mcp'))) as ClientRound[];
}
