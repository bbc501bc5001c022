import { stillCounts } from '#core/oauth/era.ts';
import { maySignIn } from '#core/sign-in/may-sign-in.ts';
import { approvalLookup, isApproved } from '#core/store/approvals.ts';
import { personLookup } from '#core/store/people.ts';
import type { Session } from '#core/store/sessions.ts';
import { findAll } from '#core/store/table.ts';
import { policyLookups } from '#core/store/tenants.ts';
import { offerTo } from './offer.ts';

/** A session, and what its person may be asked to grant. */
type LivingSession = Session & {
  /** Whether they have approved the client before. */
  readonly hasApproved: boolean;
  /** The language that they chose for their account. */
  readonly language: string | undefined;
  readonly offer: (asked: readonly string[]) => readonly string[];
};

/** The session of a person who may still sign in. */
export async function livingSession(
  session: Session | undefined,
  clientId: string,
  now: number,
): Promise<LivingSession | undefined> {
  if (!session || !maySignIn(session.address)) return undefined;
  const { subject, tenant } = session.principal;
  const lookups = [personLookup(subject), approvalLookup(session.address, clientId), ...policyLookups(tenant)] as const;
  const [person, approval, found] = await findAll(lookups, now);
  if (!stillCounts(session.principal, person)) return undefined;
  const hasApproved = isApproved(approval, person.era);
  return { ...session, hasApproved, language: person.language, offer: (asked) => offerTo(person, found, asked) };
}
