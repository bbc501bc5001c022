import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import type { Role, ToolRight } from '../core/oauth/permission.ts';
import type { ScopeDefinition } from '../core/oauth/scope.ts';
import type { ScopeWords } from '../core/words/languages.ts';
import type { Tool } from '../tools/define-tool.ts';
import type { Pack } from '../tools/pack.ts';
import type { ScopeText } from '../tools/scopes.ts';
import type { Server } from '../tools/upstream/server.ts';
import { requireHonest } from './honesty.ts';

/** Loading the tools loads the table's adapter, which asks for the table's name. At synth there is none yet. */
process.env.TABLE_NAME ??= 'not known at synth';
const require = createRequire(import.meta.url);

const MOST_INSTRUCTION_BYTES = 2_048;

/** What a module with tools exports, as `tools/index.ts` does. */
type Tools = { readonly packs: Packs; readonly scopes: Readonly<Record<string, ScopeText>> };
type Packs = Readonly<Record<string, Pack>>;

/** The module with the tools that come with Vestibule. */
export const ownTools = fileURLToPath(new URL('../tools/index.ts', import.meta.url));

/** The packs that are on, what their tools ask for, and where the packs keep what people own. */
export type Catalogue = {
  readonly packs: readonly string[];
  readonly tools: readonly ToolRight[];
  /** What the home page says about each tool. */
  readonly offers: readonly Offer[];
  /** What a person is told of tools, resources and prompts, by their names, in packs that are off too. */
  readonly titles: Readonly<Record<string, string>>;
  /** The scopes that the tools need, in the order in which `tools/scopes.ts` has them. */
  readonly scopes: readonly ScopeDefinition[];
  /** What the consent page says of each of them. */
  readonly consentTexts: Readonly<Record<string, ScopeWords>>;
  /** The prefixes of the partitions that a person owns, in packs that are off too: what is there stays theirs. */
  readonly personalItems: readonly string[];
  /** The prefixes of the partitions that a tenant owns, in packs that are off too. */
  readonly tenantItems: readonly string[];
  /** The prefixes of all partitions that the packs in use keep. */
  readonly items: readonly string[];
  /** Of these, in which some tool of their pack adds, and in which one overwrites or removes. */
  readonly added: readonly string[];
  readonly removed: readonly string[];
  /** What each tool says of its effects. */
  readonly effects: readonly Effects[];
  /** The prefixes of all partitions that they list, their own and others. */
  readonly listed: readonly string[];
  /** The servers of others that the tools belong to. */
  readonly servers: readonly Server[];
};

/** What a tool says that it does, in the words of its annotations, and of which other server it is. MCP 2026-07-28, Tools. */
type Effects = Pick<Tool, 'name'> &
  Pick<Tool['annotations'], 'readOnlyHint' | 'destructiveHint' | 'openWorldHint'> & {
    readonly hosted?: { readonly server: string; readonly tool: string; readonly schema: string };
  };

/** What a tool is called, what it needs, and whether it changes anything. */
type Offer = { readonly title: string; readonly scope: string; readonly changes: boolean; readonly role?: Role };

/** What was read, by what was asked for: a module is loaded once. */
const catalogues = new Map<string, Catalogue>();

/** Reads the packs in use of a module, all if none are named. Throws an error that names what the module does not have. */
export function catalogue(named?: readonly string[], module = ownTools): Catalogue {
  const key = JSON.stringify([named, module]);
  const read = catalogues.get(key) ?? readCatalogue(named, module);
  catalogues.set(key, read);
  return read;
}

