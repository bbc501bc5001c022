import type { Tool } from '@modelcontextprotocol/client';
import { type Called, scopesOf } from '../shared/mcp.ts';

/** As many tools are tried, with a fault in an input as many of them again: a person’s limit per minute is higher. */
const [MOST_TRIED, MOST_MISTAKEN] = [20, 5];
const plainTypes: readonly unknown[] = ['string', 'number', 'integer', 'boolean'];

type Input = Readonly<Record<string, unknown>>;

/** A call to try: one that should work, or one with an input of the wrong type. */
export type Trial = { readonly tool: string; readonly input: Input; readonly mistaken?: string };

/** What came of a trial. */
export type Sample = Trial & Called;

/**
 * The calls that a reviewer could make of the tools that were granted, only read, and reach nothing outside: with the
 * examples of their input schemas, or with no input where none is needed.
 */
export function trialsOf(tools: readonly Tool[], granted: readonly string[]): readonly Trial[] {
  const working = tools.filter((tool) => isSafe(tool, granted)).flatMap((tool) => workingTrial(tool) ?? []);
  const tried = working.slice(0, MOST_TRIED);
  const mistaken = tried.flatMap((trial) => mistakenTrial(trial, tools) ?? []);
  return [...tried, ...mistaken.slice(0, MOST_MISTAKEN)];
}

/** Arguments of the examples in the input schema, if every input that is needed has one. */
export function exampleOf({ inputSchema }: Tool): Input | undefined {
  const examples = Object.entries(inputSchema.properties ?? {}).flatMap(([name, schema]) => {
    const given: unknown =
      typeof schema === 'object' && schema !== null && 'examples' in schema ? schema.examples : undefined;
    return Array.isArray(given) && given.length > 0 ? [[name, given[0]] as const] : [];
  });
  const example = Object.fromEntries(examples);
  return (inputSchema.required ?? []).every((name) => Object.hasOwn(example, name)) ? example : undefined;
}

function isSafe(tool: Tool, granted: readonly string[]): boolean {
  const { readOnlyHint, openWorldHint } = tool.annotations ?? {};
  return readOnlyHint === true && openWorldHint === false && scopesOf(tool).every((scope) => granted.includes(scope));
}

function workingTrial(tool: Tool): Trial | undefined {
  const input = exampleOf(tool);
  return input && { tool: tool.name, input };
}

/** The same call with an object in place of a text, a number or a yes. */
function mistakenTrial({ tool, input }: Trial, tools: readonly Tool[]): Trial | undefined {
  const properties = tools.find(({ name }) => name === tool)?.inputSchema.properties ?? {};
  const isPlain = (schema: object | null) => schema !== null && 'type' in schema && plainTypes.includes(schema.type);
  const [mistaken] = Object.entries(properties).find(([, schema]) => isPlain(Object(schema))) ?? [];
  return mistaken === undefined ? undefined : { tool, input: { ...input, [mistaken]: { wrong: true } }, mistaken };
}
