import type { Tool } from '@modelcontextprotocol/client';
import { Failure } from '../../shared/failure.ts';
import { schemaDigest } from '../../shared/stdio-tools.ts';
import { wordsOf } from '../openapi/names.ts';
import { Unmakeable } from '../openapi/references.ts';
import { SchemaWriter } from '../openapi/schema.ts';
import { described } from '../openapi/source.ts';
import { freeName, type ToolNames } from '../tool-names.ts';

const [LONGEST_TITLE, LONGEST_DESCRIPTION, MOST_TOOLS] = [60, 1_000, 128];

/** A tool of a server, as what its part of the file needs. */
export type ServerTool = {
  /** What clients call it, and what the server calls it. */
  readonly name: string;
  readonly tool: string;
  readonly title: string;
  readonly description: string;
  readonly input: string;
  readonly imports: ReadonlySet<string>;
  readonly schema: string;
  readonly annotations: Effects;
};
type Effects = {
  readonly readOnlyHint: boolean;
  readonly destructiveHint: boolean;
  readonly idempotentHint?: boolean;
  readonly openWorldHint: boolean;
};

/** What is written, under which other name than its own, and what is not. */
export type ServerPlan = {
  readonly tools: readonly ServerTool[];
  readonly renamed: readonly string[];
  readonly leftOut: readonly string[];
};

/** Makes what can be written of a server's tools. Throws a failure if there is none. */
export function planServer(listed: readonly Tool[], server: string, names: ToolNames): ServerPlan {
  const leftOut: string[] = [];
  const tools = listed.slice(0, MOST_TOOLS).flatMap((tool) => {
    try {
      return [planned(tool, () => freeName(tool.name, wordsOf(tool.name), names))];
    } catch (error) {
      if (!(error instanceof Unmakeable || error instanceof Failure)) throw error;
      leftOut.push(`${described(tool.name, 60)}: ${error.message}`);
      return [];
    }
  });
  if (listed.length > MOST_TOOLS)
    leftOut.push(`${listed.length - MOST_TOOLS} more: clients take ${MOST_TOOLS} at most`);
  if (tools.length > 0) return { tools, renamed: names.renamed, leftOut };
  throw new Failure([`${server} has no tool that can be written.`, ...leftOut].join('\n  '));
}

function planned(listed: Tool, name: () => string): ServerTool {
  const { name: tool, title, description, annotations, inputSchema, execution } = listed;
  if (execution?.taskSupport === 'required') throw new Unmakeable('it only runs as a task');
  const writer = new SchemaWriter({ source: tool, whole: inputSchema });
  const input = writer.member(ofNamed(inputSchema), true);
  if (!input.members) throw new Unmakeable('its input is no object whose members have names that every client takes');
  const own = name();
  const shown = described(title ?? annotations?.title, LONGEST_TITLE) || titled(tool);
  return {
    name: own,
    tool,
    title: shown,
    description: described(description, LONGEST_DESCRIPTION) || shown,
    input: input.code,
    imports: writer.imports,
    schema: schemaDigest(inputSchema),
    annotations: effectsOf(annotations),
  };
}

/** The schema of all arguments: the tool has a description of its own, and one that names none takes none. */
function ofNamed({ description: _description, title: _title, ...schema }: Tool['inputSchema']): object {
  return { additionalProperties: false, ...schema };
}

/** What a server does not say of a tool is taken at its worst. What only reads destroys nothing. */
function effectsOf(said: Tool['annotations']): Effects {
  const readOnlyHint = said?.readOnlyHint === true;
  const effects = {
    readOnlyHint,
    destructiveHint: !readOnlyHint && said?.destructiveHint !== false,
    openWorldHint: said?.openWorldHint !== false,
  };
  return said?.idempotentHint === true ? { ...effects, idempotentHint: true } : effects;
}

function titled(name: string): string {
  const text = wordsOf(name).join(' ').slice(0, LONGEST_TITLE);
  return text.charAt(0).toUpperCase() + text.slice(1);
}
