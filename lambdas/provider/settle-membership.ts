import type { Request } from '#core/http/request.ts';
import { sha256 } from '#core/oauth/digest.ts';
import type { Claims } from '#core/oauth/id-token.ts';
import type { Meeting } from '#core/oauth/linking.ts';
import { type Groups, type Membership, membershipOf } from '#core/oauth/membership.ts';
import type { Role } from '#core/oauth/permission.ts';
import type { Provider } from '#core/oauth/provider.ts';
import { audited } from '#core/store/audit.ts';
import { hidden } from '#core/store/hidden.ts';
import { changeRole, expectMember } from '#core/store/memberships.ts';
import { type Address, addressLookup } from '#core/store/people.ts';
import { find, type Write } from '#core/store/table.ts';
import { Failure } from './failure.ts';

type Arriving = {
  readonly provider: Provider;
  readonly meeting: Meeting;
  readonly address: string;
  /** What the address leads to. */
  readonly holder: Address | undefined;
};

/**
 * Lets what somebody is here be what their groups at the provider say, before they are signed in. Where they belong to
 * another tenant, an operator has to move them. False if another request changed what their address leads to in the
 * meantime, so that they have to be met again. Throws a failure.
 */
export async function settleMembership(
  groups: Groups,
  arriving: Arriving,
  claims: Claims,
  request: Request,
): Promise<boolean> {
  const { holder, meeting } = arriving;
  const membership = membershipOf(groups, claims);
  if (membership !== 'none' && 'refusal' in membership) throw new Failure('failed', membership.refusal);
  if (membership === 'none') return settleOther(groups, arriving, request);
  const { tenant, role } = membership;
  const belongs = holder?.tenant;
  if (belongs !== undefined && belongs !== tenant)
    throw new Failure(
      'notAllowed',
      `their group is of ${tenant}, and they belong to ${belongs}: people move moves them`,
    );
  if (belongs === tenant && (holder?.role ?? 'member') === role) return true;
  if (meeting.kind === 'prove')
    throw new Failure('notAllowed', 'their group counts once the provider’s word for their address does: set domains');
  const isSettled = belongs === undefined ? expect(arriving, membership, request) : change(arriving, role, request);
  if (await isSettled) return true;
  if (await isOvertaken(arriving, request)) return false;
  throw new Failure('failed', `their group is of ${tenant}, which is no tenant: tenants add adds it`);
}

/** Who has none of the groups is no admin by them, whether they may sign in or not. */
async function settleOther({ claim, rules, others }: Groups, arriving: Arriving, request: Request): Promise<boolean> {
  const { holder, meeting } = arriving;
  const isOfRules = rules.some(({ tenant }) => tenant === holder?.tenant);
  const losesRole = isOfRules && holder?.role === 'admin' && meeting.kind !== 'prove';
  if (losesRole && !(await change(arriving, 'member', request))) {
    if (await isOvertaken(arriving, request)) return false;
    throw new Failure('failed', `their role in ${holder.tenant} could not be taken away: tenants show has its members`);
  }
  if (others === 'refuse') throw new Failure('notAllowed', `the claim ${claim} names no group of the settings`);
  return true;
}

/** True if the address leads elsewhere than when it was read, or says something else of its person. */
async function isOvertaken({ address, holder }: Arriving, { now }: Request): Promise<boolean> {
  const found = await find(addressLookup(sha256(address)), now);
  return found?.subject !== holder?.subject || found?.tenant !== holder?.tenant || found?.role !== holder?.role;
}

async function expect(arriving: Arriving, { tenant, role }: Membership, request: Request): Promise<boolean> {
  const { address } = arriving;
  return expectMember(tenant, { address, role, since: request.now }, await noted(arriving, { tenant, role }, request));
}

async function change(arriving: Arriving, role: Role, request: Request): Promise<boolean> {
  const { address, holder } = arriving;
  const tenant = holder?.tenant ?? '';
  const belonging = { address, tenant, subject: holder?.subject };
  return changeRole(belonging, role, await noted(arriving, { tenant, role }, request));
}

async function noted(
  { provider, address, holder }: Arriving,
  { tenant, role }: Membership,
  { nowMilliseconds }: Request,
): Promise<Write> {
  const subject = holder?.subject ?? (await hidden('address', address));
  return audited({ subject, tenant }, { event: 'membership', provider: provider.id, role }, nowMilliseconds);
}
