import type { ChildProcess } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import type { Children } from '../children.ts';
import { listen } from '../http.ts';
import { Refusal } from '../refusal.ts';

type Engine = { readonly command: string; readonly arguments: (port: number, folder: string) => string[] };

/** A DynamoDB with its data in a folder: every write that it has acknowledged is on disk. Returns its address. */
export async function startDynamoDb(folder: string, children: Children): Promise<string> {
  const engine = findEngine();
  mkdirSync(folder, { recursive: true });
  for (let attempt = 1; attempt <= 3; attempt++) {
    const port = await freePort();
    const child = children.spawn(engine.command, engine.arguments(port, folder), { env: { PATH: process.env.PATH } });
    const url = `http://127.0.0.1:${port}`;
    if (await answers(url, child)) return url;
  }
  throw new Refusal(`The local DynamoDB does not start: ${engine.command}`);
}

/** dynoxide where npm could install it, else DynamoDB Local through java from the jar that `DYNAMODB_LOCAL_JAR` names. */
function findEngine(): Engine {
  const dynoxide = dynoxideBinary();
  if (dynoxide) {
    const file = (folder: string) => join(folder, 'tables.db');
    return { command: dynoxide, arguments: (port, folder) => ['--port', String(port), '--db-path', file(folder)] };
  }
  const jar = process.env.DYNAMODB_LOCAL_JAR;
  if (!jar)
    throw new Refusal(
      'No local DynamoDB is installed here: run `npm install --no-save @dynoxide/linux-x64@1.2.1` (Linux x64), ' +
        'or install Java and set DYNAMODB_LOCAL_JAR to the path of DynamoDBLocal.jar.',
    );
  const options = [
    `-Djava.library.path=${join(dirname(jar), 'DynamoDBLocal_lib')}`,
    '-XX:TieredStopAtLevel=1',
    '-jar',
    jar,
  ];
  const rest = (port: number, folder: string) => [
    '-port',
    String(port),
    '-sharedDb',
    '-dbPath',
    folder,
    '-disableTelemetry',
  ];
  return { command: 'java', arguments: (port, folder) => [...options, ...rest(port, folder)] };
}

function dynoxideBinary(): string | undefined {
  try {
    const manifest = createRequire(import.meta.url).resolve('@dynoxide/linux-x64/package.json');
    const binary = join(dirname(manifest), 'dynoxide');
    return process.platform === 'linux' && existsSync(binary) ? binary : undefined;
  } catch {
    return undefined;
  }
}

/** Neither engine says which port it got, so a free one is chosen for it; another program may be faster, hence the attempts. */
async function freePort(): Promise<number> {
  const server = createServer();
  const port = await listen(server, '127.0.0.1', 0);
  server.close();
  return port;
}

async function answers(url: string, child: ChildProcess): Promise<boolean> {
  let isGone = false;
  child.on('error', () => (isGone = true)).on('exit', () => (isGone = true));
  child.stdout?.resume();
  child.stderr?.resume();
  while (!isGone) {
    const isUp = await fetch(url).then(
      () => true,
      () => false,
    );
    if (isUp) return true;
    await setTimeout(10);
  }
  return false;
}
