import type { HostedAnswer, HostedCall } from '#core/hosted-server.ts';
import { secret } from '#core/keys/secret.ts';
import { definition } from './definition.ts';
import { RunningServer } from './running-server.ts';

const LARGEST_ANSWER = 4 * 1024 * 1024;

type Secrets = ReadonlyMap<string, string>;

let running: RunningServer | undefined;
let usedSecrets = '[]';

/** One that needs no secret starts while the Lambda does. */
if (definition.secrets.length === 0) running = started(new Map());

/** Has the server in this Lambda answer the call of a tool. It keeps running between calls, and serves all callers. */
export async function handler(call: HostedCall): Promise<HostedAnswer> {
  const secrets = await Promise.all(
    definition.secrets.map(async (name) => [name, (await secret(name, call.now)) ?? ''] as const),
  );
  const unset = secrets.find(([, value]) => value === '');
  if (unset) return { fault: 'unset', detail: unset[0] };
  const answer = await serverWith(new Map(secrets)).call(call);
  return sendable(answer);
}

/** The one that runs, unless it has ended or a secret has changed. */
function serverWith(secrets: Secrets): RunningServer {
  const used = JSON.stringify([...secrets]);
  if (running && !running.hasEnded && used === usedSecrets) return running;
  running?.end();
  usedSecrets = used;
  running = started(secrets);
  return running;
}

function started(secrets: Secrets): RunningServer {
  const environment = { ...definition.environment, ...Object.fromEntries(secrets) };
  return new RunningServer(definition, environment, [...secrets.values()]);
}

/** An answer that can be sent. What is nested too deep to be written cannot. */
function sendable(answer: HostedAnswer): HostedAnswer {
  try {
    return JSON.stringify(answer).length <= LARGEST_ANSWER ? answer : { fault: 'large' };
  } catch {
    return { fault: 'unreadable' };
  }
}
