import { isLoopback } from '#core/oauth/redirect-uri.ts';

/** Where a code will go, as a person can judge it: a host, or this very device, where any program can pose as another. */
export type Destination = { readonly isThisDevice: boolean; readonly host: string };

/** Reads a proven redirect URI for people. RFC 8252 §8.6. */
export function destinationOf(redirectUri: string): Destination {
  const { protocol, host } = new URL(redirectUri);
  if (isLoopback(redirectUri)) return { isThisDevice: true, host };
  if (protocol === 'https:') return { isThisDevice: false, host };
  return { isThisDevice: true, host: `${protocol}//${host}` };
}

/** A destination in the middle of a sentence. */
export function described({ isThisDevice, host }: Destination): string {
  return isThisDevice ? 'a program on their device' : host;
}
