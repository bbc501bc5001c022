import { describe, expect, test } from 'vitest';
import type { Claims } from '#core/oauth/id-token.ts';
import {
  claimedAddress,
  identityKey,
  isAuthoritative,
  isOfAllowedOrganization,
  type Met,
  meet,
  type Standing,
  type Vouched,
  vouchedFor,
} from '#core/oauth/linking.ts';
import type { Provider } from '#core/oauth/provider.ts';
import { canonicalAddress } from '../../core/mail/email-address.ts';

const tenant = 'https://login.microsoftonline.com/11111111-2222-3333-4444-555555555555/v2.0';
const issuers: Readonly<Record<string, string>> = {
  google: 'https://accounts.google.com',
  entra: tenant,
  'entra of many': 'https://login.microsoftonline.com/organizations/v2.0',
  okta: 'https://corp.okta.com',
  apple: 'https://appleid.apple.com',
  github: 'https://github.com',
  oidc: 'https://id.example.com',
};

function provider(which: string, changes: Partial<Provider> = {}): Provider {
  const kind = which === 'entra of many' ? 'entra' : (which as Provider['kind']);
  return {
    id: 'one',
    name: 'One',
    kind,
    issuer: issuers[which] ?? '',
    clientId: 'client',
    clientSecret: '/secret',
    scopes: [],
    organizations: [],
    domains: [],
    ...changes,
  };
}

const claims = (given: object): Claims => ({ iss: 'https://id.example.com', sub: 'somebody', ...given });
const at = (domain: string) => `somebody@${domain}`;

/** What an address is worth: kept by the provider today, good where the operator says so, good for nothing yet. */
describe('the word of a provider for an address', () => {
  test.for<[string, object, string, 'hosted' | 'stated', boolean]>([
    ['Gmail is Google’s own', { email: at('gmail.com'), email_verified: true }, 'google', 'hosted', true],
    [
      'a Workspace address has hd',
      { email: at('corp.example'), email_verified: true, hd: 'corp.example' },
      'google',
      'hosted',
      true,
    ],
    [
      'a personal Google account on a company’s address',
      { email: at('corp.example'), email_verified: true },
      'google',
      'stated',
      false,
    ],
    [
      'a Workspace address that is not verified',
      { email: at('corp.example'), email_verified: false, hd: 'corp.example' },
      'google',
      'stated',
      false,
    ],
    ['booleans may be texts', { email: at('gmail.com'), email_verified: 'true' }, 'google', 'hosted', true],
    ['"false" is no true', { email: at('gmail.com'), email_verified: 'false' }, 'google', 'stated', false],
    [
      'nOAuth: any tenant writes any address',
      { email: at('victim.example'), tid: 'evil' },
      'entra of many',
      'stated',
      false,
    ],
    [
      'nOAuth: a verified flag that Entra does not send',
      { email: at('victim.example'), email_verified: true },
      'entra of many',
      'stated',
      false,
    ],
    ['nOAuth: xms_edov false', { email: at('victim.example'), xms_edov: false }, 'entra of many', 'stated', false],
    [
      'the owner of the domain is the tenant',
      { email: at('corp.example'), xms_edov: true },
      'entra of many',
      'hosted',
      true,
    ],
    ['the same as a number', { email: at('corp.example'), xms_edov: '1' }, 'entra of many', 'hosted', true],
    [
      'a verified primary address',
      { email: at('corp.example'), verified_primary_email: [at('Corp.example')] },
      'entra of many',
      'hosted',
      true,
    ],
    [
      'a verified address that is another',
      { email: at('corp.example'), verified_primary_email: [at('other.example')] },
      'entra of many',
      'stated',
      false,
    ],
    [
      'a guest’s address is another organization’s',
      { email: at('other.example'), xms_edov: true, acct: 1 },
      'entra of many',
      'stated',
      false,
    ],
    ['one tenant of the operator’s own', { email: at('corp.example') }, 'entra', 'stated', true],
    ['a guest in it', { email: at('other.example'), acct: 1 }, 'entra', 'stated', false],
    ['Okta’s flag says nothing', { email: at('corp.example'), email_verified: false }, 'okta', 'stated', false],
    ['Okta without a flag', { email: at('corp.example') }, 'okta', 'stated', true],
    [
      'Apple’s relay is Apple’s',
      { email: at('privaterelay.appleid.com'), email_verified: 'true', is_private_email: 'true' },
      'apple',
      'hosted',
      false,
    ],
    ['iCloud is Apple’s', { email: at('icloud.com'), email_verified: true }, 'apple', 'hosted', false],
    [
      'an Apple account on another address',
      { email: at('corp.example'), email_verified: true },
      'apple',
      'stated',
      false,
    ],
    ['GitHub keeps no mailboxes', { email: at('corp.example'), email_verified: true }, 'github', 'stated', false],
    ['a provider that says verified', { email: at('corp.example'), email_verified: true }, 'oidc', 'stated', true],
    ['a provider that says nothing', { email: at('corp.example') }, 'oidc', 'stated', false],
    ['a provider that says it is not', { email: at('corp.example'), email_verified: false }, 'oidc', 'stated', false],
    ['a flag that is neither', { email: at('corp.example'), email_verified: 'yes' }, 'oidc', 'stated', false],
  ])('%s', ([, given, which, worth, isEnough]) => {
    const claimed = claimedAddress(provider(which), claims(given), canonicalAddress);
    expect(claimed?.worth).toBe(worth);
    expect(claimed && isAuthoritative(provider(which), claimed, claims(given))).toBe(isEnough);
  });

  test.for([undefined, null, 7, '', 'somebody', 'a@b@c.example', ['a@b.example'], 'some body@corp.example'])(
    '%j is no address',
    (email) => {
      expect(claimedAddress(provider('oidc'), claims({ email }), canonicalAddress)).toBeUndefined();
    },
  );

  test('an address keeps its tag and its dots, which may make another mailbox', () => {
    const read = (email: string) => claimedAddress(provider('google'), claims({ email }), canonicalAddress)?.address;
    expect(read('A.da+x@Gmail.com')).toBe('a.da+x@gmail.com');
  });
});

