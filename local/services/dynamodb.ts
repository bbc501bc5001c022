import type { ChildProcess } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { delimiter, dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout } from 'node:timers/promises';
import type { Children } from '../children.ts';
import { createServer, exchange, listen } from '../http.ts';
import { Refusal } from '../refusal.ts';

type Engine = {
  readonly command: string;
  readonly arguments: (port: number, folder: string) => string[];
  /** What it prints once the port is its own, where it says so. */
  readonly says?: string;
};

/** A DynamoDB with its data in a folder: every write that it has acknowledged is on disk. Returns its address. */
export async function startDynamoDb(folder: string, children: Pick<Children, 'spawn'>): Promise<string> {
  const engine = findEngine();
  mkdirSync(folder, { recursive: true });
  for (let attempt = 1; attempt <= 3; attempt++) {
    const port = await freePort();
    const child = children.spawn(engine.command, engine.arguments(port, folder), { env: { PATH: process.env.PATH } });
    const url = `http://127.0.0.1:${port}`;
    if (await (engine.says ? tells(engine.says, child) : answers(url, child))) return url;
  }
  throw new Refusal(`The local DynamoDB does not start: ${engine.command}`);
}

/** DynamoDB Local where `DYNAMODB_LOCAL_JAR` names its jar, else dynoxide from its package for this platform, else from PATH. */
function findEngine(): Engine {
  const jar = process.env.DYNAMODB_LOCAL_JAR;
  if (jar) return dynamoDbLocal(jar);
  const name = `@dynoxide/${process.platform}-${process.arch}`;
  const binary = findBinary(name) ?? findInPath();
  if (!binary) throw new Refusal(missing(name));
  const options = (port: number) => ['--host', '127.0.0.1', '--port', String(port)];
  return {
    command: binary,
    arguments: (port, folder) => [...options(port), '--db-path', join(folder, 'tables.db')],
    says: 'listening on',
  };
}

function missing(name: string): string {
  if (process.platform === 'win32')
    return 'On Windows this runs in WSL: `wsl --install`, then install Node.js and your project there.';
  return (
    `No local DynamoDB is installed: run \`npm install --no-save ${name}@1.2.1\`, put a \`dynoxide\` into your PATH, ` +
    'or install Java and set DYNAMODB_LOCAL_JAR to the path of DynamoDBLocal.jar.'
  );
}

/** It listens on every interface and cannot be told otherwise, which is one more reason why it is not the default. */
function dynamoDbLocal(jar: string): Engine {
  const java = [
    `-Djava.library.path=${join(dirname(jar), 'DynamoDBLocal_lib')}`,
    '-XX:TieredStopAtLevel=1',
    '-jar',
    jar,
  ];
  const options = ['-sharedDb', '-disableTelemetry'];
  const at = (port: number, folder: string) => ['-port', String(port), '-dbPath', folder];
  return { command: 'java', arguments: (port, folder) => [...java, ...options, ...at(port, folder)] };
}

function findBinary(name: string): string | undefined {
  try {
    const manifest = createRequire(import.meta.url).resolve(`${name}/package.json`);
    const binaries = ['dynoxide', 'dynoxide.exe'].map((file) => join(dirname(manifest), file));
    return binaries.find(existsSync);
  } catch {
    return undefined;
  }
}

function findInPath(): string | undefined {
  const folders = (process.env.PATH ?? '').split(delimiter).filter((folder) => folder !== '');
  return folders.map((folder) => join(folder, 'dynoxide')).find(existsSync);
}

/** Neither engine says which port it got, so a free one is chosen for it; another program may be faster, hence the attempts. */
async function freePort(): Promise<number> {
  const server = createServer();
  const port = await listen(server, '127.0.0.1', 0);
  server.close();
  return port;
}

/** True once a process has printed this, false if it ends before. An answer at the port could be another program's. */
function tells(text: string, child: ChildProcess): Promise<boolean> {
  return new Promise((resolve) => {
    child.on('error', () => resolve(false)).on('exit', () => resolve(false));
    child.stdout?.resume();
    if (child.stderr) createInterface(child.stderr).on('line', (line) => line.includes(text) && resolve(true));
  });
}

async function answers(url: string, child: ChildProcess): Promise<boolean> {
  let isGone = false;
  child.on('error', () => (isGone = true)).on('exit', () => (isGone = true));
  child.stdout?.resume();
  child.stderr?.resume();
  while (!isGone) {
    const isUp = await exchange(url).then(
      () => true,
      () => false,
    );
    if (isUp) return true;
    await setTimeout(10);
  }
  return false;
}
