import { networkRates } from '#core/network-rates.ts';
import { OAuthError, tooManyRequests } from '#core/oauth/error.ts';
import { trustSubject } from '#core/oauth/principal.ts';
import type { Trust } from '#core/oauth/trust.ts';
import { record } from '#core/record.ts';
import { audited } from '#core/store/audit.ts';
import type { Registration } from '#core/store/clients.ts';
import { isOperators } from '#core/store/operator-clients.ts';
import { count } from '#core/store/rates.ts';
import type { TokenRequest } from './binding.ts';

const LONGEST_ISSUER = 200;

/** An assertion as it was shown: whose it says it is, by which client, and under which trust it is taken. */
export type Shown = {
  readonly issuer: string;
  readonly registration: Registration | undefined;
  readonly request: TokenRequest;
  readonly trust?: Trust;
};

/**
 * Refuses an assertion, in the same words whatever is wrong. What is wrong is in the audit: of the tenant that trusts its
 * issuer, or of the operator where a client of theirs showed it. What strangers make up leaves nothing.
 */
export async function refuse(
  reason: string,
  { issuer, registration, request, trust }: Shown,
  code: 'invalid_grant' | 'temporarily_unavailable' = 'invalid_grant',
): Promise<never> {
  const waitSeconds = await count(networkRates('assertionsPerIp', request), request.now);
  if (waitSeconds !== undefined) throw tooManyRequests(waitSeconds);
  const isOperatorsOwn = registration !== undefined && isOperators(registration);
  const whose = trust
    ? { subject: trustSubject(trust.id), tenant: trust.tenant }
    : { subject: 'operator', tenant: 'operator' };
  const clientId = registration?.client.id ?? 'workload';
  const event = { event: 'assertion_refused', clientId, issuer: shown(issuer), reason } as const;
  if (trust || isOperatorsOwn) await record([audited(whose, event, request.nowMilliseconds)]);
  if (code === 'invalid_grant')
    throw new OAuthError('invalid_grant', 'The assertion is not valid; the audit says why', 400, { cause: reason });
  throw new OAuthError(code, 'The keys of the issuer cannot be read; try again in a moment', 503, {
    cause: reason,
    retryAfterSeconds: 30,
  });
}

/** By its own word, so it may be anything. */
function shown(issuer: string): string {
  return issuer.slice(0, LONGEST_ISSUER).replaceAll(/[^\x21-\x7e]+/g, '?');
}
