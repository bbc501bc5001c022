import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { Client, ProtocolError, SdkError, SdkErrorCode } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import type { HostedAnswer, HostedCall } from '#core/hosted-server.ts';
import { type Definition, folder } from './definition.ts';
import { StderrLog } from './stderr-log.ts';

/** More than a client is ever given; what is larger ends the server. */
const LARGEST_MESSAGE = 4 * 1024 * 1024;
/** With the start of the server, if that is needed. The MCP endpoint waits longer. */
const LONGEST_MILLISECONDS = 16_000;
const LONGEST_DETAIL = 1_000;

/**
 * Has a server end with this process, however that ends, and leave no folder behind. A thread of its own looks: a server
 * that computes without end would not.
 */
const endsWithUs = `data:text/javascript,${encodeURIComponent(`
  import { rmSync } from 'node:fs';
  import { Worker } from 'node:worker_threads';
  const folder = process.cwd();
  process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
  const look = \`
    const { rmSync } = require('node:fs');
    const { parent, folder } = require('node:worker_threads').workerData;
    setInterval(() => {
      if (process.ppid === parent) return;
      rmSync(folder, { recursive: true, force: true });
      process.kill(process.pid, 'SIGKILL');
    }, 1_000);
  \`;
  new Worker(look, { eval: true, execArgv: [], workerData: { parent: process.ppid, folder } }).unref();
`)}`;

type Environment = Readonly<Record<string, string>>;

/** The process of a server, and the connection with it. It is kept from call to call. */
export class RunningServer {
  readonly #transport: StdioClientTransport;
  /** It declares no capabilities: the SDK answers what a server asks for with "method not found". */
  readonly #client = new Client({ name: 'vestibule', version: '1' });
  readonly #log: StderrLog;
  readonly #ready: Promise<void>;
  readonly #milliseconds: number;
  #hasEnded = false;
  #wasTooMuch = false;

  /** Starts it: without the variables of this Lambda, so without what its role may do. */
  constructor({ name, entry, args, seconds }: Definition, environment: Environment, secrets: readonly string[]) {
    const cwd = mkdtempSync(join(tmpdir(), 'server-'));
    this.#log = new StderrLog(name, secrets);
    this.#transport = new StdioClientTransport({
      command: process.execPath,
      args: ['--import', endsWithUs, join(folder, entry), ...args],
      env: { HOME: cwd, TMPDIR: tmpdir(), TZ: 'UTC', ...environment },
      cwd,
      stderr: 'pipe',
      maxBufferSize: LARGEST_MESSAGE,
    });
    const { stderr } = this.#transport;
    if (stderr instanceof Readable) this.#log.follow(stderr);
    this.#client.onerror = ({ message }) => {
      this.#wasTooMuch ||= message.includes('exceeded maximum size');
    };
    this.#client.onclose = () => {
      this.#hasEnded = true;
      rmSync(cwd, { recursive: true, force: true });
    };
    this.#milliseconds = seconds * 1_000;
    this.#ready = this.#client.connect(this.#transport, { timeout: LONGEST_MILLISECONDS });
    this.#ready.catch(() => this.end());
  }

  get hasEnded(): boolean {
    return this.#hasEnded;
  }

  /** Calls a tool. What is not answered in time ends the server, and the next call starts another. */
  async call({ tool, arguments: given }: HostedCall): Promise<HostedAnswer> {
    this.#log.begin();
    const late = Promise.withResolvers<HostedAnswer>();
    const timer = setTimeout(() => late.resolve({ fault: 'slow' }), LONGEST_MILLISECONDS);
    try {
      const answer = await Promise.race([this.#answer(tool, given), late.promise]);
      if ('fault' in answer && ['slow', 'large', 'absent'].includes(answer.fault)) this.end();
      return answer;
    } finally {
      clearTimeout(timer);
    }
  }

  /** Ends it at once, whatever it does. */
  end(): void {
    this.#hasEnded = true;
    const { pid } = this.#transport;
    if (pid === null) return;
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // It has ended by itself.
    }
  }

  async #answer(name: string, given: HostedCall['arguments']): Promise<HostedAnswer> {
    try {
      await this.#ready;
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      console.error({ error: 'server_not_started', reason: this.#log.shown(reason) });
      return { fault: isTimeout(error) ? 'slow' : 'absent' };
    }
    try {
      const result = await this.#client.callTool(
        { name, arguments: { ...given } },
        { timeout: this.#milliseconds, maxTotalTimeout: this.#milliseconds },
      );
      return { result };
    } catch (error) {
      return this.#faultOf(error);
    }
  }

  #faultOf(error: unknown): HostedAnswer {
    if (this.#wasTooMuch) return { fault: 'large' };
    if (error instanceof ProtocolError)
      return { fault: 'refused', detail: error.message.slice(0, LONGEST_DETAIL).toWellFormed() };
    if (isTimeout(error)) return { fault: 'slow' };
    if (this.#hasEnded || (error instanceof SdkError && error.code === SdkErrorCode.ConnectionClosed))
      return { fault: 'ended' };
    return { fault: 'unreadable' };
  }
}

function isTimeout(error: unknown): boolean {
  return error instanceof SdkError && error.code === SdkErrorCode.RequestTimeout;
}
