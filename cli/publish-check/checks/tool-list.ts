import type { Tool } from '@modelcontextprotocol/client';
import { must } from '../../doctor/check.ts';
import { scopesOf } from '../../shared/mcp.ts';
import type { Check } from '../check.ts';
import { mustBeNone, toolsIn } from '../require.ts';
import { toolCheck } from './tool-check.ts';

const [MOST_TOOLS, ADVISED_TOOLS] = [128, 30];

/** The list of tools, as clients and models can use it. OpenAI, App submission; Copilot Studio, MCP. */
export const toolListChecks: readonly Check[] = [
  {
    name: 'scopes of tools',
    lists: ['openai'],
    remedy: 'Deploy again: the tools say what they need in securitySchemes, and the server metadata lists the scopes.',
    judge: (seen) => {
      const tools = toolsIn(seen);
      mustBeNone(
        namesOf(tools.filter(({ _meta }) => !Array.isArray(_meta?.securitySchemes))),
        'without securitySchemes',
      );
      const unknown = tools.flatMap(scopesOf).filter((scope) => !seen.scopes.includes(scope));
      mustBeNone([...new Set(unknown)], 'not in scopes_supported');
      return undefined;
    },
  },
  {
    name: 'number of tools',
    lists: ['copilot'],
    remedy: `Turn packs off in vestibule.config.ts (tools.packs) until there are ${MOST_TOOLS} at most.`,
    judge: (seen) => {
      const { length } = toolsIn(seen);
      must(length <= MOST_TOOLS, `there are ${length}`);
      return `${length}`;
    },
  },
  {
    name: 'number of tools for a model',
    lists: ['copilot'],
    isAdvice: true,
    remedy: `Serve at most ${ADVISED_TOOLS}: models choose worse among more.`,
    judge: (seen) => {
      const { length } = toolsIn(seen);
      must(length <= ADVISED_TOOLS, `there are ${length}`);
      return undefined;
    },
  },
  {
    ...toolCheck(
      'schemas for Copilot',
      ['copilot'],
      'Write the schema without references, and with one type each.',
      ({ inputSchema }) =>
        /"\$ref":|"type":\[/.test(JSON.stringify(inputSchema)) ? 'with $ref or several types' : undefined,
    ),
    isAdvice: true,
  },
];

function namesOf(tools: readonly Tool[]): readonly string[] {
  return tools.map(({ name }) => name);
}
