import { deviceOf } from '#core/http/device.ts';
import { form, parameter } from '#core/http/parameters.ts';
import type { Request } from '#core/http/request.ts';
import type { Response } from '#core/http/response.ts';
import { additionChallenge, mostPasskeys, type Site } from '#core/oauth/passkey.ts';
import { record } from '#core/record.ts';
import { countedNotice, notify } from '#core/sign-in/notify.ts';
import { audited } from '#core/store/audit.ts';
import { addedPasskey, type Passkey, passkeyHash } from '#core/store/passkeys.ts';
import { type Problem, passkeysPage } from './pages/passkeys-page.ts';
import { signedOutPage } from './pages/signed-out-page.ts';
import { type Attestation, readAttestation } from './read-answer.ts';
import { recordRefusal } from './record-refusal.ts';
import { verifyAttestation } from './verify.ts';
import { postingVisitor, type Visitor, visitorOf } from './visitor.ts';

/** Adds the passkey that a browser has just made. WebAuthn Level 3 §7.1. */
export async function addPasskey(request: Request, site: Site): Promise<Response> {
  const sent = form(request);
  const visitor = await postingVisitor(request, sent);
  if (!visitor) return signedOutPage(request);
  const answer = readAttestation(parameter(sent, 'passkey'));
  const isThere = visitor.passkeys.some(({ id }) => id === answer?.id);
  if (isThere) return passkeysPage(visitor, site, { done: 'added' });
  const problem = problemWith(visitor, answer);
  if (problem || !answer) return passkeysPage(visitor, site, { problem: problem ?? 'unreadable' });
  return add(visitor, answer, request, site);
}

function problemWith(
  visitor: Visitor & { readonly isOurs: boolean },
  answer: Attestation | undefined,
): Problem | undefined {
  if (visitor.isReviewer) return 'reviewer';
  if (!visitor.isOurs) return 'outOfDate';
  if (!visitor.isFresh) return 'tooOld';
  if (visitor.passkeys.length >= mostPasskeys) return 'tooMany';
  return answer ? undefined : 'unreadable';
}

async function add(visitor: Visitor, answer: Attestation, request: Request, site: Site): Promise<Response> {
  const { session, holder, secret, stale } = visitor;
  const { principal, address } = session;
  const made = await verifyAttestation(answer, { site, challenge: additionChallenge(secret, holder) });
  if (typeof made === 'string') {
    await recordRefusal({ principal, id: answer.id, refusal: made }, request);
    return passkeysPage(visitor, site, { problem: made === 'challenge' ? 'outOfDate' : 'unreadable' });
  }
  const name = deviceOf(request.headers['user-agent']).system ?? visitor.words.passkeys.defaultName;
  const passkey: Passkey = { ...made, handle: holder.handle, address, name, createdAt: request.now };
  const notice = countedNotice(principal.subject, request.now);
  const writes = [
    ...addedPasskey({ principal, holder, address }, passkey, stale),
    audited(principal, { event: 'passkey_added', passkey: passkeyHash(passkey.id) }, request.nowMilliseconds),
    ...notice,
  ];
  const outcome = await record(writes);
  const isFlood = !outcome.done && notice.length > 0 && outcome.failed === writes.length - 1;
  // A passkey that nobody hears of is what somebody would add who is not this person.
  if (isFlood) return passkeysPage(visitor, site, { problem: 'tooOften' });
  if (outcome.done) await notify({ kind: 'passkeyAdded' }, { to: address, words: visitor.words }, request);
  const current = await visitorOf(request, 0);
  if (!current) return signedOutPage(request);
  const said = outcome.done ? ({ done: 'added' } as const) : ({ problem: 'outOfDate' } as const);
  return passkeysPage({ ...current, window: visitor.window }, site, said);
}
