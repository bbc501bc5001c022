import { validateHeaderName, validateHeaderValue } from './http.ts';
import { isRecord } from './intrinsics.ts';
import { applyMappings } from './mappings.ts';
import type { Route } from './stack.ts';

/** An HTTP answer as the gateway sends it. */
export type Answer = {
  readonly status: number;
  readonly headers: ReadonlyMap<string, string>;
  readonly cookies: readonly string[];
  readonly body: Buffer;
};

/** Headers that API Gateway keeps for itself: what a Lambda sends under these names arrives renamed. */
const remapped = new Set(['connection', 'content-length', 'date', 'proxy-authenticate', 'server', 'www-authenticate']);
const dropped = new Set(['keep-alive', 'te', 'trailer', 'transfer-encoding', 'upgrade']);

/** The gateway's own answers. */
export function gatewayAnswer(status: number, message: string, more: Readonly<Record<string, string>> = {}): Answer {
  const headers = new Map(Object.entries({ 'content-type': 'application/json', ...more }));
  return { status, headers, cookies: [], body: Buffer.from(JSON.stringify({ message })) };
}

/** What a Lambda returned as an HTTP answer (payload format 2.0). Undefined if it is not of that form. */
export function lambdaAnswer(payload: string, mappings: Route['mappings']): Answer | undefined {
  const returned: unknown = JSON.parse(payload);
  if (!isRecord(returned) || returned.statusCode === undefined) return impliedAnswer(returned);
  const { statusCode, headers = {}, cookies = [], body = '', isBase64Encoded = false } = returned;
  const status = Number(statusCode);
  if (!Number.isInteger(status) || status < 200 || status > 599) return undefined;
  if (typeof body !== 'string' || !isRecord(headers) || !Array.isArray(cookies)) return undefined;
  const lines = [...Object.entries(headers), ...cookies.map((cookie) => ['set-cookie', cookie] as const)];
  if (!lines.every(([name, value]) => isHeader(name, value))) return undefined;
  const own = new Map(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), String(value)]));
  const sent = applyMappings(rename(own), own, mappings.get(status) ?? []);
  if (!sent.has('content-type')) sent.set('content-type', 'text/plain; charset=utf-8');
  return {
    status,
    headers: sent,
    cookies: cookies.map(String),
    body: Buffer.from(body, isBase64Encoded ? 'base64' : 'utf8'),
  };
}

function isHeader(name: string, value: unknown): boolean {
  if (typeof value === 'object') return false;
  try {
    validateHeaderName(name);
    validateHeaderValue(name, String(value));
    return true;
  } catch {
    return false;
  }
}

/** Without a status code, whatever a Lambda returns is the body of a 200. */
function impliedAnswer(returned: unknown): Answer {
  const body = typeof returned === 'string' ? returned : JSON.stringify(returned);
  return {
    status: 200,
    headers: new Map([['content-type', 'application/json']]),
    cookies: [],
    body: Buffer.from(body),
  };
}

function rename(headers: ReadonlyMap<string, string>): Map<string, string> {
  const kept = [...headers].filter(([name]) => !dropped.has(name));
  return new Map(kept.map(([name, value]) => [remapped.has(name) ? `x-amzn-remapped-${name}` : name, value]));
}
