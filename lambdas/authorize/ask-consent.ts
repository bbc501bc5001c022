import type { Response } from '#core/http/response.ts';
import { wordsOf } from '#core/http/words-for.ts';
import { domainOf } from '#core/mail/email-address.ts';
import { sha256 } from '#core/oauth/digest.ts';
import { stillCounts } from '#core/oauth/era.ts';
import { type Browser, gone } from '#core/sign-in/browser.ts';
import { cameAsRequired } from '#core/sign-in/required-provider.ts';
import { approvalLookup, isApproved } from '#core/store/approvals.ts';
import { clientUsesLookup } from '#core/store/client-uses.ts';
import { addressLookup, personLookup } from '#core/store/people.ts';
import { signedOutLookup } from '#core/store/sessions.ts';
import type { SignIn } from '#core/store/sign-ins.ts';
import { findAll } from '#core/store/table.ts';
import { domainLookup, policyLookups } from '#core/store/tenants.ts';
import { offerTo } from './offer.ts';
import { onward } from './onward.ts';
import type { Offered } from './pages/consent-page.ts';

type Asked = Browser & Pick<SignIn, 'offersPasskey'>;

/** Asks the person who has signed in. Throws when they may not go on any more. */
export async function askConsent(signIn: SignIn, browser: Asked, now: number): Promise<Response> {
  const [offer, words] = await Promise.all([offerNow(signIn, now), wordsOf(signIn)]);
  return onward(signIn, offer, { ...browser, words });
}

/** What a person may grant a client, and what becomes of it when they do. */
type Offer = Offered & {
  /** True to send them a mail: the first time, if mail may go there. */
  readonly isNews: boolean;
  /** True if they count as a user of the client. */
  readonly isCounted: boolean;
};

/**
 * What the person may grant, which may have changed while a page was open. Throws when they may not sign in any more,
 * when everything of theirs was ended since, and when they have signed out.
 */
export async function offerNow(signIn: SignIn, now: number): Promise<Offer> {
  const { principal, visit, address = '', request } = signIn;
  if (!principal) throw gone(signIn);
  const { subject, tenant } = principal;
  const lookups = [
    personLookup(subject),
    signedOutLookup(visit ?? '-'),
    approvalLookup(address, request.clientId),
    addressLookup(sha256(address)),
    clientUsesLookup(request.clientId),
    domainLookup(domainOf(address)),
    ...policyLookups(tenant),
  ] as const;
  const [person, signedOut, approval, known, uses, domain, found] = await findAll(lookups, now);
  const counts = stillCounts(principal, person) && cameAsRequired(signIn, domain, found);
  if (!counts || signedOut) throw gone(signIn);
  const before = isApproved(approval, person.era) ? approval : undefined;
  return {
    scopes: offerTo(person, found, request.scopes),
    uses,
    before,
    isNews: before === undefined && known?.suppressedAt === undefined,
    isCounted: approval !== undefined,
  };
}
