import type * as z from 'zod';
import type { QuotaName } from '#core/limits.ts';
import type { Role } from '#core/oauth/permission.ts';
import type { PrincipalKind } from '#core/oauth/principal.ts';
import type { Principal } from '#core/oauth/types.ts';
import type { Kept } from '#core/store/kept.ts';
import type { Write } from '#core/store/table.ts';
import type { Scope } from './scopes.ts';

/** One call of a public tool: nobody may have signed in. */
export type PublicCall = {
  readonly now: number;
  readonly nowMilliseconds: number;
  /** Aborted when the client cancels the call or its time is over. A request to elsewhere takes it along. */
  readonly signal: AbortSignal;
  /**
   * Throws when the call has used up its time. To be called before each unit of work of which there may be many, such as
   * each item of a list: nothing else ends a call that computes.
   */
  readonly requireTime: () => void;
  /** Tells a waiting client how far the call is. */
  readonly progress: (step: Progress) => Promise<void>;
};

/** One call of a tool: whom it acts for, and what it does. */
export type Call = Principal &
  PublicCall & {
    readonly role: Role;
    /** What the subject is. What only a person can do asks for it. */
    readonly kind: PrincipalKind;
    readonly clientId: string;
    readonly scopes: readonly string[];
    /**
     * Stages a write. All writes of a call are made together with its audit item, after `run` returns, or not at all:
     * up to 99 in one transaction, more in several. When a condition fails, the tool decided on old data, and `run` is
     * called again.
     */
    readonly write: (write: Write) => void;
    /**
     * Counts what the staged writes add to what the person keeps, or another person of the tenant, or take from it. A
     * call that has no room for it does nothing and says so.
     */
    readonly keep: (quota: QuotaName, kept: Kept, subject?: string) => void;
    /** Adds a file to the answer, beside the output. */
    readonly attach: (file: Attachment) => void;
  };

/** How much of the work is done, and of how much if that is known. MCP 2026-07-28, Progress. */
export type Progress = { readonly done: number; readonly total?: number; readonly message?: string };

/** A text file in an answer: an embedded resource. MCP 2026-07-28, Tools. */
export type Attachment = { readonly uri: string; readonly mimeType: string; readonly text: string };

/** What a client is told of a tool's effects. MCP 2026-07-28, Tools. */
type Annotations = {
  readonly readOnlyHint: boolean;
  readonly destructiveHint: boolean;
  readonly idempotentHint?: boolean;
  /** It reaches beyond this server. Such a call has an audit item before it starts, and one when it is over. */
  readonly openWorldHint: boolean;
};

/** A picture for a list of tools: an https or data URI. MCP 2026-07-28, Icons. */
type Icon = { readonly src: string; readonly mimeType?: string; readonly sizes?: string[] };

type Described = {
  readonly name: string;
  readonly title: string;
  /** Written for the model that chooses among tools. */
  readonly description: string;
  /** What the person must have granted. `public` needs nothing, and can be opened to callers without a token. */
  readonly scope: Scope | 'public';
  /** Who in a tenant may call it at all. Without a role, everybody. */
  readonly role?: Role;
  readonly annotations: Annotations;
  /**
   * It runs while it is still being found out whether the caller may call it, which saves a round trip. A
   * caller who may not gets nothing of it, so all that it does is read and stage. Only with `bounded`.
   */
  readonly early?: true;
  /**
   * Each unit of its work is small, also of its schemas, and it calls `requireTime` between them. Any other is recorded
   * before it begins too, for a call that computes on is ended with its process, which records nothing. It holds for the
   * resources and prompts that are like it.
   */
  readonly bounded?: true;
  /** As how many calls it counts, if it may read far more than others. */
  readonly weight?: number;
  readonly icons?: Icon[];
  /** The page that shows its output in a client which can. MCP Apps. */
  readonly app?: string;
};

type CallOf<S> = S extends 'public' ? PublicCall : Call;

type Definition<I extends z.ZodObject, O extends z.ZodObject, S extends Scope | 'public'> = Described & {
  readonly scope: S;
  readonly input: I;
  readonly output: O;
  /** What a person is asked before it runs, where their client can ask them. MCP 2026-07-28, Elicitation. */
  readonly confirm?: (input: z.output<I>, call: CallOf<S>) => string | Promise<string>;
  readonly run: (input: z.output<I>, call: CallOf<S>) => z.input<O> | Promise<z.input<O>>;
};

/** A tool as the MCP endpoint serves it. Its input has passed its schema. */
export type Tool = Described & {
  readonly input: z.ZodObject;
  readonly output: z.ZodObject;
  readonly confirm?: (input: never, call: Call) => string | Promise<string>;
  readonly run: (input: never, call: Call) => Answer | Promise<Answer>;
};
type Answer = Readonly<Record<string, unknown>>;

/** Something a tool cannot do, said to the model: it may try again with other arguments. */
export class ToolError extends Error {}

/** A call has used up its time. */
export class OutOfTime extends ToolError {
  constructor() {
    super('This took more time than one call has. Ask for less at once, or try again later.');
  }
}

/** Defines a tool: its input and output follow from the schemas. */
export function defineTool<I extends z.ZodObject, O extends z.ZodObject, S extends Scope | 'public'>(
  definition: Definition<I, O, S>,
): Tool {
  return definition;
}