function readCatalogue(named: readonly string[] | undefined, module: string): Catalogue {
  const { packs, scopes }: Tools = require(module);
  const packsInUse = named ?? Object.keys(packs);
  const inUse = packsInUse.map((name) => requirePack(packs, name));
  requireShortInstructions(inUse);
  const inPacks = inUse.flatMap((pack) => pack.tools);
  const tools = inPacks.map(toRight);
  requireHonest(inPacks, module);
  const items = inUse.flatMap(itemsOf);
  const needed = new Set(tools.map(({ scope }) => scope));
  return {
    packs: packsInUse,
    tools,
    offers: inPacks.map(toOffer),
    titles: Object.fromEntries(Object.values(packs).flatMap(titled)),
    scopes: definitions(scopes, needed),
    consentTexts: Object.fromEntries(
      Object.entries(scopes)
        .filter(([name]) => needed.has(name))
        .map(([name, { text }]) => [name, { text, changes: inPacks.some((tool) => mayChange(tool, name)) }]),
    ),
    personalItems: Object.values(packs).flatMap(({ items }) => items?.ofPerson ?? []),
    tenantItems: Object.values(packs).flatMap(({ items }) => items?.ofTenant ?? []),
    items,
    added: inUse.filter((pack) => pack.tools.some(writes)).flatMap(itemsOf),
    removed: inUse.filter((pack) => pack.tools.some(destroys)).flatMap(itemsOf),
    effects: inPacks.map(toEffects),
    servers: serversOf(inPacks, module),
    listed: [...new Set([...items, ...inUse.flatMap(({ reads }) => reads ?? [])])],
  };
}

/** Clients put instructions before every conversation. Throws an error that says how long they are. */
function requireShortInstructions(inUse: readonly Pack[]): void {
  const bytes = Buffer.byteLength(inUse.flatMap(({ instructions = [] }) => instructions).join('\n\n'));
  if (bytes <= MOST_INSTRUCTION_BYTES) return;
  throw new Error(
    `The instructions of the packs in use have ${bytes} bytes; at most ${MOST_INSTRUCTION_BYTES} are allowed, so shorten ` +
      'them, or leave to the description of a tool what is about that tool',
  );
}

function itemsOf({ items }: Pack): string[] {
  return [...(items?.ofPerson ?? []), ...(items?.ofTenant ?? [])];
}

function writes({ annotations }: Tool): boolean {
  return !annotations.readOnlyHint;
}

function destroys({ annotations }: Tool): boolean {
  return annotations.destructiveHint;
}

function toEffects({ name, hosted, annotations: { readOnlyHint, destructiveHint, openWorldHint } }: Tool): Effects {
  const effects = { name, readOnlyHint, destructiveHint, openWorldHint };
  return hosted ? { ...effects, hosted: { ...hosted, server: hosted.server.name } } : effects;
}

/** Throws where two servers have one name, or two tools, of which one is of another server. */
function serversOf(tools: readonly Tool[], module: string): readonly Server[] {
  const hosted = tools.filter((tool) => tool.hosted);
  const twice = hosted.find(({ name }) => tools.filter((tool) => tool.name === name).length > 1);
  if (twice) throw new Error(`${module}: there are two tools named ${twice.name}; give one of them another name`);
  const servers = [...new Set(hosted.flatMap((tool) => tool.hosted?.server ?? []))];
  const same = servers.find(({ name }, at) => servers.findIndex((other) => other.name === name) !== at);
  if (same) throw new Error(`${module}: there are two servers named ${same.name}; give one of them another name`);
  return servers;
}

function definitions(scopes: Tools['scopes'], needed: ReadonlySet<string>): ScopeDefinition[] {
  const missing = [...needed].filter((name) => name !== 'public' && !Object.hasOwn(scopes, name));
  if (missing.length > 0)
    throw new Error(`A tool needs the scope ${missing.join(', ')}, which scopes does not describe`);
  const defined = Object.entries(scopes).map(([name, { implies = [] }]) => ({ name, implies }));
  return defined.filter(({ name }) => needed.has(name));
}

/** True if a scope opens a tool that does more than read. */
function mayChange({ scope, annotations }: Tool, name: string): boolean {
  return scope === name && !annotations.readOnlyHint;
}

function requirePack(packs: Packs, name: string): Pack {
  const pack = packs[name];
  if (pack) return pack;
  const all = Object.keys(packs).join(', ');
  throw new Error(
    `vestibule.config.ts is not valid:\n  tools.packs: there is no pack ${name}; tools/index.ts has ${all}`,
  );
}

/** What is on record of a pack, by name. */
function titled({ tools, resources = [], prompts = [] }: Pack): readonly (readonly [name: string, title: string])[] {
  return [...resources, ...prompts, ...tools].map(({ name, title }) => [name, title]);
}

function toRight({ name, scope, role }: ToolRight): ToolRight {
  return role ? { name, scope, role } : { name, scope };
}

function toOffer({ title, scope, role, annotations }: Tool): Offer {
  const offer = { title, scope, changes: !annotations.readOnlyHint };
  return role ? { ...offer, role } : offer;
}
