import type { CallToolResult, InputRequiredResult } from '@modelcontextprotocol/server';
import { countToolCall } from '#core/http/metrics.ts';
import { OAuthError } from '#core/oauth/error.ts';
import { cancellationLookup } from '#core/store/cancellations.ts';
import { pause, unavailable } from '#core/store/reach.ts';
import { find, type Write } from '#core/store/table.ts';
import { type Attachment, type Call, type Tool, ToolError } from '#tools/define-tool.ts';
import { callOf } from './call.ts';
import { answerIn, ask, canAsk, type McpRequest, type Subject } from './confirmation.ts';
import type { Exchange } from './exchange.ts';
import { readArguments, type Understood } from './read-arguments.ts';

const MOST_RUNS = 12;
/** A transaction holds a hundred writes, and one of them is the audit item. */
const MOST_WRITES = 99;

type Result = CallToolResult | InputRequiredResult;
type Given = Readonly<Record<string, unknown>>;

/**
 * Calls a tool with the arguments of a message, and records it. What is wrong with the arguments, and what the tool
 * itself refuses, is a result that the model can act on. MCP 2026-07-28, Tools.
 */
export async function callTool(tool: Tool, given: Given, mcpRequest: McpRequest, exchange: Exchange): Promise<Result> {
  const read = await exchange.attempt(() => readArguments(tool.input, given));
  if ('faults' in read) return refusal(read.faults);
  try {
    return await exchange.attempt(() => recorded(new ToolCall(tool, read, mcpRequest, exchange), tool, exchange));
  } catch (error) {
    if (error instanceof ToolError) return refusal(error.message);
    throw error;
  }
}

async function recorded(call: ToolCall, tool: Tool, exchange: Exchange): Promise<Result> {
  try {
    return await call.answer();
  } catch (error) {
    if (!(error instanceof OAuthError)) await exchange.record(tool.name, 'failed');
    throw error;
  }
}

function refusal(text: string): CallToolResult {
  return { content: [{ type: 'text', text }], isError: true };
}

/** What a run of a tool has staged. */
type Staged = { readonly writes: Write[]; readonly files: Attachment[] };

class ToolCall {
  readonly #tool: Tool;
  readonly #input: Given;
  /** The arguments as they were read: what a person agrees to. */
  readonly #read: Given;
  readonly #mcpRequest: McpRequest;
  readonly #exchange: Exchange;
  /** Takes the person's answer: a part of the first thing that the call writes. */
  #taken: readonly Write[] = [];

  constructor(tool: Tool, { input, read }: Understood, mcpRequest: McpRequest, exchange: Exchange) {
    this.#tool = tool;
    this.#input = input;
    this.#read = read;
    this.#mcpRequest = mcpRequest;
    this.#exchange = exchange;
  }

  /** Asks the person first, where the tool wants that and the client can. */
  async answer(): Promise<Result> {
    if (!this.#tool.confirm || !canAsk(this.#mcpRequest)) return this.#perform();
    const answer = answerIn(this.#mcpRequest, this.#about, this.#exchange);
    if (!answer) return this.#ask();
    this.#taken = [answer.taken];
    return answer.isYes ? this.#perform() : this.#decline();
  }

  async #ask(): Promise<Result> {
    const question = (await this.#tool.confirm?.(this.#input as never, this.#call())) ?? '';
    return ask(question, this.#about, this.#exchange);
  }

  get #about(): Subject {
    return { tool: this.#tool.name, read: this.#read };
  }

  /** A no is one, whether or not the question still stands. */
  async #decline(): Promise<Result> {
    const { done } = await this.#commit(this.#taken, 'declined');
    if (!done) await this.#commit([], 'declined');
    countToolCall(this.#tool.name, 'declined');
    return refusal('The person was asked and did not agree. Nothing was done.');
  }

  /** Runs the tool until what it writes fits what is there. An answer that does not count is asked for again. */
  async #perform(): Promise<Result> {
    if (this.#tool.annotations.openWorldHint && !(await this.#start())) return this.#ask();
    for (let runs = 1; runs <= MOST_RUNS; runs += 1) {
      const staged: Staged = { writes: [], files: [] };
      const output = this.#tool.output.parse(await this.#tool.run(this.#input as never, this.#call(staged)));
      const outcome = await this.#write(staged.writes);
      if (outcome === 'done') {
        countToolCall(this.#tool.name, 'allowed');
        return result(output, staged.files);
      }
      if (outcome === 'not confirmed') return this.#ask();
      await pause(Math.min(runs, 4));
    }
    throw unavailable('others changed the same items each time');
  }

  /** What reaches beyond the table cannot be undone, so it is recorded before it begins. */
  async #start(): Promise<boolean> {
    const { done } = await this.#commit(this.#taken, 'started');
    this.#taken = [];
    return done;
  }

  /** Makes the writes and the items that say so together: in one transaction, or in as many as it takes. */
  async #write(staged: readonly Write[]): Promise<'done' | 'changed' | 'not confirmed'> {
    const writes = [...this.#taken, ...staged];
    for (let at = 0; at === 0 || at < writes.length; at += MOST_WRITES) {
      if (at > 0) await this.#requireNotCancelled();
      const outcome = await this.#commit(writes.slice(at, at + MOST_WRITES), 'allowed');
      if (!outcome.done) return outcome.failed < this.#taken.length ? 'not confirmed' : 'changed';
      this.#taken = [];
    }
    return 'done';
  }

  /** A request of the same id that was taken back before this one began is another. */
  async #requireNotCancelled(): Promise<void> {
    const { caller, message, request } = this.#exchange;
    const cancellation = await find(cancellationLookup(caller.grantId ?? '', String(message.id)), request.now);
    const isCancelled = cancellation !== undefined && cancellation.cancelledAt >= request.now;
    if (isCancelled) throw new ToolError('The call was cancelled. What was done until then stays done.');
  }

  #call(staged?: Staged): Call {
    const write = (one: Write) => void staged?.writes.push(one);
    const attach = (file: Attachment) => void staged?.files.push(file);
    return { ...callOf(this.#exchange, this.#mcpRequest), write, attach };
  }

  #commit(writes: readonly Write[], outcome: 'allowed' | 'started' | 'declined') {
    return this.#exchange.commit(writes, this.#tool.name, outcome);
  }
}

function result(output: Record<string, unknown>, files: readonly Attachment[]): CallToolResult {
  const resources = files.map((resource) => ({ type: 'resource', resource }) as const);
  return { content: [{ type: 'text', text: JSON.stringify(output) }, ...resources], structuredContent: output };
}
