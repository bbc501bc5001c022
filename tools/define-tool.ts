import type * as z from 'zod';
import type { QuotaName } from '#core/limits.ts';
import type { Role } from '#core/oauth/permission.ts';
import type { PrincipalKind } from '#core/oauth/principal.ts';
import type { Principal } from '#core/oauth/types.ts';
import type { Kept } from '#core/store/kept.ts';
import type { Addition, Write } from '#core/store/table.ts';
import type { Scope } from './scopes.ts';
import type { Hosted } from './upstream/server.ts';

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

/** One call of a tool: whom it acts for. With `readOnlyHint: true` this is all that a tool is given. */
export type Call = Principal &
  PublicCall & {
    readonly role: Role;
    /** What the subject is. What only a person can do asks for it. */
    readonly kind: PrincipalKind;
    readonly clientId: string;
    /** Whether its access token is bound to a key of the client's. RFC 9449. */
    readonly isBound: boolean;
    readonly scopes: readonly string[];
    /** Adds a file to the answer, beside the output. */
    readonly attach: (file: Attachment) => void;
  };

/** One call of a tool that changes something. */
type StagingCall<W> = Call & {
  /**
   * Stages a write. All writes of a call are made together with its audit item, after `run` returns, or not at all:
   * up to 99 in one transaction, more in several. When a condition fails, the tool decided on old data, and `run` is
   * called again.
   */
  readonly write: (write: W) => void;
  /**
   * Counts what the staged writes add to what the person keeps, or another person of the tenant, or take from it. A
   * call that has no room for it does nothing and says so.
   */
  readonly keep: (quota: QuotaName, kept: Kept, subject?: string) => void;
};

/** One call of a tool with `destructiveHint: false`: it adds, and nothing that was there is lost. */
export type AddingCall = StagingCall<Addition>;

/** One call of a tool with `destructiveHint: true`, which may overwrite and remove. */
export type ChangingCall = StagingCall<Write>;

/** How much of the work is done, and of how much if that is known. MCP 2026-07-28, Progress. */
export type Progress = { readonly done: number; readonly total?: number; readonly message?: string };

/** A text file in an answer: an embedded resource. MCP 2026-07-28, Tools. */
export type Attachment = { readonly uri: string; readonly mimeType: string; readonly text: string };

/** What a client is told of a tool's effects, and all that the tool is then able to do. MCP 2026-07-28, Tools. */
export type Annotations = {
  /** It only reads: its call has no `write`. */
  readonly readOnlyHint: boolean;
  /** It may overwrite and remove. Otherwise it can only add. */
  readonly destructiveHint: boolean;
  readonly idempotentHint?: boolean;
  /**
   * It reaches beyond this server. Such a call has an audit item before it starts, and one when it is over. Otherwise
   * whatever would leave the process fails.
   */
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

/** What is not known to write is given no way to. */
type CallOf<S, A extends Annotations> = S extends 'public'
  ? PublicCall
  : [A['readOnlyHint']] extends [false]
    ? [A['destructiveHint']] extends [true]
      ? ChangingCall
      : AddingCall
    : Call;

type Definition<
  I extends z.ZodObject,
  O extends z.ZodObject,
  S extends Scope | 'public',
  A extends Annotations,
> = Described & {
  readonly scope: S;
  readonly annotations: A;
  readonly input: I;
  readonly output: O;
  /** What a person is asked before it runs, where their client can ask them. MCP 2026-07-28, Elicitation. */
  readonly confirm?: (input: z.output<I>, call: CallOf<S, A>) => string | Promise<string>;
  readonly run: (input: z.output<I>, call: CallOf<S, A>) => z.input<O> | Promise<z.input<O>>;
};

/** A tool as the MCP endpoint serves it. Its input has passed its schema. */
export type Tool = Described & {
  /** The server of others that it is a tool of, if it is: what that answers is passed on. */
  readonly hosted?: Hosted;
  readonly input: z.ZodObject;
  readonly output: z.ZodObject;
  readonly confirm?: (input: never, call: ChangingCall) => string | Promise<string>;
  readonly run: (input: never, call: ChangingCall) => Answer | Promise<Answer>;
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

/** Defines a tool: its input and output follow from the schemas, and what it may do from the annotations. */
export function defineTool<
  I extends z.ZodObject,
  O extends z.ZodObject,
  S extends Scope | 'public',
  const A extends Annotations,
>(definition: Definition<I, O, S, A>): Tool {
  return definition;
}
