import type { Check } from '../check.ts';
import { toolCheck } from './tool-check.ts';

/** Prefixes that the protocol keeps for itself. MCP 2026-07-28, `_meta`. */
const reserved = /^[\w-]+\.(modelcontextprotocol|mcp)(\.[\w.-]+)?\//i;

/** What tools carry besides. MCP 2026-07-28, `_meta`. */
export const metaChecks: readonly Check[] = [
  {
    ...toolCheck(
      'members of _meta',
      ['openai', 'anthropic', 'copilot'],
      'Begin names of your own in _meta with a domain of yours turned around: those of the protocol are reserved.',
      ({ _meta = {} }) => {
        const name = Object.keys(_meta).find((key) => reserved.test(key));
        return name && `with ${name}`;
      },
    ),
    isAdvice: true,
  },
];
