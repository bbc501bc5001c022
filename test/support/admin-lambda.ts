import { readAssembly } from '../../local/assembly.ts';
import { assemblyOf } from './assembly.ts';

type Answer = { readonly ok: true; readonly result: unknown } | { readonly ok: false; readonly error: string };

const LAMBDA = 'AWS::Lambda::Function';

/** Has the Lambda for the operator carry out a command, at a local stack of the product's own Lambdas. Throws when it is refused. */
export async function operate(issuer: string, command: string, input: object): Promise<unknown> {
  const { Resources } = readAssembly(await assemblyOf()).template;
  const [id] = Object.entries(Resources).find(([id, { Type }]) => Type === LAMBDA && id.startsWith('Admin')) ?? [];
  const url = `${issuer}/local/lambda/2015-03-31/functions/${id}/invocations`;
  const body = JSON.stringify({ command, time: new Date().toISOString(), input });
  const answer = (await (await fetch(url, { method: 'POST', body })).json()) as Answer;
  if (!answer.ok) throw new Error(answer.error);
  return answer.result;
}
