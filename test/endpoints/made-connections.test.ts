import { createHash } from 'node:crypto';
import { decodeJwt } from 'jose';
import { describe, expect, inject, test } from 'vitest';
import { partitionsOf } from '#core/store/audit-partitions.ts';
import { type Item, tableOf } from '../support/items.ts';
import { Operator } from '../support/operator.ts';
import { connected, type Member, newMember } from '../support/people.ts';
import { newRedemption } from '../support/redemption.ts';

const issuer = inject('issuer');
const operator = new Operator(tableOf(issuer));

/** What is kept of a person, their sessions, their client and its grant, and what is recorded, without whose it is. */
async function keptOf({ address, clientId, token, subject, tenant }: Member): Promise<string[]> {
  const { jti = '', iat = 0 } = decodeJwt(token);
  const ofPerson = await operator.itemsAt(`USER#${subject}`);
  const sessions = ofPerson.map(({ sk }) => String(sk)).filter((sk) => sk.startsWith('SESSION#'));
  const partitions = [
    `EMAIL#${createHash('sha256').update(address).digest('base64url')}`,
    `CLIENT#${clientId}`,
    `GRANT#${subject}~${jti.split('.')[0]}`,
    ...partitionsOf(tenant, new Date(iat * 1_000).toISOString().slice(0, 10)),
    ...sessions,
  ];
  const others = await Promise.all(partitions.map((pk) => operator.itemsAt(pk)));
  return [...ofPerson, ...others.flat()].map(formOf).sort();
}

/** The kind of an item, and the names of all that it has. */
function formOf({ pk, sk, event, ...item }: Item): string {
  const kind = [pk, sk].map((key) =>
    String(key)
      .replace(/[#-].*/, '')
      .replace(/^\d+$/, 'time'),
  );
  return JSON.stringify([...kind, event, formIn(item)]);
}

function formIn(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return typeof value;
  return Object.entries(value)
    .map(([name, member]) => [name, formIn(member)])
    .sort();
}

describe('what tests make directly is what comes of the pages and the token endpoint', () => {
  test('for somebody with a tenant of their own', async () => {
    const made = await keptOf(await connected(issuer, { isOwnClient: true }));
    expect(made.length).toBeGreaterThan(10);
    expect(made).toEqual(await keptOf(await connected(issuer, { isOwnClient: true, byPages: true })));
  });

  test('for a member of a tenant', async () => {
    const member = async (byPages: boolean) =>
      keptOf(await newMember(issuer, operator, await operator.newTenant(), { isOwnClient: true, byPages }));
    expect(await member(false)).toEqual(await member(true));
  });

  test('for a code that waits to be redeemed', async () => {
    const kept = async (byPages: boolean) => {
      const redemption = await newRedemption(issuer, {}, { byPages });
      const [code] = await operator.itemsAt(`CODE#${createHash('sha256').update(redemption.code).digest('base64url')}`);
      return code && formOf(code);
    };
    expect(await kept(false)).toEqual(await kept(true));
    expect(await kept(false)).toBeDefined();
  });
});
