import {
  completable,
  type GetPromptResult,
  type McpServer,
  ProtocolError,
  ProtocolErrorCode,
  type StandardSchemaWithJSON,
} from '@modelcontextprotocol/server';
import * as z from 'zod';
import type { Prompt } from '#tools/define-prompt.ts';
import { ToolError } from '#tools/define-tool.ts';
import { honestly } from '#tools/effects.ts';
import { callOf } from './call.ts';
import { mayEverCall } from './caller.ts';
import type { McpRequest } from './confirmation.ts';
import type { Exchange } from './exchange.ts';
import { faultWords } from './fault-words.ts';
import { faultsOf } from './faults.ts';
import { suggestions } from './resources.ts';
import { requiring } from './scope-challenge.ts';
import { prompts } from './served.ts';

const LONGEST_ARGUMENT = 1_000;

type Given = Record<string, string | undefined>;

/** Registers the prompts that the caller could ever use. MCP 2026-07-28, Prompts. */
export function registerPrompts(server: McpServer, exchange: Exchange): void {
  for (const prompt of prompts.filter(({ like }) => mayEverCall(exchange.caller, like))) {
    const { name, title, description, like } = prompt;
    const argsSchema = z.object(
      Object.fromEntries(prompt.arguments.map((one) => [one.name, shape(one, prompt, exchange)])),
    );
    server.registerPrompt(
      name,
      { title, description, argsSchema: inOurWords(argsSchema), scopeChallenge: requiring(like, name, exchange) },
      (given, { mcpReq }) => get(prompt, given, mcpReq, exchange),
    );
  }
}

/** The same schema, which says what is wrong in a sentence and not in zod's words. */
function inOurWords(schema: z.ZodObject): StandardSchemaWithJSON<Given, Given> {
  const validate = (value: unknown) => {
    const { success, data, error } = schema.safeParse(value, { error: faultWords });
    return success ? { value: data as Given } : { issues: [{ message: faultsOf(error, 'arguments') }] };
  };
  const { vendor, jsonSchema } = schema['~standard'];
  return Object.assign({ shape: schema.shape }, { '~standard': { version: 1, vendor, jsonSchema, validate } as const });
}

function shape({ description, required, complete }: Prompt['arguments'][number], { like }: Prompt, exchange: Exchange) {
  const text = z.string().max(LONGEST_ARGUMENT).describe(description);
  const withValues = complete
    ? completable(text, (typed) => suggestions(like, exchange, (call) => complete(typed ?? '', call)))
    : text;
  return required ? withValues : withValues.optional();
}

async function get(prompt: Prompt, given: Given, mcpRequest: McpRequest, exchange: Exchange): Promise<GetPromptResult> {
  await exchange.begin(prompt.name, prompt.like);
  const text = await exchange
    .attempt(() => honestly(prompt.like, () => prompt.run(given, callOf(exchange.acting, mcpRequest))))
    .catch(asInvalidArgument);
  await exchange.attempt(() => exchange.record(prompt.name, 'allowed'));
  return { description: prompt.description, messages: [{ role: 'user', content: { type: 'text', text } }] };
}

/** A prompt that refuses has been given something that it cannot use. MCP 2026-07-28, Prompts, Error Handling. */
function asInvalidArgument(error: unknown): never {
  if (error instanceof ToolError) throw new ProtocolError(ProtocolErrorCode.InvalidParams, error.message);
  throw error;
}
