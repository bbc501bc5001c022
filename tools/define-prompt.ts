import type { Call, Tool } from './define-tool.ts';

type Argument = {
  readonly name: string;
  readonly description: string;
  readonly required?: boolean;
  /** What it may be, for what has been typed of it. */
  readonly complete?: (typed: string, call: Call) => readonly string[] | Promise<readonly string[]>;
};

/** A message that a person starts a conversation with. MCP 2026-07-28, Prompts. */
export type Prompt = {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  /** The tool that the conversation needs. A caller who may not call it does not see the prompt either. */
  readonly like: Tool;
  readonly arguments: readonly Argument[];
  readonly run: (given: Readonly<Record<string, string | undefined>>, call: Call) => string | Promise<string>;
};

/** Defines a prompt. */
export function definePrompt(definition: Prompt): Prompt {
  return definition;
}
