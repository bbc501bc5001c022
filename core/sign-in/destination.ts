import { isLoopback } from '#core/oauth/redirect-uri.ts';

/** Where a code will go, as a person can judge it: a host, or this very device, where any program can pose as another. */
export type Destination = {
  readonly isThisDevice: boolean;
  readonly host: string;
  /** The host, with what follows it where that is no usual place for an answer: many sites have pages of many people. */
  readonly shown: string;
};

const LONGEST_SHOWN = 200;

/** Where applications take their answers. */
const USUAL_PATH =
  /^\/?((oauth2?|auth|api|mcp|connect(or|ors)?|sso|v\d{1,2})\/)*(callback|cb|redirect|[a-z]{2,10}[_-](callback|redirect))?\/?$/i;

/** Reads a proven redirect URI for people. RFC 8252 §8.6. */
export function destinationOf(redirectUri: string): Destination {
  const { protocol, host, pathname, search } = new URL(redirectUri);
  const isUsual = USUAL_PATH.test(pathname) && search === '';
  const rest = isUsual ? '' : shortened(pathname + search);
  if (isLoopback(redirectUri)) return { isThisDevice: true, host, shown: host + rest };
  if (protocol === 'https:') return { isThisDevice: false, host, shown: host + rest };
  const origin = `${protocol}//${host}`;
  return { isThisDevice: true, host: origin, shown: origin + rest };
}

function shortened(text: string): string {
  return text.length > LONGEST_SHOWN ? `${text.slice(0, LONGEST_SHOWN)}…` : text;
}
