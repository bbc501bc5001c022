import { form, parameter } from '#core/http/parameters.ts';
import type { Request } from '#core/http/request.ts';
import type { Response } from '#core/http/response.ts';
import { longestPasskeyName, type Site } from '#core/oauth/passkey.ts';
import { shownName } from '#core/oauth/shown-text.ts';
import { record } from '#core/record.ts';
import { audited } from '#core/store/audit.ts';
import { passkeyHash, renamedPasskey } from '#core/store/passkeys.ts';
import { passkeysPage } from './pages/passkeys-page.ts';
import { signedOutPage } from './pages/signed-out-page.ts';
import { postingVisitor, visitorOf } from './visitor.ts';

/** Renames a passkey. */
export async function renamePasskey(request: Request, site: Site): Promise<Response> {
  const sent = form(request);
  const visitor = await postingVisitor(request, sent);
  if (!visitor) return signedOutPage(request);
  const hash = parameter(sent, 'which');
  const passkey = visitor.passkeys.find(({ id }) => passkeyHash(id) === hash);
  if (!visitor.isOurs || !passkey || hash === undefined) return passkeysPage(visitor, site, { problem: 'outOfDate' });
  const name = shownName(parameter(sent, 'name'));
  if (name === undefined || name.length > longestPasskeyName)
    return passkeysPage(visitor, site, { problem: 'badName' });
  const { principal } = visitor.session;
  const { done } = await record([
    renamedPasskey(principal.subject, passkey, name),
    audited(principal, { event: 'passkey_renamed', passkey: hash }, request.nowMilliseconds),
  ]);
  const current = await visitorOf(request, 0);
  if (!current) return signedOutPage(request);
  const said = done ? ({ done: 'renamed' } as const) : ({ problem: 'outOfDate' } as const);
  return passkeysPage({ ...current, window: visitor.window }, site, said);
}
