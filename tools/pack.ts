import type { Prompt } from './define-prompt.ts';
import type { Resource } from './define-resource.ts';
import type { Tool } from './define-tool.ts';

/** Tools that belong together, which the operator turns on and off as one. */
export type Pack = {
  readonly tools: readonly Tool[];
  readonly resources?: readonly Resource[];
  readonly prompts?: readonly Prompt[];
  /**
   * How a model works with the pack as a whole. Packs in use may have 2048 bytes together, and the first 512 characters
   * should do alone: some clients read no further. What a tool's own description says is not repeated.
   */
  readonly instructions?: string;
  /** The items that the pack keeps in the table, as the MCP Lambda's rights name them. */
  readonly items?: {
    /** Kept in partitions `<prefix><tenant>#<subject>`: they move with the person. */
    readonly ofPerson?: readonly Prefix[];
    /** Kept in partitions `<prefix><tenant>`. */
    readonly ofTenant?: readonly Prefix[];
  };
  /** The partitions that are not the pack's own and that it lists. */
  readonly reads?: readonly Prefix[];
};
type Prefix = `${string}#`;
