import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { onTestFinished } from 'vitest';
import { Clock } from '../support/clock.ts';
import { newAddress, newSourceIp } from '../support/flow.ts';
import { type HeaderProxy, startHeaderProxy } from '../support/header-proxy.ts';
import { keepsCompiled } from '../support/python.ts';
import { type Person, signIn } from '../support/sign-in.ts';

/** A program and its first arguments. */
export type Command = readonly [program: string, ...args: string[]];

type Request =
  | { readonly do: 'list' }
  | { readonly do: 'call'; readonly tool: string; readonly arguments: object }
  /** Moves the program's own clock ahead. */
  | { readonly do: 'wait'; readonly seconds: number };

/** What a program says: where a person must sign in, what came of a request, or why nothing did. */
type Message = { readonly authorize: string } | { readonly result: unknown } | { readonly error: string };

/**
 * A client made with an SDK. It runs as a process of its own, and the test talks to it in lines of JSON. Its HTTP
 * requests pass through a proxy, which has them arrive at the time of the test's clock.
 */
export class Program {
  readonly clock = new Clock();
  /** Where it has sent a person to sign in, one address for each time. */
  readonly asked: URL[] = [];
  /** The access tokens that it has used. */
  readonly tokens = new Set<string>();
  /** The revisions in which it has spoken with a token. */
  readonly revisions = new Set<unknown>();
  /** Who signs in, and what they approve. */
  person: Person = { address: newAddress() };
  /** Has the person sign in. Gives where their browser is sent then. */
  answer = (url: URL): Promise<URL> => signIn(url, this.person);
  readonly #command: Command;
  readonly #issuer: string;
  readonly #sourceIp = newSourceIp();
  #process: ChildProcessByStdio<Writable, Readable, Readable> | undefined;
  #lines: AsyncIterator<string> | undefined;
  #complaints = '';

  constructor(command: Command, issuer: string) {
    this.#command = command;
    this.#issuer = issuer;
  }

  /** Starts it, and waits until it has connected. Without the URL of a metadata document it registers. */
  async connect(metadataUrl?: string): Promise<void> {
    const proxy = await this.#startProxy();
    onTestFinished(proxy.stop);
    const [program, ...args] = this.#command;
    const child = spawn(program, [...args, `${this.#issuer}/mcp`, ...(metadataUrl ? [metadataUrl] : [])], {
      env: {
        ...process.env,
        ...keepsCompiled,
        HTTP_PROXY: proxy.url,
        http_proxy: proxy.url,
        NO_PROXY: '',
        no_proxy: '',
      },
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    const gone = once(child, 'close');
    onTestFinished(async () => {
      child.kill('SIGKILL');
      await gone;
    });
    child.stderr.on('data', (chunk: Buffer) => {
      this.#complaints += chunk;
    });
    this.#process = child;
    this.#lines = createInterface(child.stdout)[Symbol.asyncIterator]();
    await this.#hear();
  }

  /** The names of the tools. */
  async listTools(): Promise<readonly string[]> {
    return (await this.#ask({ do: 'list' })) as readonly string[];
  }

  /** Calls a tool, and gives its structured content. */
  callTool(tool: string, input: object = {}): Promise<unknown> {
    return this.#ask({ do: 'call', tool, arguments: input });
  }

  /** Moves the program's own clock ahead. That of its requests is another. */
  async wait(seconds: number): Promise<void> {
    await this.#ask({ do: 'wait', seconds });
  }

  #startProxy(): Promise<HeaderProxy> {
    return startHeaderProxy(this.#issuer, (received) => {
      const [, token] = /^Bearer (.+)$/.exec(received.authorization ?? '') ?? [];
      if (token) {
        this.tokens.add(token);
        this.revisions.add(received['mcp-protocol-version']);
      }
      return { ...this.clock.headers, ...this.#sourceIp };
    });
  }

  #ask(request: Request): Promise<unknown> {
    this.#say(request);
    return this.#hear();
  }

  #say(message: object): void {
    this.#process?.stdin.write(`${JSON.stringify(message)}\n`);
  }

  /** What comes of the last request. A person signs in as often as the program wants one to. */
  async #hear(): Promise<unknown> {
    const message = await this.#nextMessage();
    if ('error' in message) throw new Error(message.error);
    if ('result' in message) return message.result;
    const url = new URL(message.authorize);
    this.asked.push(url);
    this.#say({ redirect: await this.answer(url) });
    return this.#hear();
  }

  async #nextMessage(): Promise<Message> {
    const line = await this.#lines?.next();
    if (!line || line.done) throw new Error(`The program has ended:\n${this.#complaints}`);
    return JSON.parse(line.value) as Message;
  }
}
