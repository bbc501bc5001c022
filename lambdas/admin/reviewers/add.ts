import * as z from 'zod/mini';
import { domainOf } from '#core/mail/email-address.ts';
import { takesMail } from '#core/mail/mail-exchange.ts';
import { sha256 } from '#core/oauth/digest.ts';
import { newPassword, shownPassword, storedPassword } from '#core/oauth/reviewer.ts';
import { maySignIn } from '#core/sign-in/may-sign-in.ts';
import { type Address, addressLookup } from '#core/store/people.ts';
import { addReviewer as addStored, renewReviewer } from '#core/store/reviewers.ts';
import { find } from '#core/store/table.ts';
import { address, tenantId } from '../inputs.ts';
import { iso } from '../iso.ts';
import { addressChange, type Operation, overtaken, parsed, refused } from '../operation.ts';
import { requireTenant } from '../tenants/known-tenant.ts';

const DAY_SECONDS = 86_400;
const [USUAL_DAYS, MOST_DAYS] = [30, 365];

const days = z
  .number('The days must be a number')
  .check(z.int('The days must be a whole number'), z.minimum(1, 'At least one day'))
  .check(z.maximum(MOST_DAYS, `At most ${MOST_DAYS} days`));
const shape = z.strictObject(
  { address, tenant: tenantId, days: z._default(days, USUAL_DAYS) },
  'The input must be an object',
);

/**
 * Gives an address a password that signs in where the code is asked for, or a new one. It is told here and never again.
 * The address is nobody's yet: no person gets a second way into their account by it.
 */
export async function addReviewer(operation: Operation): Promise<object> {
  const { now } = operation;
  const { address, tenant, days } = parsed(shape, operation.input);
  await requireTenant(tenant, now);
  await requireTaken(address, now);
  const known = await find(addressLookup(sha256(address)), now);
  requireFree(address, tenant, known);
  const password = newPassword();
  const expiresAt = now + days * DAY_SECONDS;
  const given = { address, reviewer: { tenant, expiresAt, ...storedPassword(password) } };
  const audit = await addressChange(operation, address, ` in ${tenant}`);
  const isDone = known?.reviewer ? await renewReviewer(given, audit) : await addStored(given, now, audit);
  if (!isDone) throw overtaken(address);
  return { address, tenant, password: shownPassword(password), expires_at: iso(expiresAt) };
}

/** The page that asks for the address makes no exception for reviewers, or it would tell who is one. */
async function requireTaken(address: string, now: number): Promise<void> {
  if (!maySignIn(address)) throw refused(`The settings do not let ${address} sign in: see signIn`);
  const domain = domainOf(address);
  if (!(await takesMail(domain, now))) throw refused(`${domain} takes no mail, so the sign-in page refuses ${address}`);
}

function requireFree(address: string, tenant: string, known: Address | undefined): void {
  if (known?.reviewer && known.tenant === tenant) return;
  if (known?.reviewer) throw refused(`${address} is a reviewer's in another tenant: reviewers remove ends that first`);
  if (known?.tenant ?? known?.subject)
    throw refused(`${address} belongs to somebody: choose an address that nobody else signs in with`);
}
