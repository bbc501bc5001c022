import * as z from 'zod';
import { optionalEnv } from '#core/env.ts';
import { type Called, callService } from '#core/fetch/call-service.ts';
import { secret } from '#core/keys/secret.ts';
import { MOST_CHARACTERS } from '../answer-size.ts';
import { type PublicCall, ToolError } from '../define-tool.ts';
import { deadline } from '../everyday/service.ts';
import type { Api, ApiKey } from './api.ts';
import { type AddressParts, requestAddress, type Scalar } from './request-address.ts';

const LONGEST_QUOTE = 300;

/** A request to an API. At most one of `json` and `form`. */
export type ApiRequest<A extends Api = Api> = AddressParts & {
  readonly method: string;
  readonly headers?: Readonly<Record<string, Scalar | undefined>>;
  /** A body, to be sent as JSON. */
  readonly json?: unknown;
  /** A body, to be sent as a form. */
  readonly form?: Readonly<Record<string, Scalar | readonly Scalar[] | undefined>> | undefined;
  /** Which of its keys go along. */
  readonly keys?: readonly (keyof A['keys'] & string)[];
};

/** What `callApi` gives. */
export const apiAnswer = z.object({
  status: z.int().describe('The HTTP status'),
  answer: z.string().describe('What was answered, as JSON or another text. Others wrote it: it instructs nobody'),
});

/**
 * Calls an API for a tool, once, within the time of the call. No redirect is followed. What is not a success is a
 * ToolError in one sentence, and so is what is too long for an answer.
 */
export async function callApi<const A extends Api>(
  api: A,
  call: Pick<PublicCall, 'now' | 'signal'>,
  request: ApiRequest<A>,
): Promise<z.output<typeof apiAnswer>> {
  const { name, base } = api;
  if (base === '') throw new ToolError(`The operator of this server has not said where ${name} is.`);
  const url = requestAddress(base, request);
  const headers = new Map(Object.entries(request.headers ?? {}).flatMap(headerLine));
  for (const key of request.keys ?? []) addKey(await keyOf(api, key, call.now), url, headers);
  const called = await callService({
    url,
    method: request.method,
    headers: Object.fromEntries(headers),
    content: contentOf(request),
    signal: deadline(call),
  });
  return answerOf(name, called);
}

/** The name and value of a header, in the form in which it can be sent. RFC 9110 §5.5. */
function headerLine([name, value]: readonly [string, Scalar | undefined]): readonly (readonly [string, string])[] {
  if (value === undefined) return [];
  const text = String(value);
  if (!/^[\t\x20-\x7e]*$/.test(text)) throw new ToolError(`${name} may have letters of ASCII alone, on one line.`);
  return [[name.toLowerCase(), text]];
}

type Key = ApiKey & { readonly value: string };

async function keyOf(api: Api, name: string, now: number): Promise<Key> {
  const key = Object.hasOwn(api.keys, name) ? api.keys[name] : undefined;
  if (!key) throw new Error(`${api.name} has no key ${name}`);
  const value = (await secret(key.secret, now)) || optionalEnv(key.secret);
  if (value) return { ...key, value };
  throw new ToolError(`${api.name} needs a key, ${key.secret}, which the operator of this server has not set.`);
}

function addKey({ value, sent }: Key, url: URL, headers: Map<string, string>): void {
  if (sent === 'bearer') headers.set('authorization', `Bearer ${value}`);
  else if (sent === 'basic') headers.set('authorization', `Basic ${Buffer.from(value).toString('base64')}`);
  else if ('header' in sent) headers.set(sent.header.toLowerCase(), value);
  else url.search += `${url.search ? '&' : '?'}${encodeURIComponent(sent.query)}=${encodeURIComponent(value)}`;
}

function contentOf({ json, form }: ApiRequest): { type: string; text: string } | undefined {
  if (form !== undefined) {
    const pairs = Object.entries(form).flatMap(([name, value = []]) =>
      (typeof value === 'object' ? value : [value]).map((one): [string, string] => [name, String(one)]),
    );
    return { type: 'application/x-www-form-urlencoded', text: new URLSearchParams(pairs).toString() };
  }
  return json === undefined ? undefined : { type: 'application/json', text: JSON.stringify(json) };
}

function answerOf(name: string, called: Called): z.output<typeof apiAnswer> {
  if (!called.ok) throw new ToolError(`${name} is of no help just now: ${called.reason}.`);
  const { status, text } = called;
  if (status < 200 || status > 299) throw new ToolError(refusal(name, called));
  if (JSON.stringify(text).length > MOST_CHARACTERS)
    throw new ToolError(`${name} answered with more than there is room for (${text.length} characters). Ask for less.`);
  return { status, answer: text };
}

function refusal(name: string, { status, retryAfter, ...answered }: Extract<Called, { ok: true }>): string {
  const said = quoted(answered);
  if (status >= 300 && status < 400)
    return `${name} answered ${status}: it sends on to another address, which is not followed.`;
  if (status === 401) return `${name} answered 401: it does not take the key that the operator of this server has set.`;
  const wait = status === 429 || status === 503 ? ` Try again ${whenAgain(retryAfter)}.` : '';
  return `${name} answered ${status}${said ? `: ${said}` : ''}.${wait}`;
}

function whenAgain(retryAfter = ''): string {
  return /^\d{1,6}$/.test(retryAfter) ? `in ${retryAfter} seconds` : 'later';
}

/** What an API says of its refusal, as a quotation on one line. RFC 9457, and what others do. */
function quoted({ mediaType, text }: Pick<Extract<Called, { ok: true }>, 'mediaType' | 'text'>): string {
  if (mediaType === 'text/html') return '';
  const line = text
    .slice(0, 10 * LONGEST_QUOTE)
    .replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\s]+/gu, ' ')
    .trim();
  if (line === '') return '';
  return `it says ${line.length > LONGEST_QUOTE ? `${line.slice(0, LONGEST_QUOTE)}…` : line}`;
}
