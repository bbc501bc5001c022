import { availableParallelism } from 'node:os';
import { LambdaProcess, type Surroundings } from './lambda-process.ts';
import type { FunctionDefinition } from './stack.ts';

const mostProcesses = 8;
/** More at a time would only take the processor from each other, and all events would wait for the last of them. */
const mostStarting = availableParallelism();
/** As many start for any event that waits. A further one takes longer to start than an event waits, unless these are held up. */
const promptProcesses = 2 * availableParallelism();
const patienceMilliseconds = 250;

type Waiting = PromiseWithResolvers<LambdaProcess> & { isOverdue: boolean };

/**
 * A Lambda function: up to eight processes, started when events wait, and kept while they live. Whichever is free first
 * takes the event that waits longest: one that is slow to start holds up nothing that another can do.
 */
export class Lambda {
  readonly definition: FunctionDefinition;
  readonly #surroundings: Surroundings;
  readonly #processes = new Set<LambdaProcess>();
  readonly #idle: LambdaProcess[] = [];
  readonly #waiting: Waiting[] = [];
  #starting = 0;
  #retired = false;

  constructor(definition: FunctionDefinition, surroundings: Surroundings) {
    this.definition = definition;
    this.#surroundings = surroundings;
  }

  /**
   * Handles one event in a process that has nothing else to do, invoked by this ARN: its own, or an alias's.
   * Rejects as `LambdaProcess.invoke` does.
   */
  async invoke(event: string, invokedArn = this.definition.arn): Promise<string> {
    const process = await this.#take();
    try {
      return await process.invoke(event, invokedArn);
    } finally {
      this.#giveBack(process);
    }
  }

  /** Ends idle processes now, and the others when they have answered. */
  retire(): void {
    this.#retired = true;
    for (const process of this.#idle.splice(0)) process.end();
  }

  /** Starts a process ahead of the first event. Ends when it is ready, or has failed to be. */
  async startAhead(): Promise<void> {
    if (this.#processes.size > 0 || this.#retired) return;
    await this.#start();
  }

  #take(): LambdaProcess | Promise<LambdaProcess> {
    const idle = this.#idle.pop();
    if (idle) return idle;
    const waiting = { ...Promise.withResolvers<LambdaProcess>(), isOverdue: false };
    this.#waiting.push(waiting);
    this.#startForWaiting();
    const timer = setTimeout(() => {
      waiting.isOverdue = true;
      this.#startForWaiting();
    }, patienceMilliseconds);
    return waiting.promise.finally(() => clearTimeout(timer));
  }

  #startForWaiting(): void {
    const most = Math.min(this.#waiting.length, mostStarting);
    const limit = this.#waiting[0]?.isOverdue ? mostProcesses : Math.min(promptProcesses, mostProcesses);
    if (this.#starting < most && this.#processes.size < limit) void this.#start();
  }

  async #start(): Promise<void> {
    const process = new LambdaProcess(this.definition, this.#surroundings);
    this.#processes.add(process);
    this.#starting += 1;
    process.start();
    void process.gone.then(() => this.#forget(process));
    const started = () => {
      this.#starting -= 1;
      this.#giveBack(process);
    };
    const failed = (error: Error) => {
      this.#starting -= 1;
      this.#waiting.shift()?.reject(error);
    };
    await process.ready.then(started, failed);
    this.#startForWaiting();
  }

  #giveBack(process: LambdaProcess): void {
    if (process.hasEnded) return;
    const next = this.#waiting.shift();
    if (next) next.resolve(process);
    else if (this.#retired) process.end();
    else this.#idle.push(process);
  }

  #forget(process: LambdaProcess): void {
    this.#processes.delete(process);
    const index = this.#idle.indexOf(process);
    if (index >= 0) this.#idle.splice(index, 1);
    this.#startForWaiting();
  }
}
