import type { Call, Tool } from './define-tool.ts';

type Described = {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly mimeType: string;
  /** The tool that shows the same. A caller who may not call it does not see the resource either. */
  readonly like: Tool;
};

/** One thing that a client may read, at an address of its own. MCP 2026-07-28, Resources. */
export type FixedResource = Described & {
  readonly uri: string;
  /** Tells the client's host what a page may do. MCP Apps. */
  readonly meta?: Readonly<Record<string, unknown>>;
  readonly read: (call: Call) => string | Promise<string>;
};

/** Things that a client may read, at the addresses that a URI template gives. RFC 6570. */
export type TemplatedResource = Described & {
  readonly template: string;
  /** Those that a client is shown without asking for one. */
  readonly list?: (call: Call) => Promise<readonly Listed[]>;
  /** What a variable of the template may be, for what has been typed of it. */
  readonly complete?: Readonly<Record<string, (typed: string, call: Call) => Promise<readonly string[]>>>;
  /** Undefined when there is no such thing. */
  readonly read: (variables: Readonly<Record<string, string>>, call: Call) => Promise<string | undefined>;
};
type Listed = { readonly uri: string; readonly name: string; readonly title?: string; readonly description?: string };

/** Something that a client may read. */
export type Resource = FixedResource | TemplatedResource;

/** Defines a resource. */
export function defineResource(definition: Resource): Resource {
  return definition;
}
