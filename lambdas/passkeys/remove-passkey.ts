import { form, parameter } from '#core/http/parameters.ts';
import type { Request } from '#core/http/request.ts';
import type { Response } from '#core/http/response.ts';
import type { Site } from '#core/oauth/passkey.ts';
import { record } from '#core/record.ts';
import { countedNotice, notify } from '#core/sign-in/notify.ts';
import { audited } from '#core/store/audit.ts';
import { type Passkey, passkeyHash, removedPasskey } from '#core/store/passkeys.ts';
import type { Write } from '#core/store/table.ts';
import { passkeysPage } from './pages/passkeys-page.ts';
import { signedOutPage } from './pages/signed-out-page.ts';
import { postingVisitor, type Visitor, visitorOf } from './visitor.ts';

/** Removes a passkey. The last one may go too, for a code by mail always serves. */
export async function removePasskey(request: Request, site: Site): Promise<Response> {
  const sent = form(request);
  const visitor = await postingVisitor(request, sent);
  if (!visitor) return signedOutPage(request);
  if (!visitor.isOurs) return passkeysPage(visitor, site, { problem: 'outOfDate' });
  const hash = parameter(sent, 'which');
  const passkey = visitor.passkeys.find(({ id }) => passkeyHash(id) === hash);
  const isRemoved = passkey === undefined || (await remove(visitor, passkey, request));
  const current = await visitorOf(request, 0);
  if (!current) return signedOutPage(request);
  const said = isRemoved ? ({ done: 'removed' } as const) : ({ problem: 'outOfDate' } as const);
  return passkeysPage({ ...current, window: visitor.window }, site, said);
}

/** A mail that would be one too many is left out: a flood of mails must not keep a person from this. */
async function remove({ session, holder, words }: Visitor, passkey: Passkey, request: Request): Promise<boolean> {
  const { principal, address } = session;
  const event = { event: 'passkey_removed', passkey: passkeyHash(passkey.id) } as const;
  const writes = [
    ...removedPasskey({ principal, holder }, passkey),
    audited(principal, event, request.nowMilliseconds),
  ];
  const notice: Write[] = countedNotice(principal.subject, request.now);
  const outcome = await record([...writes, ...notice]);
  if (outcome.done && notice.length > 0) await notify({ kind: 'passkeyRemoved' }, { to: address, words }, request);
  const isFlood = !outcome.done && outcome.failed === writes.length;
  return isFlood ? (await record(writes)).done : outcome.done;
}
