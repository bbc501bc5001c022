// Says whether `npm start` serves, and ends when it is told to. Runs on the Node that the machine has.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const minute = 60_000;
const folder = mkdtempSync(join(tmpdir(), 'vestibule-start-'));
const env = { ...process.env, PORT: '0', DATA_DIR: folder, WATCH: 'off' };
// A group of its own: npm, the shell that it starts and the runner are told together.
const child = spawn('npm', ['start'], { env, detached: true, stdio: ['ignore', 'pipe', 'inherit'] });
const ended = once(child, 'close');
const tell = (signal) => process.kill(-child.pid, signal);
const patience = setTimeout(() => tell('SIGKILL'), 2 * minute);

let output = '';
let status;
for await (const chunk of child.stdout) {
  output += chunk;
  const [, url] = /^MCP server +(\S+)$/m.exec(output) ?? [];
  if (!url || status) continue;
  status = await fetch(new URL('/healthz', url)).then(({ status }) => status, String);
  tell('SIGTERM');
}
const [, signal] = await ended;
clearTimeout(patience);
rmSync(folder, { recursive: true });
const isGood = status === 200 && signal !== 'SIGKILL';
if (!isGood) console.error(output);
console.log(`npm start: /healthz answers ${status ?? 'nothing'}, the end is ${signal ?? 'its own'}`);
process.exitCode = isGood ? 0 : 1;
