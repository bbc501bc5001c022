import type { CallToolResult, InputRequiredResult } from '@modelcontextprotocol/server';
import { OAuthError } from '#core/oauth/error.ts';
import { kindOf } from '#core/oauth/principal.ts';
import { dropConfirmation } from '#core/store/confirmations.ts';
import { pause, unavailable } from '#core/store/reach.ts';
import type { Write } from '#core/store/table.ts';
import { type Tool, ToolError } from '#tools/define-tool.ts';
import { honestly } from '#tools/effects.ts';
import { callOf } from './call.ts';
import { isCancelled } from './cancel.ts';
import { type Answer, answerIn, ask, canAsk, type McpRequest, type Subject, taking } from './confirmation.ts';
import type { EarlyRun } from './early-run.ts';
import type { Exchange } from './exchange.ts';
import { readArguments, type Understood } from './read-arguments.ts';
import { runTool, type ToolRun } from './tool-run.ts';

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
  await exchange.begin(tool.name, tool);
  const early = exchange.earlyRunOf(tool);
  const read = await exchange.attempt(() => early?.understood ?? readArguments(tool.input, given));
  if ('faults' in read) return refusal(read.faults);
  const call = new ToolCall({ tool, read, mcpRequest, exchange, early });
  try {
    return await exchange.attempt(() => recorded(call, tool, exchange));
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

type Called = {
  readonly tool: Tool;
  readonly read: Understood;
  readonly mcpRequest: McpRequest;
  readonly exchange: Exchange;
  /** A run that began before the caller was admitted. It serves as the first one. */
  readonly early: EarlyRun | undefined;
};

class ToolCall {
  readonly #tool: Tool;
  readonly #input: Given;
  /** The arguments as they were read: what a person agrees to. */
  readonly #read: Given;
  readonly #mcpRequest: McpRequest;
  readonly #exchange: Exchange;
  #early: Called['early'];
  /** The person's yes, until the first thing that the call writes takes it. */
  #answer: Answer | undefined;
  #isConfirmed = false;

  constructor({ tool, read, mcpRequest, exchange, early }: Called) {
    this.#tool = tool;
    this.#input = read.input;
    this.#read = read.read;
    this.#early = early;
    this.#mcpRequest = mcpRequest;
    this.#exchange = exchange;
  }

  /** Asks the person first, where the tool wants that and the client can. */
  async answer(): Promise<Result> {
    if (this.#tool.confirm) this.#requirePerson();
    if (!this.#tool.confirm || !canAsk(this.#mcpRequest)) return this.#perform();
    const answer = answerIn(this.#mcpRequest);
    if (!answer) return this.#ask();
    if (!answer.isYes) return this.#decline(answer);
    this.#answer = answer;
    return this.#perform();
  }

  /** What a person is asked first, nobody but a person may do. */
  #requirePerson(): void {
    const kind = kindOf(this.#exchange.caller.principal.subject);
    if (kind === 'person') return;
    throw new ToolError(
      `${this.#tool.name} asks a person first, and this connection acts for a ${kind}: a person must call it.`,
    );
  }

  /** What the call would do is found out first, so that the answer counts for nothing else. */
  async #ask(): Promise<Result> {
    const [question, run] = await Promise.all([
      this.#question(),
      this.#tool.annotations.openWorldHint ? undefined : this.#run(),
    ]);
    return ask(question, this.#about(question, run?.writes ?? []), this.#exchange);
  }

  async #question(): Promise<string> {
    const call = callOf(this.#exchange.acting, this.#mcpRequest);
    return (await honestly(this.#tool, () => this.#tool.confirm?.(this.#input as never, call))) ?? '';
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
    this.#exchange.count(this.#tool.name, 'declined');
    return refusal('The person was asked and did not agree. Nothing was done.');
  }

  /** Runs the tool until what it writes fits what is there. An answer that does not count is asked for again. */
  async #perform(): Promise<Result> {
    if (this.#tool.annotations.openWorldHint && !(await this.#start())) return this.#ask();
    for (let runs = 1; runs <= MOST_RUNS; runs += 1) {
      const run = await this.#run();
      const outcome = await this.#write(run);
      if (outcome === 'done') {
        this.#exchange.count(this.#tool.name, 'allowed');
        return this.#tool.hosted ? passedOn(run) : result(run);
      }
      // What comes after the first transaction of a confirmed call would not be what was shown.
      if (outcome === 'not confirmed' || this.#isConfirmed) return this.#ask();
      await pause(Math.min(runs, 4));
    }
    throw unavailable('others changed the same items each time');
  }

  async #run(): Promise<ToolRun> {
    const { acting } = this.#exchange;
    const early = this.#early;
    this.#early = undefined;
    return (await early?.take(acting.role)) ?? runTool(this.#tool, this.#input, acting, this.#mcpRequest);
  }

  /** What reaches beyond the table cannot be undone, so it is recorded before it begins: not twice. */
  async #start(): Promise<boolean> {
    const taken = await this.#taking([]);
    if (!this.#tool.bounded && taken.length === 0) return true;
    const { done } = await this.#commit(taken, 'started');
    this.#answer = undefined;
    return done;
  }

  /** Makes the writes and the items that say so together: in one transaction, or in as many as it takes. */
  async #write(run: ToolRun): Promise<'done' | 'changed' | 'not confirmed'> {
    const taken = await this.#taking(run.writes);
    const writes = [...taken, ...run.writes, ...run.keeping];
    for (let at = 0; at === 0 || at < writes.length; at += MOST_WRITES) {
      if (at > 0 && (await isCancelled(this.#exchange)))
        throw new ToolError('The call was cancelled. What was done until then stays done.');
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

  #commit(writes: readonly Write[], outcome: 'allowed' | 'started' | 'declined') {
    return this.#exchange.commit(writes, this.#tool.name, outcome);
  }
}

/** A quota that is full is no race: another run would find it so again. */
function requireRoom(failed: Write | undefined): void {
  if (failed && 'refusal' in failed) throw new ToolError(String(failed.refusal));
}

/** What a server of others answered has been read as a result by its tool. */
function passedOn({ output }: ToolRun): CallToolResult {
  return output as CallToolResult;
}

function result({ output, files }: ToolRun): CallToolResult {
  const resources = files.map((resource) => ({ type: 'resource', resource }) as const);
  return { content: [{ type: 'text', text: JSON.stringify(output) }, ...resources], structuredContent: output };
}
