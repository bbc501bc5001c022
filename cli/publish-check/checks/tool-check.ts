import type { Tool } from '@modelcontextprotocol/client';
import type { Check } from '../check.ts';
import { mustBeNone, toolsIn } from '../require.ts';

/** A check of each tool by itself: what is wrong with one, as it follows its name. */
export function toolCheck(
  name: string,
  lists: Check['lists'],
  remedy: string,
  wrongWith: (tool: Tool) => string | undefined,
): Check {
  return {
    name,
    lists,
    remedy,
    judge: (seen) => {
      const wrong = toolsIn(seen).flatMap((tool) => {
        const what = wrongWith(tool);
        return what === undefined ? [] : [`${tool.name} ${what}`];
      });
      mustBeNone(wrong);
      return undefined;
    },
  };
}

/** The inputs of a tool, by name. */
export function inputsOf({ inputSchema }: Tool): readonly (readonly [name: string, schema: object])[] {
  const all = Object.entries(inputSchema.properties ?? {});
  return all.map(([name, schema]) => [name, typeof schema === 'object' && schema !== null ? schema : {}]);
}
