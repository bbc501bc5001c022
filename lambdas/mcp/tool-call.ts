import type { ToolOutcome } from '#core/http/metric-names.ts';
import { countToolCall } from '#core/http/metrics.ts';
import type { Request } from '#core/http/request.ts';
import type { AccessToken } from '#core/oauth/access-token.ts';
import { sha256 } from '#core/oauth/digest.ts';
import { OAuthError } from '#core/oauth/error.ts';
import { record } from '#core/record.ts';
import { audited } from '#core/store/audit.ts';
import { pause, unavailable } from '#core/store/reach.ts';
import type { Write } from '#core/store/table.ts';
import { type Tool, ToolError } from '#tools/define-tool.ts';
import type { Message } from './read-message.ts';

const MOST_RUNS = 12;
const LONGEST_TOOL_NAME = 128;

/** What the SDK makes an answer of. */
type Result = {
  readonly content: { type: 'text'; text: string }[];
  readonly structuredContent?: Record<string, unknown>;
  readonly isError?: boolean;
};

/** The tool call of one request: run, refused or neither, and in each case with its audit item. */
export class ToolCall {
  readonly #caller: AccessToken;
  readonly #request: Request;
  readonly #message: Message;
  #isAudited = false;
  #failure: unknown;

  constructor(caller: AccessToken, request: Request, message: Message) {
    this.#caller = caller;
    this.#request = request;
    this.#message = message;
  }

  /** Runs a tool. What the tool itself refuses is a result that the model can act on. */
  async run(tool: Tool, input: object): Promise<Result> {
    try {
      return await this.#attempt(tool, input, 1);
    } catch (error) {
      if (!(error instanceof OAuthError)) {
        await this.#audit(tool.name, 'failed');
        countToolCall(tool.name, 'failed');
      }
      if (error instanceof ToolError) return { content: [{ type: 'text', text: error.message }], isError: true };
      this.#failure = error;
      throw error;
    }
  }

  /** Records that a tool was refused for want of a scope. */
  async deny(tool: Tool): Promise<void> {
    await this.#audit(tool.name, 'denied');
    countToolCall(tool.name, 'denied');
  }

  /**
   * Ends the call. A failure that is not the tool's own is thrown here, for the SDK would tell it to the client;
   * a call that never reached a tool is recorded as failed.
   */
  async settle(): Promise<void> {
    if (this.#failure !== undefined) throw this.#failure;
    const { method, params } = this.#message;
    if (method !== 'tools/call' || this.#isAudited) return;
    const { name } = asRecord(params);
    const named = typeof name === 'string' ? name.slice(0, LONGEST_TOOL_NAME).toWellFormed() : '';
    await this.#audit(named, 'failed');
    countToolCall('none', 'failed');
  }

  /** What the tool writes and the item that says so are written together, and before the answer. */
  async #attempt(tool: Tool, input: object, runs: number): Promise<Result> {
    const { subject, tenant, clientId, scopes } = this.#caller;
    const { now, nowMilliseconds } = this.#request;
    const writes: Write[] = [];
    const write = (staged: Write) => void writes.push(staged);
    const call = { subject, tenant, clientId, scopes, now, nowMilliseconds, write };
    const output = tool.output.parse(await tool.run(input as never, call));
    const { done } = await record([...writes, this.#auditItem(tool.name, 'allowed')]);
    if (done) countToolCall(tool.name, 'allowed');
    if (done) return { content: [{ type: 'text', text: JSON.stringify(output) }], structuredContent: output };
    if (runs >= MOST_RUNS) throw unavailable('others changed the same items each time');
    await pause(Math.min(runs, 4));
    return this.#attempt(tool, input, runs + 1);
  }

  async #audit(tool: string, outcome: ToolOutcome): Promise<void> {
    await record([this.#auditItem(tool, outcome)]);
  }

  #auditItem(tool: string, outcome: ToolOutcome): Write {
    this.#isAudited = true;
    const { clientId, grantId } = this.#caller;
    const argumentsDigest = sha256(JSON.stringify(asRecord(this.#message.params).arguments ?? {}));
    const event = { event: 'tool_call', clientId, grantId, tool, outcome, argumentsDigest } as const;
    return audited(this.#caller, event, this.#request.nowMilliseconds);
  }
}

function asRecord(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}
