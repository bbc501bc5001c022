import { LambdaProcess, type Surroundings } from './lambda-process.ts';
import type { FunctionDefinition } from './stack.ts';

const mostProcesses = 8;

type Waiting = (process: LambdaProcess) => void;

/** A Lambda function: up to eight processes, started when events wait, and kept while they live. */
export class Lambda {
  readonly definition: FunctionDefinition;
  readonly #surroundings: Surroundings;
  readonly #processes = new Set<LambdaProcess>();
  readonly #idle: LambdaProcess[] = [];
  readonly #waiting: Waiting[] = [];
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

  #take(): LambdaProcess | Promise<LambdaProcess> {
    const idle = this.#idle.pop();
    if (idle) return idle;
    if (this.#processes.size < mostProcesses) return this.#start();
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  #start(): LambdaProcess {
    const process = new LambdaProcess(this.definition, this.#surroundings);
    this.#processes.add(process);
    void process.run().finally(() => this.#forget(process));
    return process;
  }

  #giveBack(process: LambdaProcess): void {
    if (process.hasEnded) return;
    const next = this.#waiting.shift();
    if (next) next(process);
    else if (this.#retired) process.end();
    else this.#idle.push(process);
  }

  #forget(process: LambdaProcess): void {
    this.#processes.delete(process);
    const index = this.#idle.indexOf(process);
    if (index >= 0) this.#idle.splice(index, 1);
    const next = this.#waiting.shift();
    if (next) next(this.#start());
  }
}
