import { quotas } from '#core/limits.ts';
import { isPersonal, personalTenant } from '#core/oauth/tenant.ts';
import { browserSeconds } from './browsers.ts';
import { type ClosedAccount, closedAccountLookup, closedAccounts } from './closing.ts';
import { grantLookup } from './grants.ts';
import { quotaKey } from './kept.ts';
import { unlinked } from './links.ts';
import { memberKey } from './members.ts';
import { ownPartitions } from './own-items.ts';
import { addressLookup, personKey } from './people.ts';
import { sessionLookup, signedOutLookup } from './sessions.ts';
import { commit, type Key, query, remove, type Write } from './table.ts';

/** How many items are removed at once. They may be large, and others need the table too. */
const PAGE = 10;
const GRANT = 'GRANT#';
const SESSION = 'SESSION#';
const LINK = 'LINK#';

/** A page of the accounts that are closed, and where the next one starts, if there is one. */
export async function closedAccountsAfter(
  after: string | undefined,
): Promise<{ readonly accounts: readonly ClosedAccount[]; readonly next: string | undefined }> {
  const { items, next } = await query<ClosedAccount & Key>(closedAccounts, { after, most: 25 });
  return { accounts: items, next };
}

/**
 * Removes what is kept of a person whose account is closed, up to so many items. Gives how many there were: fewer than
 * that, and nothing is left but what others write at this moment. It may stop anywhere and be called again.
 */
export async function removeItems(account: ClosedAccount, most: number): Promise<number> {
  const { subject } = account;
  let removed = 0;
  for (const { pk } of ownPartitions(account)) removed += await emptied(pk, most - removed, remove);
  await Promise.all(quotasOf(account).map(remove));
  removed += await emptied(personKey(subject).pk, most - removed, (item) => removeWithWhatItLeadsTo(item, subject));
  if (!isPersonal(account.tenant)) await commit([unlisted(account)]);
  removed += await forgotten(account, most - removed);
  return removed;
}

/** Removes all items of a partition, up to so many, each after what it leads to: else nothing would lead there. */
async function emptied(pk: string, most: number, removeOne: (item: Item) => Promise<void>): Promise<number> {
  let removed = 0;
  while (removed < most) {
    const { items } = await query<Item>(pk, { most: Math.min(PAGE, most - removed) });
    await Promise.all(items.map(removeOne));
    removed += items.length;
    if (items.length === 0) break;
  }
  return removed;
}

/** What is found in a partition. A note of a link has its hash. */
type Item = Key & { readonly hash?: string };

/** Removes what lies beside a person's profile: what leads to grants, sessions and links, and what is whole in itself. */
async function removeWithWhatItLeadsTo(item: Item, subject: string): Promise<void> {
  for (const key of ledTo(item)) await remove(key);
  if (item.sk.startsWith(LINK) && item.hash !== undefined) await commit([unlinked({ hash: item.hash }, subject)]);
  await remove(item);
}

function ledTo({ sk }: Key): readonly Key[] {
  if (sk.startsWith(GRANT)) return [grantLookup(sk.slice(GRANT.length))];
  if (!sk.startsWith(SESSION)) return [];
  const hash = sk.slice(SESSION.length);
  return [sessionLookup(hash), signedOutLookup(hash)];
}

/** What counts shared items of an organization stays as long as these do. */
function quotasOf({ subject, tenant }: ClosedAccount): readonly Key[] {
  const alone = personalTenant(subject);
  return Object.entries(quotas).flatMap(([name, { of }]) => {
    const tenants = of === 'person' ? [tenant, alone] : [alone];
    return [...new Set(tenants)].map((tenant) => quotaKey(name as keyof typeof quotas, { subject, tenant }));
  });
}

/** Takes a person off the list of their organization, unless somebody new is listed with the address. */
function unlisted({ subject, tenant, addressHash }: ClosedAccount): Write {
  const condition = 'attribute_not_exists(pk) OR subject = :subject';
  return { ...memberKey(tenant, addressHash), remove: true, condition, values: { ':subject': subject } };
}

/**
 * Forgets which clients the person approved and in which browsers they signed in. Both lie beside the address, where
 * those of somebody new may lie by now.
 */
async function forgotten({ addressHash, era, closedAt }: ClosedAccount, most: number): Promise<number> {
  const { pk } = addressLookup(addressHash);
  let after: string | undefined;
  let removed = 0;
  do {
    const { items, next } = await query<Key>(pk, { after, most: PAGE });
    const writes = items.flatMap(({ sk }): Write[] => {
      if (sk.startsWith('CLIENT#'))
        return [
          { pk, sk, remove: true, condition: 'attribute_not_exists(era) OR era < :era', values: { ':era': era } },
        ];
      const until = closedAt + browserSeconds;
      return sk.startsWith('BROWSER#')
        ? [{ pk, sk, remove: true, condition: '#ttl <= :until', values: { ':until': until } }]
        : [];
    });
    const outcomes = await Promise.all(writes.map((write) => commit([write])));
    removed += outcomes.filter(({ done }) => done).length;
    after = next;
  } while (after !== undefined && removed < most);
  return removed;
}

/**
 * Ends a deletion of which nothing is left: forgets the account, and the era that the address kept while what was begun
 * for the person might still come, unless something else is said of the address.
 */
export async function endDeletion({ subject, addressHash, era }: ClosedAccount, audit: Write): Promise<void> {
  const isForgotten =
    'era = :era AND attribute_not_exists(subject) AND attribute_not_exists(tenant) AND attribute_not_exists(suppressedAt) AND attribute_not_exists(liftedAt)';
  await commit([{ ...addressLookup(addressHash), remove: true, condition: isForgotten, values: { ':era': era } }]);
  const ended: Write = { ...closedAccountLookup(subject), remove: true, condition: 'attribute_exists(pk)' };
  await commit([ended, audit]);
}
