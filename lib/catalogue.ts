import type { ScopeDefinition } from '../core/oauth/scope.ts';
import { scopes } from '../tools/scopes.ts';

/** Loading the tools loads the table's adapter, which asks for the table's name. At synth there is none yet. */
process.env.TABLE_NAME ??= 'not known at synth';
const { tools } = await import('../tools/index.ts');

const defined: readonly ScopeDefinition[] = Object.entries(scopes).map(([name, text]) => ({
  name,
  implies: [],
  ...text,
}));
const needed = new Set<string>(tools.map(({ scope }) => scope));

/** The scopes that the tools in use need, in the order in which `tools/scopes.ts` has them. */
export const catalogue = defined.filter(({ name }) => needed.has(name));
