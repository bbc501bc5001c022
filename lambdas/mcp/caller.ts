import { permitsTool, type Standing } from '#core/oauth/permission.ts';
import { allows } from '#core/oauth/scope.ts';
import type { Principal } from '#core/oauth/types.ts';
import { scopes as catalogue } from '#generated';
import type { Tool } from '#tools/define-tool.ts';

/** Who a request acts for: a person through a client, or somebody who shows no token. */
export type Caller = {
  readonly principal: Principal;
  readonly standing: Standing;
  readonly scopes: readonly string[];
  readonly clientId?: string;
  /** Absent for a caller without a token. */
  readonly grantId?: string;
  /** Whether the access token is bound to a key, and the nonce for the next proof of it. */
  readonly isBound?: boolean;
  readonly nonce?: string | undefined;
};

/** True if this caller could ever call a tool, whatever they granted. */
export function mayEverCall(caller: Caller, tool: Tool): boolean {
  return permitsTool(tool, caller.standing, catalogue);
}

/** True if the caller's grant includes what the tool needs. */
export function hasGranted({ scopes }: Pick<Caller, 'scopes'>, { scope }: Tool): boolean {
  return scope === 'public' || allows(scopes, scope, catalogue);
}
