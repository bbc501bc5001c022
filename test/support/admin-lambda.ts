import { readAssembly } from '../../local/assembly.ts';
import { assemblyOf } from './assembly.ts';
import { bounce, sesEvent } from './ses-events.ts';

type Answer = { readonly ok: true; readonly result: unknown } | { readonly ok: false; readonly error: string };

const LAMBDA = 'AWS::Lambda::Function';

/** Has the Lambda for the operator carry out a command, at a local stack of the product's own Lambdas. Throws when it is refused. */
export async function operate(issuer: string, command: string, input: object, secondsFromNow = 0): Promise<unknown> {
  const time = new Date(Date.now() + secondsFromNow * 1_000).toISOString();
  const answer = (await invoke(issuer, 'Admin', { command, time, input })) as Answer;
  if (!answer.ok) throw new Error(answer.error ?? JSON.stringify(answer));
  return answer.result;
}

/** Lets a mail to an address come back, as SES and EventBridge tell of it. */
export async function comeBack(issuer: string, address: string): Promise<void> {
  await invoke(issuer, 'Bounces', sesEvent(address, bounce('Permanent', address)));
}

/** Invokes a Lambda that no route leads to. */
async function invoke(issuer: string, name: string, payload: object): Promise<unknown> {
  const { Resources } = readAssembly(await assemblyOf()).template;
  const [id] = Object.entries(Resources).find(([id, { Type }]) => Type === LAMBDA && id.startsWith(name)) ?? [];
  const url = `${issuer}/local/lambda/2015-03-31/functions/${id}/invocations`;
  return (await fetch(url, { method: 'POST', body: JSON.stringify(payload) })).json();
}
