import type { IncomingMessage } from 'node:http';
import { paths } from '../core/routes.ts';
import { isRecord } from './intrinsics.ts';
import type { Answer } from './response.ts';

/** A request that was answered. */
export type Answered = {
  readonly request: Pick<IncomingMessage, 'method' | 'url' | 'headers'>;
  readonly body: Buffer;
  readonly answer: Answer;
  readonly milliseconds: number;
};

type Members = Readonly<Record<string, unknown>>;
type Colours = { readonly dim: string; readonly good: string; readonly bad: string; readonly end: string };

const colours: Colours = { dim: '\u001b[2m', good: '\u001b[32m', bad: '\u001b[31m', end: '\u001b[0m' };
const noColours: Colours = { dim: '', good: '', bad: '', end: '' };
const LONGEST = 100;

/**
 * A request in one line: method, path, status, time, and what was called and its outcome. Nothing of it is secret: not
 * the query, no header, and of a body only what names something.
 */
export function requestLine({ request, body, answer, milliseconds }: Answered, inColour: boolean): string {
  const { dim, good, bad, end } = inColour ? colours : noColours;
  const { method = '', url = '' } = request;
  const path = url.split('?')[0] ?? '';
  const status = `${answer.status < 400 ? good : bad}${answer.status}${end}`;
  const time = `${dim}${Math.round(milliseconds)} ms${end}`;
  const called = calledBy(path, body);
  const outcome = outcomeOf(answer);
  const isPlain = called === undefined && outcome === 'ok';
  const rest = [called, outcome].filter((one) => one !== undefined).join(' → ');
  return `${shown(method)} ${shown(path)} ${status} ${time}${isPlain ? '' : `  ${rest}`}`;
}

/** What of a protocol a request asks for: a method of MCP with what it names, or a grant. */
function calledBy(path: string, body: Buffer): string | undefined {
  if (path === paths.token) return shown(new URLSearchParams(body.toString()).get('grant_type') ?? 'no grant_type');
  if (path !== paths.mcp && path !== `${paths.mcp}/`) return undefined;
  const message = membersOf(body.toString());
  if (typeof message.method !== 'string') return undefined;
  const { name, uri } = record(message.params);
  const named = [name, uri].find((one) => typeof one === 'string');
  return shown(named === undefined ? message.method : `${message.method} ${named}`);
}

/** What became of it: `ok`, or what the answer says is wrong. */
function outcomeOf({ status, headers, body }: Answer): string {
  const type = headers.get('content-type') ?? '';
  const said = type.startsWith('text/event-stream') ? lastEvent(body.toString()) : membersOf(body.toString());
  const { error, message, result } = said;
  if (isRecord(error)) return shown(`error: ${String(error.message)}`);
  if (typeof error === 'string') return shown(error);
  const { isError, content } = record(result);
  if (isError === true) return shown(`refused: ${textOf(content)}`);
  const location = headers.get('location');
  const refused = location && URL.canParse(location) ? new URL(location).searchParams.get('error') : null;
  if (refused) return shown(refused);
  const challenge = /error="([^"]+)"/.exec(headers.get('www-authenticate') ?? '')?.[1];
  if (challenge) return shown(challenge);
  if (status === 401) return 'sign-in asked for';
  if (status < 400) return 'ok';
  return typeof message === 'string' ? shown(message) : 'refused';
}

/** An answer of several messages ends with the one that counts. */
function lastEvent(text: string): Members {
  const data = text.split('\n').filter((line) => line.startsWith('data:'));
  return membersOf(data.at(-1)?.slice('data:'.length) ?? '');
}

function textOf(content: unknown): string {
  const [first] = Array.isArray(content) ? content : [];
  return String(record(first).text ?? '');
}

/** A text on one line, not too long. What a client or a server sends may not steer the terminal. */
function shown(text: string): string {
  const line = text.replaceAll(/[\p{Cc}\u202A-\u202E\u2066-\u2069]+/gu, ' ').trim();
  return line.length > LONGEST ? `${line.slice(0, LONGEST)}…` : line;
}

function membersOf(text: string): Members {
  try {
    return record(JSON.parse(text));
  } catch {
    return {};
  }
}

function record(value: unknown): Members {
  return isRecord(value) ? value : {};
}
