import type { CallToolResult, InputRequiredResult } from '@modelcontextprotocol/server';
import { countToolCall } from '#core/http/metrics.ts';
import type { QuotaName } from '#core/limits.ts';
import { OAuthError } from '#core/oauth/error.ts';
import { cancellationLookup } from '#core/store/cancellations.ts';
import { dropConfirmation } from '#core/store/confirmations.ts';
import { type Kept, keeping } from '#core/store/kept.ts';
import { pause, unavailable } from '#core/store/reach.ts';
import { find, type Write } from '#core/store/table.ts';
import { type Attachment, type Call, type Tool, ToolError } from '#tools/define-tool.ts';
import { callOf } from './call.ts';
import { type Answer, answerIn, ask, canAsk, type McpRequest, type Subject, taking } from './confirmation.ts';
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
type Staged = {
  readonly writes: Write[];
  readonly files: Attachment[];
  /** What it adds to what people keep, by quota and person, so that each counter is in a transaction once. */
  readonly kept: Map<string, Kept & { readonly quota: QuotaName; readonly subject: string }>;
};

class ToolCall {
  readonly #tool: Tool;
  readonly #input: Given;
  /** The arguments as they were read: what a person agrees to. */
  readonly #read: Given;
  readonly #mcpRequest: McpRequest;
  readonly #exchange: Exchange;
  /** The person's yes, until the first thing that the call writes takes it. */
  #answer: Answer | undefined;
  #isConfirmed = false;

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
    const answer = answerIn(this.#mcpRequest);
    if (!answer) return this.#ask();
    if (!answer.isYes) return this.#decline(answer);
    this.#answer = answer;
    return this.#perform();
  }

  /** What the call would do is found out first, so that the answer counts for nothing else. */
  async #ask(): Promise<Result> {
    const question = await this.#question();
    const staged: Staged = { writes: [], files: [], kept: new Map() };
    if (!this.#tool.annotations.openWorldHint) await this.#run(staged);
    return ask(question, this.#about(question, staged.writes), this.#exchange);
  }

  async #question(): Promise<string> {
    return (await this.#tool.confirm?.(this.#input as never, this.#call())) ?? '';
  }

  #about(question: string, writes: readonly Write[]): Subject {
    return { tool: this.#tool.name, read: this.#read, question, writes };
  }

  /** Takes the person's answer with what the call would write, if there is one to take. */
  async #taking(writes: readonly Write[]): Promise<Write[]> {
    if (!this.#answer) return [];
    return [taking(this.#answer, this.#about(await this.#question(), writes), this.#exchange)];
  }

  /** A no is one, whether or not the question still stands. */
  async #decline({ hash }: Answer): Promise<Result> {
    await this.#commit([dropConfirmation(hash)], 'declined');
    countToolCall(this.#tool.name, 'declined');
    return refusal('The person was asked and did not agree. Nothing was done.');
  }

  /** Runs the tool until what it writes fits what is there. An answer that does not count is asked for again. */
  async #perform(): Promise<Result> {
    if (this.#tool.annotations.openWorldHint && !(await this.#start())) return this.#ask();
    for (let runs = 1; runs <= MOST_RUNS; runs += 1) {
      const staged: Staged = { writes: [], files: [], kept: new Map() };
      const output = await this.#run(staged);
      const outcome = await this.#write(staged.writes, this.#keeping(staged));
      if (outcome === 'done') {
        countToolCall(this.#tool.name, 'allowed');
        return result(output, staged.files);
      }
      // What comes after the first transaction of a confirmed call would not be what was shown.
      if (outcome === 'not confirmed' || this.#isConfirmed) return this.#ask();
      await pause(Math.min(runs, 4));
    }
    throw unavailable('others changed the same items each time');
  }

  async #run(staged: Staged): Promise<Record<string, unknown>> {
    return this.#tool.output.parse(await this.#tool.run(this.#input as never, this.#call(staged)));
  }

  /** What reaches beyond the table cannot be undone, so it is recorded before it begins. */
  async #start(): Promise<boolean> {
    const { done } = await this.#commit(await this.#taking([]), 'started');
    this.#answer = undefined;
    return done;
  }

  /** Makes the writes and the items that say so together: in one transaction, or in as many as it takes. */
  async #write(staged: readonly Write[], keeping: readonly Write[]): Promise<'done' | 'changed' | 'not confirmed'> {
    const taken = await this.#taking(staged);
    const writes = [...taken, ...staged, ...keeping];
    for (let at = 0; at === 0 || at < writes.length; at += MOST_WRITES) {
      if (at > 0) await this.#requireNotCancelled();
      const outcome = await this.#commit(writes.slice(at, at + MOST_WRITES), 'allowed');
      if (!outcome.done) {
        requireRoom(writes[at + outcome.failed]);
        return at === 0 && outcome.failed < taken.length ? 'not confirmed' : 'changed';
      }
      this.#isConfirmed ||= taken.length > 0;
      this.#answer = undefined;
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
    const own = this.#exchange.caller.principal.subject;
    const keep = (quota: QuotaName, { items, bytes }: Kept, subject = own) => {
      const before = staged?.kept.get(`${quota}#${subject}`);
      const sum = { items: items + (before?.items ?? 0), bytes: bytes + (before?.bytes ?? 0) };
      staged?.kept.set(`${quota}#${subject}`, { quota, subject, ...sum });
    };
    return { ...callOf(this.#exchange, this.#mcpRequest), write, keep, attach };
  }

  #keeping({ kept }: Staged): readonly Write[] {
    const { tenant } = this.#exchange.caller.principal;
    const changed = [...kept.values()].filter(({ items, bytes }) => items !== 0 || bytes !== 0);
    return changed.map(({ quota, subject, ...sum }) => keeping(quota, { subject, tenant }, sum));
  }

  #commit(writes: readonly Write[], outcome: 'allowed' | 'started' | 'declined') {
    return this.#exchange.commit(writes, this.#tool.name, outcome);
  }
}

/** A quota that is full is no race: another run would find it so again. */
function requireRoom(failed: Write | undefined): void {
  if (failed && 'refusal' in failed) throw new ToolError(String(failed.refusal));
}

function result(output: Record<string, unknown>, files: readonly Attachment[]): CallToolResult {
  const resources = files.map((resource) => ({ type: 'resource', resource }) as const);
  return { content: [{ type: 'text', text: JSON.stringify(output) }, ...resources], structuredContent: output };
}
