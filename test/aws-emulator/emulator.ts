import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startDns } from '../../local/services/dns.ts';
import { newCertificate } from '../support/certificate.ts';
import { keepsCompiled, programsOf } from '../support/python.ts';

const program = fileURLToPath(new URL('emulator.py', import.meta.url));
const REGION = 'eu-central-1';

/** AWS as another program has it: where it is, and who vouches for it. */
export type Emulator = {
  readonly url: string;
  readonly region: string;
  readonly caFile: string;
  readonly logFile: string;
};

/** Starts MiniStack on a free port of this machine, over TLS and with IAM enforced. */
export async function startEmulator(): Promise<{ emulator: Emulator; stop: () => Promise<void> }> {
  // Names of APIs are below localhost. doctor wants a certificate that is good for two weeks more.
  const { caFile, keyFile, remove } = await newCertificate({
    days: 30,
    others: [
      { type: 'dns', value: '*.execute-api.localhost' },
      { type: 'ip', value: '127.0.0.1' },
    ],
  });
  const folder = mkdtempSync(join(tmpdir(), 'vestibule-aws-'));
  const logFile = join(folder, 'emulator.log');
  const port = await freePort();
  const log = openSync(logFile, 'w');
  const child = spawn(join(programsOf('aws-emulator'), 'python'), [program], {
    stdio: ['ignore', log, log],
    env: {
      ...process.env,
      ...keepsCompiled,
      GATEWAY_PORT: String(port),
      AUTH: 'true',
      USE_SSL: '1',
      MINISTACK_SSL_CERT: caFile,
      MINISTACK_SSL_KEY: keyFile,
      MINISTACK_REGION: REGION,
      STATE_DIR: join(folder, 'state'),
      TMPDIR: folder,
      IOT_MTLS_ENABLED: '0',
      // The Lambdas are its children: they trust it too, and look up domains of mail on this machine.
      NODE_EXTRA_CA_CERTS: caFile,
      DNS_SERVER: await startDns(),
    },
  });
  const gone = once(child, 'close');
  const endWithTests = () => child.kill();
  process.once('exit', endWithTests);
  const stop = async () => {
    child.kill();
    await gone;
    process.off('exit', endWithTests);
    remove();
    rmSync(folder, { recursive: true, force: true });
  };
  const said = () => readFileSync(logFile, 'utf8');
  const isOver = gone.then(() => true);
  while (!said().includes('Running on')) {
    if (await Promise.race([isOver, tick()])) throw new Error(`The emulator has ended:\n${said()}`);
  }
  return { emulator: { url: `https://127.0.0.1:${port}`, region: REGION, caFile, logFile }, stop };
}

const tick = () => new Promise<false>((resolve) => setTimeout(() => resolve(false), 50));

/** A port that nobody listens at, on any address of this machine. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('There is no free port');
  return address.port;
}
