import type { IncomingMessage } from 'node:http';
import { isRecord } from './intrinsics.ts';
import { functionIdIn } from './names.ts';
import type { Answer } from './response.ts';

const outputsPath = '/local/outputs';
/** What an AWS SDK takes for the endpoint of Lambda. */
export const lambdaPath = '/local/lambda';
const invocationPath = /^\/local\/lambda\/2015-03-31\/functions\/([^/]+)\/invocations$/;

/** What is deployed, for an operator's tools. */
export type Deployed = {
  readonly outputs: () => Readonly<Record<string, unknown>>;
  /** Rejects with `UnknownFunction`, or with what the Lambda threw. */
  readonly invoke: (functionId: string, event: string, invokedArn?: string) => Promise<string>;
};

/** There is no Lambda of this name. */
export class UnknownFunction extends Error {}

/**
 * What an operator's tools ask AWS for: the outputs of the stack, and the Invoke API of Lambda. Undefined for all other
 * requests. It needs no credentials, as the gateway can only be reached from this machine.
 */
export function operatorAnswer(
  { method, url = '', headers }: IncomingMessage,
  body: Buffer,
  deployed: Deployed,
): Answer | Promise<Answer> | undefined {
  const path = url.split('?')[0] ?? '';
  if (method === 'GET' && path === outputsPath) return answer(200, JSON.stringify(deployed.outputs()));
  const name = method === 'POST' ? invocationPath.exec(path)?.[1] : undefined;
  if (name === undefined) return undefined;
  // A page that a browser on this machine happens to show must not act as the operator.
  if (headers.origin !== undefined) return refusal(403, 'AccessDeniedException', 'Not from a browser');
  const type = headers['x-amz-invocation-type'] ?? 'RequestResponse';
  if (type !== 'RequestResponse')
    return refusal(400, 'InvalidParameterValueException', `${type} is not supported here`);
  return invoke(functionId(decodeURIComponent(name)), body, deployed);
}

/** A function may be named by its ARN too. */
function functionId(name: string): string {
  return name.includes(':function:') ? functionIdIn(name) : name;
}

async function invoke(id: string, body: Buffer, deployed: Deployed): Promise<Answer> {
  try {
    const payload = await deployed.invoke(id, body.length > 0 ? body.toString() : '{}');
    return answer(200, payload, { 'x-amz-executed-version': '$LATEST' });
  } catch (error) {
    if (error instanceof UnknownFunction) return refusal(404, 'ResourceNotFoundException', `Function not found: ${id}`);
    const failed = { 'x-amz-executed-version': '$LATEST', 'x-amz-function-error': 'Unhandled' };
    return answer(200, failurePayload(error), failed);
  }
}

/** What a handler threw arrives as JSON; a Lambda that timed out or ended only leaves a sentence. */
function failurePayload(error: unknown): string {
  const errorMessage = error instanceof Error ? error.message : String(error);
  return isJsonObject(errorMessage) ? errorMessage : JSON.stringify({ errorMessage });
}

function isJsonObject(text: string): boolean {
  try {
    return isRecord(JSON.parse(text));
  } catch {
    return false;
  }
}

function refusal(status: number, type: string, message: string): Answer {
  return answer(status, JSON.stringify({ Type: 'User', Message: message }), { 'x-amzn-errortype': type });
}

function answer(status: number, body: string, headers: Readonly<Record<string, string>> = {}): Answer {
  const all = new Map(Object.entries({ 'content-type': 'application/json', 'cache-control': 'no-store', ...headers }));
  return { status, headers: all, cookies: [], body: Buffer.from(body) };
}
