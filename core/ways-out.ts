import childProcess from 'node:child_process';
import cluster from 'node:cluster';
import dgram from 'node:dgram';
import dns from 'node:dns';
import http from 'node:http';
import { syncBuiltinESMExports } from 'node:module';
import net from 'node:net';
import workers from 'node:worker_threads';
import { plainAgent, tlsAgent } from './aws/exchange.ts';
import { requireUnconfined, unconfined } from './confinement.ts';

type Callable = (this: unknown, ...given: unknown[]) => unknown;

/**
 * All that leads out of a process, and what it is called. Each is stopped by itself: what is connected already is used
 * without connecting, and a name that is looked up says something too.
 */
const ways: readonly (readonly [owner: object, called: string, names: readonly string[]])[] = [
  [globalThis, 'fetch', ['fetch', 'WebSocket', 'EventSource']],
  [net.Socket.prototype, 'a connection', ['connect']],
  [http.Agent.prototype, 'a request', ['addRequest']],
  [dgram.Socket.prototype, 'a datagram', ['connect', 'send']],
  [dns, 'a look-up', namesIn(dns)],
  [dns.promises, 'a look-up', namesIn(dns.promises)],
  [dns.Resolver.prototype, 'a look-up', namesIn(dns.Resolver.prototype)],
  [dns.promises.Resolver.prototype, 'a look-up', namesIn(dns.promises.Resolver.prototype)],
  [childProcess, 'a program', ['exec', 'execFile', 'execFileSync', 'execSync', 'fork', 'spawn', 'spawnSync']],
  [childProcess.ChildProcess.prototype, 'a program', ['spawn']],
  [cluster, 'a program', ['fork']],
  [workers, 'a thread', ['Worker']],
];

/** Has each of them fail for a tool that says it reaches nothing beyond this server. Anybody else does not notice. */
export function guardWaysOut(): void {
  for (const [owner, called, names] of ways) for (const name of names) guard(owner, name, called);
  syncBuiltinESMExports();
}

function guard(owner: object, name: string, called: string): void {
  const original = Reflect.get(owner, name);
  if (typeof original !== 'function') return;
  const guarded = new Proxy(original as Callable, {
    apply: (target, self, given) => {
      // The server's own requests for a tool, such as reading the table, are no doing of the tool.
      if (self === plainAgent || self === tlsAgent) return unconfined(() => Reflect.apply(target, self, given));
      const refused = refusal(called, given);
      if (!refused) return Reflect.apply(target, self, given);
      if (name === 'fetch') return Promise.reject(refused);
      throw refused;
    },
    construct: (target, given, newTarget) => {
      const refused = refusal(called, given);
      if (refused) throw refused;
      return Reflect.construct(target, given, newTarget);
    },
  });
  Object.defineProperty(owner, name, { value: guarded, configurable: true, writable: true });
}

function refusal(called: string, [where]: readonly unknown[]): unknown {
  try {
    requireUnconfined(typeof where === 'string' || where instanceof URL ? `${called} (${where})` : called);
    return undefined;
  } catch (error) {
    return error;
  }
}

function namesIn(owner: object): string[] {
  return Object.getOwnPropertyNames(owner).filter((name) => /^(lookup|resolve|reverse)/.test(name));
}