describe('what becomes of somebody who comes from a provider', () => {
  const address = 'ada@corp.example';
  const stated = { address, worth: 'stated', isDenied: false } as const;
  const hosted = { ...stated, worth: 'hosted' } as const;
  const nobody = { link: undefined, claimed: stated, isAuthoritative: false, holder: undefined };
  const holder = { isLinkedToAnother: false };
  const another = { isLinkedToAnother: true };

  test.for<[string, Partial<Met>, ReturnType<typeof meet>]>([
    [
      'a link decides, whatever the address is now',
      { link: { address: 'old@corp.example', counts: true } },
      { kind: 'known' },
    ],
    ['a link decides without an address', { link: { address, counts: true }, claimed: undefined }, { kind: 'known' }],
    [
      'a link from before everything was ended proves the address it was made for',
      { link: { address: 'old@corp.example', counts: false } },
      { kind: 'prove', address: 'old@corp.example' },
    ],
    ['nobody, an address that is only stated', {}, { kind: 'prove', address }],
    ['nobody, an address that the provider keeps', { claimed: hosted }, { kind: 'make', address }],
    [
      'nobody, an address that the operator leaves to the provider',
      { isAuthoritative: true },
      { kind: 'make', address },
    ],
    ['somebody, an address that is only stated', { holder }, { kind: 'prove', address }],
    ['somebody, an address that the provider keeps', { holder, claimed: hosted }, { kind: 'prove', address }],
    [
      'somebody, an address that the operator leaves to the provider',
      { holder, isAuthoritative: true },
      { kind: 'join', address },
    ],
    [
      'somebody who is another at the provider: the address was given to a new person',
      { holder: another, isAuthoritative: true },
      { kind: 'refuse', why: 'recycled' },
    ],
    ['the same, stated', { holder: another }, { kind: 'refuse', why: 'recycled' }],
    ['no address', { claimed: undefined }, { kind: 'refuse', why: 'noAddress' }],
  ])('%s', ([, met, meeting]) => {
    expect(meet({ ...nobody, ...met })).toEqual(meeting);
  });
});

