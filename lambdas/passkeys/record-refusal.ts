import type { Request } from '#core/http/request.ts';
import { networkRates } from '#core/network-rates.ts';
import type { PasskeyRefusal } from '#core/oauth/passkey.ts';
import type { Principal } from '#core/oauth/types.ts';
import { record } from '#core/record.ts';
import { tooOften } from '#core/sign-in/browser.ts';
import { audited } from '#core/store/audit.ts';
import { passkeyHash } from '#core/store/passkeys.ts';
import { count } from '#core/store/rates.ts';

type Refused = {
  /** Whose passkey it is. Of nobody's there is only the log. */
  readonly principal: Principal | undefined;
  readonly id: string;
  readonly refusal: PasskeyRefusal;
};

/** Counts and records a passkey that was refused. Throws when the network has had too many. */
export async function recordRefusal({ principal, id, refusal }: Refused, request: Request): Promise<void> {
  const waitSeconds = await count(networkRates('wrongPasskeysPerIp', request), request.now);
  if (waitSeconds !== undefined) throw tooOften(waitSeconds, {});
  if (!principal) return;
  const event = { event: 'passkey_refused' as const, passkey: passkeyHash(id), reason: refusal };
  await record([audited(principal, event, request.nowMilliseconds)]);
}
