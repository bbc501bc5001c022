import type { ScopeChallengeHandler } from '@modelcontextprotocol/server';
import type { Tool } from '#tools/define-tool.ts';
import { hasGranted } from './caller.ts';
import type { Exchange } from './exchange.ts';

/**
 * Refuses what needs a scope that the person did not grant, though they could: the client is told all that it needs,
 * with what it has. RFC 6750 §3.1.
 */
export function requiring(tool: Tool, named: string, exchange: Exchange): ScopeChallengeHandler {
  return async () => {
    if (hasGranted(exchange.caller, tool)) return undefined;
    await exchange.attempt(() => exchange.record(named, 'denied'));
    return { scopes: [tool.scope, ...exchange.caller.scopes] };
  };
}
