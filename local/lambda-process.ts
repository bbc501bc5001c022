import type { ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { createServer, listen, readBody } from './http.ts';
import type { FunctionDefinition } from './stack.ts';

const bootstrap = fileURLToPath(new URL('./bootstrap.ts', import.meta.url));
const initSeconds = 10;
const largestPayload = 6 * 1024 * 1024;

/** What all Lambdas have in common: how a process is started, what it is told and where its lines go. */
export type Surroundings = {
  readonly spawn: (
    command: string,
    args: readonly string[],
    options: { cwd: string; env: NodeJS.ProcessEnv },
  ) => ChildProcess;
  readonly environment: Readonly<Record<string, string>>;
  readonly print: (functionId: string, line: string) => void;
};

type Invocation = {
  readonly id: string;
  readonly invokedArn: string;
  readonly event: string;
  readonly resolve: (payload: string) => void;
  readonly reject: (error: Error) => void;
};

/** One execution environment: a process with a Lambda Runtime API of its own, which handles one event at a time. */
export class LambdaProcess {
  readonly #function: FunctionDefinition;
  readonly #surroundings: Surroundings;
  readonly #api: Server;
  #child: ChildProcess | undefined;
  #polling: ServerResponse | undefined;
  #invocation: Invocation | undefined;
  #timer: NodeJS.Timeout | undefined;
  #outcome: string | Error | undefined;
  #isReady = false;
  #hasEnded = false;
  readonly #ready = Promise.withResolvers<void>();
  readonly #gone = Promise.withResolvers<void>();

  /** Ends when it asks for its first event. Rejects when it does not come to that. */
  readonly ready = this.#ready.promise;
  /** Ends when the process has gone. */
  readonly gone = this.#gone.promise;

  constructor(definition: FunctionDefinition, surroundings: Surroundings) {
    this.#function = definition;
    this.#surroundings = surroundings;
    this.#api = createServer((request, response) => void this.#answer(request, response));
  }

  start(): void {
    this.#run()
      .catch(this.#ready.reject)
      .finally(() => this.#gone.resolve());
  }

  async #run(): Promise<void> {
    const port = await listen(this.#api, '127.0.0.1', 0);
    const child = this.#surroundings.spawn(process.execPath, this.#arguments, {
      cwd: this.#function.folder,
      env: this.#environment(port),
    });
    this.#child = child;
    for (const stream of [child.stdout, child.stderr])
      if (stream) createInterface(stream).on('line', (line) => this.#surroundings.print(this.#function.id, line));
    // On Lambda an init that takes longer is begun anew, in the time of the first event. Here it goes on for as long.
    this.#endAfter(initSeconds + this.#function.timeoutSeconds, 'Init timed out');
    const [code, signal] = await once(child, 'exit');
    clearTimeout(this.#timer);
    this.#hasEnded = true;
    this.#fail(`The process ended with ${signal ?? `exit code ${code}`}`);
    this.#api.close();
    this.#api.closeAllConnections();
  }

  /** What waits for it, be it for its start or for an answer, hears why it ended. */
  #fail(message: string): void {
    if (!this.#isReady) this.#ready.reject(this.#outcome ?? this.#failure(message));
    if (this.#invocation) this.#settle(this.#outcome ?? this.#failure(message));
  }

  /** Handles one event. Rejects when the handler throws, the process ends, or the time is over. */
  invoke(event: string, invokedArn: string): Promise<string> {
    return new Promise((resolve, reject) => {
      this.#invocation = { id: randomUUID(), invokedArn, event, resolve, reject };
      this.#deliver();
    });
  }

  /** True once its process has gone: it handles no more events. */
  get hasEnded(): boolean {
    return this.#hasEnded;
  }

  end(): void {
    this.#child?.kill('SIGKILL');
  }

  get #arguments(): string[] {
    return [`--max-old-space-size=${Math.ceil(this.#function.memoryMegabytes * 0.9)}`, bootstrap];
  }

  #environment(port: number): NodeJS.ProcessEnv {
    const { id, folder, handler, memoryMegabytes, environment } = this.#function;
    return {
      ...this.#surroundings.environment,
      AWS_ACCESS_KEY_ID: id,
      AWS_LAMBDA_RUNTIME_API: `127.0.0.1:${port}`,
      AWS_LAMBDA_FUNCTION_NAME: id,
      AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
      AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(memoryMegabytes),
      AWS_LAMBDA_LOG_GROUP_NAME: `/aws/lambda/${id}`,
      AWS_LAMBDA_LOG_STREAM_NAME: `local/[$LATEST]${port}`,
      LAMBDA_TASK_ROOT: folder,
      _HANDLER: handler,
      ...environment,
    };
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method, url = '' } = request;
    if (method === 'GET' && url.endsWith('/invocation/next')) return this.#poll(response);
    const body = await readBody(request, largestPayload);
    if (body === undefined) this.#outcome = this.#failure('The answer is larger than 6 MB');
    else this.#outcome = url.endsWith('/response') ? body.toString() : new Error(body.toString());
    response.writeHead(body === undefined ? 413 : 202).end();
  }

  /** An event counts as handled only when the process asks for the next one: until then it could still end. */
  #poll(response: ServerResponse): void {
    clearTimeout(this.#timer);
    this.#polling = response;
    this.#isReady = true;
    this.#ready.resolve();
    if (this.#outcome !== undefined) this.#settle(this.#outcome);
    this.#deliver();
  }

  #deliver(): void {
    const response = this.#polling;
    if (!response || !this.#invocation) return;
    this.#polling = undefined;
    const { id, invokedArn, event } = this.#invocation;
    const { timeoutSeconds } = this.#function;
    this.#endAfter(timeoutSeconds, `Task timed out after ${timeoutSeconds.toFixed(2)} seconds`);
    response.setHeader('lambda-runtime-aws-request-id', id);
    response.setHeader('lambda-runtime-deadline-ms', Date.now() + timeoutSeconds * 1_000);
    response.setHeader('lambda-runtime-invoked-function-arn', invokedArn);
    response.setHeader('lambda-runtime-trace-id', `Root=${id}`);
    response.setHeader('content-type', 'application/json').end(event);
  }

  #endAfter(seconds: number, failure: string): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.#outcome ??= this.#failure(failure);
      this.end();
    }, seconds * 1_000);
  }

  #failure(message: string): Error {
    this.#surroundings.print(this.#function.id, message);
    return new Error(message);
  }

  #settle(outcome: string | Error): void {
    const invocation = this.#invocation;
    this.#invocation = undefined;
    this.#outcome = undefined;
    if (outcome instanceof Error) invocation?.reject(outcome);
    else invocation?.resolve(outcome);
  }
}
