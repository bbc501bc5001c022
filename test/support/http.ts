import { Agent, type IncomingMessage, request as requestPlain } from 'node:http';
import { request as requestTls, Agent as TlsAgent } from 'node:https';

/** What is sent. A form gets the content type that `fetch` would give it. */
export type Sent = {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | URLSearchParams | undefined;
};

/** What comes back, as it came. */
export type Received = { readonly status: number; readonly headers: Headers; readonly text: string };

/** What `fetch` sends with each request. */
const usual = {
  accept: '*/*',
  'accept-language': '*',
  'sec-fetch-mode': 'cors',
  'user-agent': 'node',
};
const FORM = 'application/x-www-form-urlencoded;charset=UTF-8';
const TEXT = 'text/plain;charset=UTF-8';
const agents = { 'http:': new Agent({ keepAlive: true }), 'https:': new TlsAgent({ keepAlive: true }) };
const WITHOUT_BODY = [204, 205, 304];

/** Sends a request as `fetch` does and follows no redirect. `fetch` takes several times as long, and tests ask often. */
export async function send(url: string | URL, sent: Sent = {}): Promise<Received> {
  const target = new URL(url);
  const isPlain = target.protocol === 'http:';
  const start = isPlain ? requestPlain : requestTls;
  const agent = agents[isPlain ? 'http:' : 'https:'];
  const { method = 'GET', headers = {}, body } = sent;
  const answer = Promise.withResolvers<IncomingMessage>();
  start(target, { method, headers: { ...usual, ...typeOf(body), ...inLowerCase(headers) }, agent }, answer.resolve)
    .on('error', answer.reject)
    .end(body?.toString());
  const response = await answer.promise;
  return { status: response.statusCode ?? 0, headers: headersOf(response), text: await textOf(response) };
}

/** The same, with the answer as `fetch` gives it. */
export async function ask(url: string | URL, sent: Sent = {}): Promise<Response> {
  const { status, headers, text } = await send(url, sent);
  return new Response(WITHOUT_BODY.includes(status) ? null : text, { status, headers });
}

/** The whole body of an answer. */
export async function textOf(response: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of response) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}

/** The headers of an answer, each as often as it came. */
export function headersOf({ rawHeaders }: IncomingMessage): Headers {
  const lines = rawHeaders.flatMap((name, at, all): [string, string][] =>
    at % 2 === 0 ? [[name, all[at + 1] ?? '']] : [],
  );
  return new Headers(lines);
}

function typeOf(body: string | URLSearchParams | undefined): Record<string, string> {
  if (body === undefined) return {};
  return { 'content-type': typeof body === 'string' ? TEXT : FORM };
}

function inLowerCase(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
}