describe('whom an issuer vouches for that a tenant trusts', () => {
  const address = 'ada@corp.example';
  const stranger: Vouched = {
    tenant: 'corp',
    link: undefined,
    stated: { address, isDenied: false },
    home: 'corp',
    holder: undefined,
  };
  const holder = { isLinkedToAnother: false };
  const old = 'old@corp.example';

  test.for<[string, Partial<Vouched>, Standing | RegExp]>([
    ['nobody yet, whose address the tenant owns', {}, { kind: 'make', address }],
    ['somebody to whom that address leads', { holder }, { kind: 'join', address }],
    [
      'somebody known, whatever their address is now',
      { link: { address: old, counts: true } },
      { kind: 'known', address: old },
    ],
    [
      'somebody known, without an address, or with one that the tenant does not own',
      { link: { address: old, counts: true }, stated: undefined, home: undefined },
      { kind: 'known', address: old },
    ],
    [
      'somebody known, everything of whom was ended since',
      { link: { address, counts: false } },
      /^their link counts no/,
    ],
    ['somebody without an address', { stated: undefined }, /email gives no address/],
    ['somebody whose address is denied', { stated: { address, isDenied: true } }, /email gives no address/],
    ['somebody with an address that nobody owns', { home: undefined }, /^the address does not belong to corp/],
    ['somebody with an address of another tenant', { home: 'other', holder }, /^the address does not belong to corp/],
    ['another than the address led to before', { holder: { isLinkedToAnother: true } }, /given away$/],
  ])('%s', ([, given, expected]) => {
    const found = vouchedFor({ ...stranger, ...given });
    if (expected instanceof RegExp) expect(found).toEqual({ refusal: expect.stringMatching(expected) });
    else expect(found).toEqual(expected);
  });
});

describe('who somebody is at a provider', () => {
  test.for<[string, object, string | undefined]>([
    ['oidc', {}, 'somebody'],
    ['oidc', { sub: '' }, undefined],
    ['google', { email: 'a@b.example' }, 'somebody'],
    ['entra', { oid: 'the-oid' }, 'the-oid'],
    ['entra', {}, undefined],
    ['github', { sub: '583231', login: 'octocat' }, '583231'],
  ])('%s %j is %s', ([which, given, key]) => {
    expect(identityKey(provider(which), claims(given))).toBe(key);
  });

  test.for<[string, object, boolean]>([
    ['entra', { tid: 'a' }, true],
    ['entra of many', { tid: 'b' }, true],
    ['google', { hd: 'a' }, true],
    ['oidc', { org_id: 'b' }, true],
    ['oidc', { organization: 'a' }, true],
    ['oidc', { organization: ['x', 7, null, 'b'] }, true],
    ['oidc', { organization: { x: {}, b: { id: '1' } } }, true],
    ['okta', { org_id: ['a'] }, true],
    ['entra', { tid: 'c' }, false],
    ['entra', {}, false],
    ['oidc', { organization: { x: ['a'] } }, false],
    // What somebody else may have written into the token.
    ['entra of many', { tid: 'c', hd: 'a', org_id: 'a', organization: ['a'] }, false],
    ['google', { tid: 'a', org_id: 'a', organization: 'a' }, false],
    ['oidc', { tid: 'a', hd: 'a' }, false],
  ])('of %s with %j, where the organizations are a and b: %s', ([which, given, isAllowed]) => {
    expect(isOfAllowedOrganization(provider(which, { organizations: ['a', 'b'] }), claims(given))).toBe(isAllowed);
    expect(isOfAllowedOrganization(provider(which), claims(given))).toBe(true);
  });
});
