import type { APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { ownsSubdomains } from '#generated';

/** Two years of https. For the names below the host too, unless others live there: it is the domain itself. RFC 6797 §6.1. */
const hsts = `max-age=63072000${ownsSubdomains ? '; includeSubDomains' : ''}`;

type Headers = Readonly<Record<string, string>>;

/** One answer as the handlers give it. */
export type Response = {
  readonly status: number;
  readonly headers?: Headers;
  readonly cookies?: readonly string[];
  readonly body?: string | undefined;
  /** True if the body is bytes in base64. */
  readonly isBase64?: boolean;
  /** Why it is a refusal, for the log. */
  readonly reason?: string | undefined;
};

/** An answer in JSON. Members that are undefined are left out: strict clients refuse a null. */
export function json(value: unknown, status = 200, headers: Headers = {}): Response {
  return { status, headers: { 'content-type': 'application/json', ...headers }, body: JSON.stringify(value) };
}

/** An answer that says everything in its status and headers. */
export function empty(status: number, headers: Headers = {}): Response {
  return { status, headers };
}

/**
 * The headers of a challenge. API Gateway renames `WWW-Authenticate`, so it goes out a second time under a name
 * that the front door maps back. RFC 9110 §11.6.1.
 */
export function challenge(value: string): Headers {
  return { 'www-authenticate': value, 'x-challenge': value };
}

/** Turns an answer into what the HTTP API expects. Nothing is cached, sniffed or sent in the clear unless it says so. */
export function toResult(
  { status, headers, cookies, body, isBase64 }: Response,
  formHeaders: Headers,
): APIGatewayProxyStructuredResultV2 {
  return {
    statusCode: status,
    headers: {
      'cache-control': 'no-store',
      'strict-transport-security': hsts,
      'x-content-type-options': 'nosniff',
      ...formHeaders,
      ...headers,
    },
    ...(cookies ? { cookies: [...cookies] } : {}),
    ...(body === undefined ? {} : { body }),
    ...(isBase64 ? { isBase64Encoded: true } : {}),
  };
}
