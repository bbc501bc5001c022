import type { ScopeDefinition } from './oauth/scope.ts';

/**
 * What the operator's settings and the tools in use come to, as plain data.
 * `lib/generate.ts` writes the module at synth; the bundles and the tests import it as `#generated`.
 */

/** How often something may happen in each fixed window. A window that is left out has no limit. */
export type Limits = {
  readonly minute?: number;
  readonly quarterHour?: number;
  readonly hour?: number;
  readonly day?: number;
};

/** The name this server goes by on its pages and in its mail. */
export const name: string;
/** The address that sign-in codes are sent from. */
export const sender: string;
/** Origins of web pages that may call the MCP endpoint, besides this server's own and loopback ones. */
export const allowedOrigins: readonly string[];
/** The scopes of the tools in use, in the order in which they are shown. */
export const scopes: readonly ScopeDefinition[];
/** How long things live, in seconds. */
export const lifetimes: {
  readonly accessTokenSeconds: number;
  readonly grantIdleSeconds: number;
  readonly grantSeconds: number;
  readonly repeatWindowSeconds: number;
};
/** How often things may happen. */
export const limits: {
  readonly mailsPerAddress: Limits;
  readonly mailsPerIp: Limits;
  readonly wrongCodesPerIp: Limits;
  readonly registrationsPerIp: Limits;
  readonly callsPerGrant: Limits;
};
/** Every answer to a posted address takes at least this long, so that its time says nothing about the address. */
export const answerFloorMilliseconds: number;
