import * as z from 'zod';
import { AwsError } from '#core/aws/error.ts';
import { invoke } from '#core/aws/lambda.ts';
import { env } from '#core/env.ts';
import type { HostedCall, HostedFault } from '#core/hosted-server.ts';
import { isSound } from '#core/http/sound-json.ts';
import { MOST_CHARACTERS } from '../answer-size.ts';
import { OutOfTime, type PublicCall, ToolError } from '../define-tool.ts';
import { type PassedOn, serverResult } from './passed-on.ts';
import type { Hosted } from './server.ts';
import { functionVariable } from './server-variable.ts';

/** What is read as text stands once in an answer; a picture or file is not read as text. */
const [MOST_TEXT, MOST_OTHER] = [2 * MOST_CHARACTERS, 1_000_000];

const faults = ['absent', 'ended', 'slow', 'large', 'refused', 'unreadable', 'unset'] as const satisfies HostedFault[];
const answerShape = z.union([
  z.object({ result: z.unknown() }),
  z.object({ fault: z.enum(faults), detail: z.string().default('') }),
]);

/**
 * Has the Lambda of a server call one of its tools. Nothing of who calls goes along. What the server refuses, and that it
 * gave no answer, is a ToolError in one sentence.
 */
export async function callServer(
  { server, tool }: Hosted,
  given: Readonly<Record<string, unknown>>,
  { now, signal }: Pick<PublicCall, 'now' | 'signal'>,
): Promise<PassedOn> {
  const { name } = server;
  const called = { tool, arguments: given, now } satisfies HostedCall;
  const asked = await untilAborted(invoked(name, called), signal);
  const { success, data } = answerShape.safeParse(asked);
  if (!success) throw new ToolError(`${name} is of no help just now: it could not be asked. Try again later.`);
  if ('fault' in data) throw new ToolError(sentence(server, data));
  return checked(name, data.result);
}

async function invoked(name: string, called: HostedCall): Promise<unknown> {
  try {
    return await invoke(env(functionVariable(name)), called);
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    if (error.status === undefined) throw new ToolError(`${name} did not answer in time. Try again in a moment.`);
    if (error.status === 429) throw new ToolError(`${name} is busy. Try again in a moment.`);
    throw error;
  }
}

/** What is asked of the other Lambda goes on there; nobody waits for it any more. */
function untilAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  const aborted = new Promise<never>((_, reject) => {
    const stop = () => reject(new OutOfTime());
    if (signal.aborted) stop();
    signal.addEventListener('abort', stop, { once: true });
  });
  return Promise.race([work, aborted]);
}

function sentence({ name, seconds }: Hosted['server'], { fault, detail }: { fault: HostedFault; detail: string }) {
  switch (fault) {
    case 'absent':
      return `${name} could not be started. The operator of this server finds the reason in its log.`;
    case 'ended':
      return `${name} stopped before it had answered, and nobody knows how far it came. The next call starts it again.`;
    case 'slow':
      return `${name} gave no answer within ${seconds} seconds and was stopped. Ask for less at once.`;
    case 'large':
      return tooLarge(name);
    case 'refused':
      return `${name} refused this: ${detail}`;
    case 'unreadable':
      return unreadable(name);
    case 'unset':
      return `${name} needs ${detail}, which the operator of this server has not set.`;
  }
}

/** A result that may go on: of the known forms, of sound JSON, and no larger than clients take. */
function checked(name: string, result: unknown): PassedOn {
  const { success, data } = serverResult.safeParse(result);
  if (!success || !isSound(data)) throw new ToolError(unreadable(name));
  const { isError, ...passed } = data;
  const { text, other } = sizesOf(passed);
  if (text > MOST_TEXT || other > MOST_OTHER) throw new ToolError(tooLarge(name));
  if (!isError) return passed;
  const said = passed.content.flatMap((one) => (one.type === 'text' ? one.text : [])).join('\n');
  throw new ToolError(said || `${name} could not do this, and does not say why.`);
}

function sizesOf({ content, structuredContent }: PassedOn): { text: number; other: number } {
  let other = 0;
  for (const one of content) {
    if (one.type === 'image' || one.type === 'audio') other += one.data.length;
    if (one.type === 'resource' && 'blob' in one.resource) other += one.resource.blob.length;
  }
  return { text: JSON.stringify({ content, structuredContent }).length - other, other };
}

function tooLarge(name: string): string {
  return `${name} answered with more than there is room for. Ask for less.`;
}

function unreadable(name: string): string {
  return `${name} answered with something that is no result of a tool.`;
}
