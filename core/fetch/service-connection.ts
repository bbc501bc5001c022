import type { IncomingMessage } from 'node:http';
import { request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import { optionalEnv } from '#core/env.ts';

/** Who asks, and where its operator is found. Wikimedia's User-Agent policy wants both. */
const userAgent = `Vestibule/0.1 (${optionalEnv('ISSUER')})`;

/** A request to a service that the operator chose. */
export type ServiceCall = {
  readonly url: URL;
  readonly method: string;
  /** By their names in small letters. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
  readonly content?: { readonly type: string; readonly text: string } | undefined;
  readonly signal: AbortSignal;
};

/** Opens a connection of its own, and gives the answer as it begins. No redirect is followed. */
export function openService({ url, method, headers, content, signal }: ServiceCall): Promise<IncomingMessage> {
  const ofContent = content && {
    'content-type': content.type,
    'content-length': Buffer.byteLength(content.text),
  };
  const options = {
    signal,
    agent: false,
    method,
    headers: { accept: 'application/json', 'user-agent': userAgent, ...ofContent, ...headers },
  };
  const request = url.protocol === 'https:' ? requestHttps(url, options) : requestHttp(url, options);
  return new Promise((resolve, reject) => {
    request.once('response', resolve).once('error', reject).end(content?.text);
  });
}

/** Why there is no answer, in words. What is a fault of ours is thrown on. */
export function reasonWithout(error: unknown, signal: AbortSignal): string {
  if (signal.aborted) return 'it did not answer in time';
  if (error instanceof Error && 'code' in error) return 'it cannot be reached';
  throw error;
}
