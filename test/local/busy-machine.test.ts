import { type ChildProcess, spawn } from 'node:child_process';
import { EventEmitter, on } from 'node:events';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { Lambda } from '../../local/lambda.ts';

/** Says that it is there, and loads only when it finds a file, which it takes: each lets one process in. */
const slow = `
const { unlinkSync, writeFileSync } = require('node:fs');
const pause = new Int32Array(new SharedArrayBuffer(4));
writeFileSync(process.env.GATE + '-' + process.pid, '');
const pass = () => { try { unlinkSync(process.env.GATE); return true; } catch { return false; } };
while (!pass()) Atomics.wait(pause, 0, 0, 5);
exports.handler = async () => process.pid;
`;
/** Says that it has an event, and never answers. */
const stuck = `
exports.handler = () => {
  console.info('taken');
  return new Promise(() => setInterval(() => undefined, 1_000));
};
`;
const TIMEOUT_SECONDS = 2;

let folder: string;
let children: ChildProcess[];
let printed: EventEmitter;
/** Ends with the test: what a Lambda would start for the events that then fail, it does not. */
let over: AbortController;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'vestibule-busy-'));
  mkdirSync(join(folder, 'code'));
  writeFileSync(join(folder, 'code/index.js'), slow);
  children = [];
  printed = new EventEmitter();
  over = new AbortController();
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
});
afterEach(() => {
  vi.useRealTimers();
  over.abort();
  for (const child of children) child.kill('SIGKILL');
  rmSync(folder, { recursive: true });
});

function slowLambda(): Lambda {
  const definition = {
    id: 'Slow',
    arn: 'arn:aws:lambda:us-east-1:000000000000:function:Slow',
    folder: join(folder, 'code'),
    handler: 'index.handler',
    timeoutSeconds: TIMEOUT_SECONDS,
    memoryMegabytes: 128,
    environment: { GATE: join(folder, 'gate') },
  };
  const [{ signal }, lines] = [over, printed];
  return new Lambda(definition, {
    spawn: (command, args, options) => {
      signal.throwIfAborted();
      const child = spawn(command, args, options);
      children.push(child);
      return child;
    },
    environment: {},
    print: () => lines.emit('line'),
  });
}

const letOneIn = () => writeFileSync(join(folder, 'gate'), '');
const arrived = () => readdirSync(folder).filter((name) => name.startsWith('gate-')).length;
const burst = (lambda: Lambda, count: number) => Promise.all(Array.from({ length: count }, () => lambda.invoke('{}')));
const started = () => expect.poll(arrived).toBeGreaterThan(0);

describe('a Lambda on a busy machine', () => {
  test('fails no event because its process takes more than ten seconds to start', async () => {
    const answer = slowLambda().invoke('{}');
    await started();
    vi.advanceTimersByTime(11_000);
    letOneIn();
    expect(await answer).toBe(String(children[0]?.pid));
  });

  test('fails an event whose process does not start within the time of the Lambda besides', async () => {
    const answer = slowLambda().invoke('{}');
    const refused = expect(answer).rejects.toThrow('Init timed out');
    await started();
    vi.advanceTimersByTime((10 + TIMEOUT_SECONDS) * 1_000);
    await refused;
  });

  test('starts no more processes at once than there are processors', async () => {
    void burst(slowLambda(), 8).catch(() => 'they end with the test');
    const most = Math.min(8, availableParallelism());
    await expect.poll(arrived).toBe(most);
    expect(children).toHaveLength(most);
  });

  test('has up to two processes for each processor at once, and more for events that wait long', async () => {
    writeFileSync(join(folder, 'code/index.js'), stuck);
    const taken = on(printed, 'line');
    void burst(slowLambda(), 8).catch(() => 'they end with the test');
    const prompt = Math.min(8, 2 * availableParallelism());
    for (let event = 0; event < prompt; event += 1) await taken.next();
    expect(children).toHaveLength(prompt);
    vi.advanceTimersByTime(250);
    for (let event = prompt; event < 8; event += 1) await taken.next();
  });

  test('gives all that waits to the one process that could start', async () => {
    const answers = burst(slowLambda(), 8);
    await started();
    letOneIn();
    expect(new Set(await answers).size).toBe(1);
  });

  test('has a process ready for the first event, where it was started ahead', async () => {
    letOneIn();
    const lambda = slowLambda();
    await lambda.startAhead();
    expect(await lambda.invoke('{}')).toBe(String(children[0]?.pid));
    await lambda.startAhead();
    expect(children).toHaveLength(1);
  });
});
