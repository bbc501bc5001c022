import { optionalEnv } from '#core/env.ts';
import { isSame } from '#core/oauth/digest.ts';
import { edgeHeaders } from './edge-headers.ts';

const key = optionalEnv('EDGE_KEY');

type Headers = Readonly<Record<string, string | undefined>>;

/** True if a request did not come through CloudFront, although it stands before the API. */
export function isPastTheEdge(headers: Headers): boolean {
  return key !== '' && !isSame(headers[edgeHeaders.key] ?? '', key);
}

/** The address that a request came from: as CloudFront saw it, where it stands before the API. */
export function sourceOf(headers: Headers, sourceIp: string): string {
  return key === '' ? sourceIp : (headers[edgeHeaders.viewer] ?? sourceIp);
}
