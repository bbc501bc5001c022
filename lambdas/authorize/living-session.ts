import { domainOf } from '#core/mail/email-address.ts';
import { stillCounts } from '#core/oauth/era.ts';
import { maySignIn } from '#core/sign-in/may-sign-in.ts';
import { cameAsRequired } from '#core/sign-in/required-provider.ts';
import { approvalLookup, isApproved } from '#core/store/approvals.ts';
import { clientUsesLookup } from '#core/store/client-uses.ts';
import { personLookup } from '#core/store/people.ts';
import type { Session } from '#core/store/sessions.ts';
import { findAll } from '#core/store/table.ts';
import { domainLookup, policyLookups } from '#core/store/tenants.ts';
import { offerTo } from './offer.ts';
import type { Offered } from './pages/consent-page.ts';

/** A session, and what its person may be asked to grant. */
type LivingSession = Session & {
  /** True if they have approved the client before. */
  readonly hasApproved: boolean;
  /** The language that they chose for their account. */
  readonly language: string | undefined;
  readonly offer: (asked: readonly string[]) => Offered;
};

/** The session of a person who may still sign in. */
export async function livingSession(
  session: Session | undefined,
  clientId: string,
  now: number,
): Promise<LivingSession | undefined> {
  if (!session || !maySignIn(session.address)) return undefined;
  const { subject, tenant } = session.principal;
  const lookups = [
    personLookup(subject),
    approvalLookup(session.address, clientId),
    clientUsesLookup(clientId),
    domainLookup(domainOf(session.address)),
    ...policyLookups(tenant),
  ] as const;
  const [person, approval, uses, domain, found] = await findAll(lookups, now);
  if (!stillCounts(session.principal, person) || !cameAsRequired(session, domain, found)) return undefined;
  const before = isApproved(approval, person.era) ? approval : undefined;
  const offer = (asked: readonly string[]) => ({ scopes: offerTo(person, found, asked), uses, before });
  return { ...session, hasApproved: before !== undefined, language: person.language, offer };
}
