import type * as z from 'zod';
import type { Principal } from '#core/oauth/types.ts';
import type { Write } from '#core/store/table.ts';
import type { Scope } from './scopes.ts';

/** One call of a tool: whom it acts for, and what it does. */
export type Call = Principal & {
  readonly clientId: string;
  readonly scopes: readonly string[];
  readonly now: number;
  readonly nowMilliseconds: number;
  /**
   * Stages a write. All writes of a call are made together with its audit item, after `run` returns, or not at all.
   * When a condition fails, the tool decided on old data, and `run` is called again.
   */
  readonly write: (write: Write) => void;
};

/** What a client is told of a tool's effects. MCP 2026-07-28, Tools. */
type Annotations = {
  readonly readOnlyHint: boolean;
  readonly destructiveHint: boolean;
  readonly idempotentHint?: boolean;
  readonly openWorldHint: boolean;
};

type Described = {
  readonly name: string;
  readonly title: string;
  /** Written for the model that chooses among tools. */
  readonly description: string;
  /** What the person must have granted. */
  readonly scope: Scope;
  readonly annotations: Annotations;
};

type Definition<I extends z.ZodObject, O extends z.ZodObject> = Described & {
  readonly input: I;
  readonly output: O;
  readonly run: (input: z.output<I>, call: Call) => z.input<O> | Promise<z.input<O>>;
};

/** A tool as the MCP endpoint serves it. Its input has passed its schema. */
export type Tool = Described & {
  readonly input: z.ZodObject;
  readonly output: z.ZodObject;
  readonly run: (input: never, call: Call) => Answer | Promise<Answer>;
};
type Answer = Readonly<Record<string, unknown>>;

/** Something a tool cannot do, said to the model: it may try again with other arguments. */
export class ToolError extends Error {}

/** Defines a tool: its input and output follow from the schemas. */
export function defineTool<I extends z.ZodObject, O extends z.ZodObject>(definition: Definition<I, O>): Tool {
  return definition;
}
