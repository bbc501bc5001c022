import type { ToolRight } from '../core/oauth/permission.ts';
import type { ScopeDefinition } from '../core/oauth/scope.ts';
import type { Pack } from '../tools/pack.ts';
import { scopes } from '../tools/scopes.ts';

/** Loading the tools loads the table's adapter, which asks for the table's name. At synth there is none yet. */
process.env.TABLE_NAME ??= 'not known at synth';
const { packs } = await import('../tools/index.ts');

const defined: readonly ScopeDefinition[] = Object.entries(scopes).map(([name, text]) => ({
  name,
  implies: [],
  ...text,
}));

/** The packs that are on, what their tools ask for, and where the packs keep what people own. */
export type Catalogue = {
  readonly packs: readonly string[];
  readonly tools: readonly ToolRight[];
  /** The scopes that the tools need, in the order in which `tools/scopes.ts` has them. */
  readonly scopes: readonly ScopeDefinition[];
  /** The prefixes of the partitions that a person owns, in packs that are off too: what is there stays theirs. */
  readonly personalItems: readonly string[];
  /** The prefixes of all partitions that the packs in use keep. */
  readonly items: readonly string[];
  /** The prefixes of all partitions that they list, their own and others. */
  readonly listed: readonly string[];
};

/** Reads the packs in use. Throws an error that names a pack which does not exist. */
export function catalogue(packsInUse: readonly string[] = Object.keys(packs)): Catalogue {
  const inUse = packsInUse.map(requirePack);
  const tools = inUse.flatMap((pack) => pack.tools).map(toRight);
  const items = inUse.flatMap((pack) => [...(pack.items?.ofPerson ?? []), ...(pack.items?.ofTenant ?? [])]);
  const needed = new Set(tools.map(({ scope }) => scope));
  return {
    packs: packsInUse,
    tools,
    scopes: defined.filter(({ name }) => needed.has(name)),
    personalItems: Object.values(packs).flatMap(({ items }) => items?.ofPerson ?? []),
    items,
    listed: [...new Set([...items, ...inUse.flatMap(({ reads }) => reads ?? [])])],
  };
}

function requirePack(name: string): Pack {
  const pack = packs[name];
  if (pack) return pack;
  const all = Object.keys(packs).join(', ');
  throw new Error(
    `vestibule.config.ts is not valid:\n  tools.packs: there is no pack ${name}; tools/index.ts has ${all}`,
  );
}

function toRight({ name, scope, role }: ToolRight): ToolRight {
  return role ? { name, scope, role } : { name, scope };
}
