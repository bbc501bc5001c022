import { allows, type ScopeDefinition } from './scope.ts';

/** What somebody is in their tenant. */
export const roles = ['member', 'admin'] as const;
export type Role = (typeof roles)[number];

/** What a tenant lets its people use. What it does not name is not restricted. */
export type Policy = { readonly tools?: readonly string[]; readonly scopes?: readonly string[] };

/** What decides about a person apart from what they granted: neither can be changed by any consent. */
export type Standing = { readonly role: Role; readonly policy: Policy };

/** What a tool asks of its caller. */
export type ToolRight = { readonly name: string; readonly scope: string; readonly role?: Role };

/** True if a person could ever call this tool, whatever they grant. */
export function permitsTool(
  { name, scope, role }: ToolRight,
  standing: Standing,
  catalogue: readonly ScopeDefinition[],
): boolean {
  const { tools, scopes } = standing.policy;
  if (role === 'admin' && standing.role !== 'admin') return false;
  if (tools && !tools.includes(name)) return false;
  return scope === 'public' || !scopes || allows(scopes, scope, catalogue);
}

/** The scopes that a person may grant: those that at least one tool needs which they could call. RFC 6749 §3.3. */
export function grantableScopes(
  tools: readonly ToolRight[],
  standing: Standing,
  catalogue: readonly ScopeDefinition[],
): readonly string[] {
  const useful = new Set(tools.filter((tool) => permitsTool(tool, standing, catalogue)).map(({ scope }) => scope));
  return catalogue.map(({ name }) => name).filter((name) => useful.has(name));
}

/**
 * The scopes that a client is told to ask for first: what only a role gives is left for when it is needed.
 * MCP 2026-07-28, Authorization, Scope minimization.
 */
export function initialScopes(tools: readonly ToolRight[], catalogue: readonly ScopeDefinition[]): readonly string[] {
  return grantableScopes(tools, { role: 'member', policy: {} }, catalogue);
}
