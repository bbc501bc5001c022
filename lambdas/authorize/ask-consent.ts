import type { Response } from '#core/http/response.ts';
import type { Principal } from '#core/oauth/types.ts';
import { personLookup } from '#core/store/people.ts';
import type { SignIn } from '#core/store/sign-ins.ts';
import { findAll } from '#core/store/table.ts';
import { policyLookups } from '#core/store/tenants.ts';
import { gone } from './browser.ts';
import { offerTo } from './offer.ts';
import { consentPage } from './pages/consent-page.ts';
import type { Form } from './pages/form.ts';

/** Asks the person who has signed in. Throws when they may not go on any more. */
export async function askConsent(signIn: SignIn, form: Form, now: number): Promise<Response> {
  if (!signIn.principal) throw gone();
  return consentPage(signIn, await offerNow(signIn.principal, signIn.request.scopes, now), form);
}

/** What the person may grant, which may have changed while a page was open. Throws when they may not sign in any more. */
export async function offerNow(
  { subject, tenant }: Principal,
  asked: readonly string[],
  now: number,
): Promise<readonly string[]> {
  const [person, found] = await findAll([personLookup(subject), ...policyLookups(tenant)], now);
  if (!person || person.disabledAt !== undefined || person.tenant !== tenant) throw gone();
  return offerTo(person, found, asked);
}
