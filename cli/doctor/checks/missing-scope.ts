import type { Tool } from '@modelcontextprotocol/client';
import { scopesOf } from '../../shared/mcp.ts';
import { type Check, Fault, must, NotChecked } from '../check.ts';
import type { Answer, Deployment } from '../deployment.ts';
import { mustChallenge } from './challenge.ts';
import { refreshWith } from './refresh.ts';

/** The scope of one tool, and another tool that needs another. */
type Pair = { readonly scope: string; readonly tool: Tool };

/** That a client learns from a 403 what it lacks. RFC 6750 §3.1. */
export const missingScope: Check = {
  name: 'challenge for a missing scope',
  proves: 'a call for which the token lacks a scope is 403, and the challenge says insufficient_scope and all it needs',
  remedy:
    'The challenge is made by the Mcp function: let what stands before the API pass it as it is, and deploy again.',
  run: async (deployment) => {
    const pairs = pairsIn(harmlessTools(deployment));
    if (pairs.length === 0)
      throw new NotChecked('needs two tools that were granted, only read, take no input and differ in scope');
    // One scope may include the other, but not both each other.
    for (const pair of pairs) {
      const answer = await calledWithout(pair, deployment);
      if (answer.status === 200) continue;
      const asked = await mustChallenge(answer, deployment, 'insufficient_scope');
      const lacking = scopesOf(pair.tool).filter((scope) => !asked.includes(scope));
      must(lacking.length === 0, `the challenge does not ask for ${lacking.join(' ')}`);
      return `${pair.tool.name} with ${pair.scope} alone`;
    }
    throw new Fault('tools answer to tokens that lack their scope', 'Look into the log of the Mcp function.');
  },
};

/** The tools that the person granted, and that change nothing when they are called without any input. */
export function harmlessTools({ connection: { tools, scopes } }: Deployment): readonly Tool[] {
  if (!tools) throw new NotChecked('needs the tools');
  const isGranted = (tool: Tool) => scopesOf(tool).every((scope) => scopes.includes(scope));
  const isHarmless = ({ annotations, inputSchema }: Tool) =>
    annotations?.readOnlyHint === true && (inputSchema.required ?? []).length === 0;
  return tools.filter((tool) => isHarmless(tool) && isGranted(tool));
}

function pairsIn(tools: readonly Tool[]): readonly Pair[] {
  const [first, ...others] = tools.filter((tool) => scopesOf(tool).length === 1);
  const second = others.find((tool) => first && scopesOf(tool)[0] !== scopesOf(first)[0]);
  if (!first || !second) return [];
  const [one = '', other = ''] = [...scopesOf(first), ...scopesOf(second)];
  return [
    { scope: one, tool: second },
    { scope: other, tool: first },
  ];
}

/** Calls the tool with a token that is narrowed to the scope of another. */
async function calledWithout({ scope, tool }: Pair, deployment: Deployment): Promise<Answer> {
  const { connection } = deployment;
  const narrowed = await refreshWith(connection.refreshToken, deployment, { scope });
  deployment.connection = { ...connection, refreshToken: narrowed.refreshToken };
  must(narrowed.scope === scope, `a token that is asked for with ${scope} alone has ${narrowed.scope}`);
  const headers = { authorization: `Bearer ${narrowed.accessToken}` };
  return await deployment.ask('tools/call', { name: tool.name, arguments: {} }, headers);
}
