import type { CallToolResult, Tool } from '@modelcontextprotocol/client';
import { scopesOf } from '../shared/mcp.ts';

/** The result of a call for a person: its structured content if it has some, else its text. */
export function shownResult({ structuredContent, content }: CallToolResult): string {
  if (structuredContent !== undefined) return JSON.stringify(structuredContent, null, 2);
  return content.map((block) => (block.type === 'text' ? block.text : `[${block.type}]`)).join('\n');
}

/** The tools for a person: name, title and scopes, what it is for, and what it takes. */
export function shownTools(tools: readonly Tool[]): string {
  if (tools.length === 0) return 'There are no tools for you here.';
  return tools.map(shownTool).join('\n\n');
}

function shownTool(tool: Tool): string {
  const { name, title, description, inputSchema } = tool;
  const scopes = scopesOf(tool);
  const fields = Object.entries(inputSchema.properties ?? {}).map(([field, schema]) => {
    const isNeeded = inputSchema.required?.includes(field) ?? false;
    return `    ${field}: ${typeIn(schema)}${isNeeded ? ', needed' : ''}`;
  });
  const heading = `${name}${title ? ` · ${title}` : ''}${scopes.length > 0 ? ` · needs ${scopes.join(' ')}` : ''}`;
  return [heading, `  ${description ?? ''}`, ...fields].filter((line) => line.trim()).join('\n');
}

function typeIn(schema: unknown): string {
  const { type, enum: values, items, anyOf } = members(schema);
  if (Array.isArray(anyOf)) return anyOf.map(typeIn).join(' | ');
  if (Array.isArray(values)) return values.join(' | ');
  if (type === 'array') return `list of ${typeIn(items)}`;
  return type === undefined ? 'anything' : String(type);
}

function members(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}
