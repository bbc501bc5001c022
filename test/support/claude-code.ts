import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { promisify, stripVTControlCharacters } from 'node:util';

/** Gives a program a terminal. Part of util-linux. */
const terminalProgram = 'script';
const run = promisify(execFile);

/** What Claude Code has stored of one sign-in. */
type Stored = { readonly accessToken: string; readonly refreshToken: string; readonly clientId: string };

/** Claude Code with a home and a configuration of its own, in a folder that goes with it. */
export class ClaudeCode {
  readonly #folder = mkdtempSync(join(tmpdir(), 'vestibule-claude-code-'));
  readonly #program: string;
  readonly #env: Record<string, string>;

  constructor(program: string, env: Record<string, string> = {}) {
    this.#program = program;
    const [home, config] = ['home', 'config'].map((name) => join(this.#folder, name)) as [string, string];
    for (const folder of [home, config]) mkdirSync(folder);
    const PATH = [dirname(process.execPath), process.env.PATH ?? ''].join(delimiter);
    const quiet = { CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1', DISABLE_AUTOUPDATER: '1' };
    this.#env = { PATH, HOME: home, CLAUDE_CONFIG_DIR: config, TERM: 'dumb', ...quiet, ...env };
  }

  /** Runs `claude mcp …` to its end, and gives what it printed. */
  async mcp(...args: readonly string[]): Promise<string> {
    const running = run(this.#program, ['mcp', ...args], { env: this.#env, cwd: this.#folder });
    running.child.stdin?.end();
    const { stdout, stderr } = await running;
    return stdout + stderr;
  }

  /** Signs in at a terminal: `answer` gets the URL that is printed, and gives the one to paste. Gives what was printed. */
  async login(name: string, answer: (url: URL) => Promise<URL>): Promise<string> {
    const command = `'${this.#program}' mcp login ${name} --no-browser`;
    const terminal = { env: this.#env, cwd: this.#folder, detached: true };
    const child = spawn(terminalProgram, ['-qefc', command, '/dev/null'], terminal);
    const ended = once(child, 'close');
    let printed = '';
    const asked = Promise.withResolvers<URL>();
    child.stdout.on('data', (chunk: Buffer) => {
      printed += chunk;
      // The URL is printed as a link, in the control characters that make it one (OSC 8).
      const shown = stripVTControlCharacters(printed);
      const [, url] = /^\s*(https?:\S+)\s[\s\S]*paste the redirect URL/m.exec(shown) ?? [];
      if (url) asked.resolve(new URL(url));
    });
    child.on('close', () => asked.reject(new Error(`It asked for nothing:\n${printed}`)));
    try {
      child.stdin.write(`${await answer(await asked.promise)}\r`);
      await ended;
      return printed;
    } finally {
      if (child.exitCode === null && child.pid) process.kill(-child.pid);
    }
  }

  /** What it keeps of its one sign-in. Throws when there is none. */
  stored(): Stored {
    const text = readFileSync(join(this.#folder, 'config', '.credentials.json'), 'utf8');
    const { mcpOAuth = {} } = JSON.parse(text) as { readonly mcpOAuth?: Record<string, Stored> };
    const [stored] = Object.values(mcpOAuth);
    if (!stored) throw new Error('Nothing is stored');
    return stored;
  }

  remove(): void {
    rmSync(this.#folder, { recursive: true });
  }
}

const version = '2.1.332';

/** Where the program is: `CLAUDE_CODE` names it, else a known version is installed into this folder. */
export async function installClaudeCode(folder: string): Promise<string> {
  if (process.env.CLAUDE_CODE) return process.env.CLAUDE_CODE;
  const options = ['--prefix', folder, '--no-save', '--ignore-scripts', '--no-audit', '--no-fund'];
  await run('npm', ['install', ...options, `@anthropic-ai/claude-code@${version}`]);
  const file = process.platform === 'win32' ? 'claude.exe' : 'claude';
  const own = `claude-code-${process.platform}-${process.arch}`;
  return join(folder, 'node_modules', '@anthropic-ai', own, file);
}
