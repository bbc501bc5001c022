import { expect, test } from 'vitest';
import { membershipOf } from '#core/oauth/membership.ts';

const rules = [
  { value: 'bosses', tenant: 'acme', role: 'admin' as const },
  { value: 'staff', tenant: 'acme', role: 'member' as const },
  { value: '/Other Co', tenant: 'other', role: 'member' as const },
];
const admin = { tenant: 'acme', role: 'admin' };
const member = { tenant: 'acme', role: 'member' };
const claim = 'groups';

test.for<[string, string, object, unknown]>([
  ['a group', claim, { groups: ['staff'] }, member],
  ['a text', claim, { groups: 'staff' }, member],
  ['several, of which the first rule counts', claim, { groups: ['staff', 'bosses'] }, admin],
  ['a path', claim, { groups: ['/Other Co'] }, { tenant: 'other', role: 'member' }],
  ['another case', claim, { groups: ['Staff'] }, 'none'],
  ['a part', claim, { groups: ['staffing', 'sta'] }, 'none'],
  ['several in one text', claim, { groups: 'staff bosses' }, 'none'],
  ['none', claim, { groups: [] }, 'none'],
  ['no claim', claim, { roles: ['staff'] }, 'none'],
  ['null', claim, { groups: null }, 'none'],
  ['roles', 'roles', { roles: ['bosses'], groups: ['staff'] }, admin],
  ['a claim that is a URL', 'https://x.example/roles', { 'https://x.example/roles': ['staff'] }, member],
  ['what every object has', 'constructor', {}, 'none'],
  ['an empty claim beside the mark of too many', claim, { groups: ['staff'], hasgroups: true }, member],
  ['the mark of too many for another claim', 'roles', { hasgroups: true }, 'none'],
])('%s', ([, name, claims, expected]) => {
  expect(membershipOf({ claim: name, rules }, claims as Record<string, unknown>)).toEqual(expected);
});

test.for<[string, object, string]>([
  ['too many for the token', { _claim_names: { groups: 'src1' }, _claim_sources: {} }, 'too many groups'],
  ['too many for the address', { hasgroups: true }, 'app roles'],
  ['the same as a text', { hasgroups: 'true' }, 'app roles'],
  ['an object', { groups: { staff: true } }, 'neither a text nor a list of texts'],
  ['numbers', { groups: ['staff', 7] }, 'neither a text nor a list of texts'],
])('%s is refused: it is not taken for none', ([, claims, why]) => {
  expect(membershipOf({ claim, rules }, claims as Record<string, unknown>)).toEqual({
    refusal: expect.stringContaining(why),
  });
});
