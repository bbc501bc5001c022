import { jsonMembers } from '#core/http/json-rpc.ts';
import type { ToolOutcome } from '#core/http/metric-names.ts';
import { countToolCall } from '#core/http/metrics.ts';
import type { Request } from '#core/http/request.ts';
import { sha256 } from '#core/oauth/digest.ts';
import { record } from '#core/record.ts';
import { audited } from '#core/store/audit.ts';
import type { AccessEvent, CallOutcome } from '#core/store/audit-events.ts';
import type { Write } from '#core/store/table.ts';
import { type Tool, ToolError } from '#tools/define-tool.ts';
import type { Acting } from './call.ts';
import { type Caller, mayEverCall } from './caller.ts';
import type { ComputingTime } from './computing-time.ts';
import type { EarlyRun } from './early-run.ts';
import type { Message } from './message.ts';
import { tools } from './served.ts';

const LONGEST_NAME = 128;
/** What neither a name of a tool or prompt nor a URI has. MCP 2026-07-28, Tools, Tool Names; RFC 3986 §2. */
const UNUSUAL = /[^\x21-\x7e]+/g;

/** The methods that reach what somebody owns or does, and what each is called in the audit. */
const events: ReadonlyMap<unknown, AccessEvent> = new Map([
  ['tools/call', 'tool_call'],
  ['resources/read', 'resource_read'],
  ['prompts/get', 'prompt_get'],
  ['resources/list', 'resource_list'],
  ['completion/complete', 'completion'],
]);
/** Of these, what names something that there may not be. */
const naming: ReadonlySet<unknown> = new Set(['tools/call', 'resources/read', 'prompts/get']);

/** A request whose caller may make it. */
type Admitted = {
  readonly caller: Caller;
  /** Fails when the tenant has made too many calls. */
  readonly room: Promise<void>;
  readonly request: Request;
  readonly message: Message;
  readonly time: ComputingTime;
  readonly early: EarlyRun | undefined;
};

/** One request of a caller, and its audit items. */
export class Exchange {
  readonly caller: Caller;
  readonly request: Request;
  readonly message: Message;
  #isRecorded = false;
  #failure: unknown;
  readonly #room: Promise<void>;
  readonly #time: ComputingTime;
  readonly #early: EarlyRun | undefined;

  constructor({ caller, room, request, message, time, early }: Admitted) {
    this.caller = caller;
    this.#room = room;
    this.request = request;
    this.message = message;
    this.#time = time;
    this.#early = early;
  }

  /** For whom it acts, as a call wants it. */
  get acting(): Acting {
    const { principal, standing, scopes, clientId = '', isBound = false } = this.caller;
    return { principal, role: standing.role, scopes, clientId, isBound, request: this.request, time: this.#time };
  }

  /** The run of a tool that began early. */
  earlyRunOf(tool: Tool): EarlyRun | undefined {
    return this.#early?.tool === tool ? this.#early : undefined;
  }

  /** Makes writes together with the audit item that says so, once it is known that the tenant may call. */
  async commit(writes: readonly Write[], name: string, outcome: CallOutcome): ReturnType<typeof record> {
    await this.#room;
    return record([...writes, this.#item(name, outcome)]);
  }

  #item(name: string, outcome: CallOutcome): Write {
    this.#isRecorded = true;
    const { principal, clientId, grantId } = this.caller;
    const { arguments: given, uri, argument } = jsonMembers(this.message.params);
    const event = events.get(this.message.method) ?? 'tool_call';
    const argumentsDigest = sha256(JSON.stringify(given ?? uri ?? argument ?? {}));
    const reason = this.#time.isOver ? ('time' as const) : undefined;
    const what = { event, clientId, grantId, tool: name, outcome, argumentsDigest, reason };
    return audited(principal, what, this.request.nowMilliseconds);
  }

  /** Records what may be ended with its process, before it begins. Another item says how it ended. */
  async begin(name: string, { bounded }: Pick<Tool, 'bounded'>): Promise<void> {
    if (bounded) return;
    await this.attempt(() => this.commit([], name, 'started'));
    this.#isRecorded = false;
  }

  /** Records that things were listed or suggested, while they are. Without a token nothing of anybody is among them. */
  async recordListing(name: string, outcome: 'allowed' | 'denied'): Promise<void> {
    if (this.caller.grantId === undefined) return;
    await this.attempt(() => this.commit([], name, outcome));
  }

  /** Records what became of the request, which changes nothing else. What is counted must be a name of ours. */
  async record(name: string, outcome: ToolOutcome, counted = name): Promise<void> {
    await this.commit([], name, outcome);
    this.count(counted, outcome);
  }

  /** Counts what became of the call of a tool, by a name that must be ours. */
  count(tool: string, outcome: ToolOutcome): void {
    countToolCall(this.request, { tool, outcome });
  }

  /**
   * Does a part of the request. A failure that is not for the model is kept for `settle`: the SDK would tell it to the
   * client.
   */
  async attempt<T>(work: () => T | Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof ToolError)) this.#failure = error;
      throw error;
    }
  }

  /** Ends the request: throws what failed in it, and records one that reached nothing. */
  async settle(): Promise<void> {
    await this.#room;
    if (this.#failure !== undefined) throw this.#failure;
    const { method, params } = this.message;
    if (!naming.has(method) || this.#isRecorded || this.caller.grantId === undefined) return;
    const { name, uri } = jsonMembers(params);
    const tool = tools.find((candidate) => candidate.name === name);
    const sent = [name, uri].find((one) => typeof one === 'string') ?? '';
    const named = sent.slice(0, LONGEST_NAME).replaceAll(UNUSUAL, '?');
    const isForbidden = tool !== undefined && !mayEverCall(this.caller, tool);
    await this.record(named, isForbidden ? 'denied' : 'failed', tool?.name ?? 'none');
  }
}
