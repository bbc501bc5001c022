import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { sourceOf } from './edge.ts';

/** One request as the handlers see it. */
export type Request = {
  readonly id: string;
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  /** Names are in lower case. A header that came several times is joined with commas. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly cookies: ReadonlyMap<string, string>;
  readonly body: Buffer;
  readonly sourceIp: string;
  /** When the gateway received the request, in epoch seconds. */
  readonly now: number;
  /** The same moment in epoch milliseconds, where order within a second counts. */
  readonly nowMilliseconds: number;
};

/** Reads an event of the HTTP API, payload format 2.0. Other gateways write null for what it leaves out. */
export function toRequest(event: APIGatewayProxyEventV2): Request {
  const { http, requestId, timeEpoch } = event.requestContext;
  const headers = headersOf(event);
  return {
    id: requestId,
    method: http.method,
    path: event.rawPath,
    query: new URLSearchParams(event.rawQueryString ?? ''),
    headers,
    cookies: new Map(cookiesOf(event.cookies ?? [], headers.cookie).map(nameAndValue)),
    body: Buffer.from(event.body ?? '', event.isBase64Encoded ? 'base64' : 'utf8'),
    sourceIp: sourceOf(headers, http.sourceIp),
    now: Math.floor(timeEpoch / 1000),
    nowMilliseconds: timeEpoch,
  };
}

/** An HTTP API writes names in lower case; other gateways may not. RFC 9110 §5.1. */
function headersOf({ headers }: APIGatewayProxyEventV2): Request['headers'] {
  return Object.fromEntries(
    Object.entries(headers ?? {}).map(([name, value]) => [name.toLowerCase(), value ?? undefined]),
  );
}

/** An HTTP API takes the cookies out of the headers; other gateways leave them there, or do both. RFC 6265 §5.4. */
function cookiesOf(cookies: readonly string[], header = ''): string[] {
  return [...header.split(';'), ...cookies].filter((cookie) => cookie.trim() !== '');
}

function nameAndValue(cookie: string): [string, string] {
  const equals = cookie.indexOf('=');
  return equals < 0 ? [bare(cookie), ''] : [bare(cookie.slice(0, equals)), bare(cookie.slice(equals + 1))];
}

/**
 * A part of a cookie without the spaces and tabs around it, and no others: to a browser, a name that begins with another
 * space does not begin with `__Host-`, and any subdomain may set it. RFC 6265bis §5.6.
 */
function bare(part: string): string {
  return part.replace(/^[ \t]+|(?<![ \t])[ \t]+$/g, '');
}
