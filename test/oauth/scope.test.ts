import { describe, expect, test } from 'vitest';
import { allows, narrowedScopes, offeredScopes, parseScope } from '#core/oauth/scope.ts';

const catalogue = [
  { name: 'notes:read', implies: [] },
  { name: 'notes:write', implies: ['notes:read'] },
  { name: 'profile:read', implies: [] },
  { name: 'notes:admin', implies: [] },
];
const all = ['notes:read', 'notes:write', 'profile:read', 'notes:admin'];
const byDefault = ['notes:read', 'notes:write', 'profile:read'];

describe('scopes in a request, RFC 6749 §3.3', () => {
  test.for([
    [undefined, []],
    ['', []],
    [' ', []],
    [' offline_access', ['offline_access']],
    ['notes:read  notes:write ', ['notes:read', 'notes:write']],
    ['notes:read notes:read', ['notes:read']],
    ['notes:read,notes:write', ['notes:read', 'notes:write']],
    [', notes:read , notes:write,', ['notes:read', 'notes:write']],
    ['\tnotes:read\nnotes:write', ['notes:read', 'notes:write']],
  ] as const)('reads %j', ([text, scopes]) => {
    expect(parseScope(text)).toEqual(scopes);
  });

  test('refuses what is longer than any honest request', () => {
    const longest = 'a'.repeat(1_000);
    expect(parseScope(longest)).toEqual([longest]);
    expect(() => parseScope(`${longest}a`)).toThrow(expect.objectContaining({ code: 'invalid_scope' }));
  });

  test.for([
    ['nothing', [], byDefault],
    ['only what is unknown', ['offline_access', 'openid', 'Notes:Admin', '*'], byDefault],
    ['what needs a role, by name', ['notes:admin'], ['notes:admin']],
    ['everything by name', all, all],
    ['one that is known', ['profile:read'], ['profile:read']],
    ['known and unknown ones', ['mail', 'notes:write'], ['notes:write']],
    ['another order', ['profile:read', 'notes:read'], ['notes:read', 'profile:read']],
  ] as const)('offers what fits when the client asks for %s', ([, asked, offered]) => {
    expect(offeredScopes(asked, catalogue, byDefault)).toEqual(offered);
  });
});

describe('what a grant allows', () => {
  test('writing includes reading, and not the other way round', () => {
    expect(allows(['notes:write'], 'notes:read', catalogue)).toBe(true);
    expect(allows(['notes:read'], 'notes:write', catalogue)).toBe(false);
  });

  test('a scope that does not exist is never allowed by another', () => {
    expect(allows(all, 'admin', catalogue)).toBe(false);
  });
});

describe('scopes of a refresh, RFC 6749 §6', () => {
  test.for([
    [undefined, ['notes:write']],
    ['', ['notes:write']],
    [' ', ['notes:write']],
    [',', ['notes:write']],
    ['offline_access', ['notes:write']],
    ['openid offline_access', ['notes:write']],
    ['notes:read', ['notes:read']],
    ['notes:write', ['notes:write']],
    ['notes:read,profile:read', ['notes:read']],
    ['notes:write profile:read offline_access', ['notes:write']],
    ['profile:read notes:admin', ['notes:write']],
  ] as const)('asking for %j', ([asked, given]) => {
    expect(narrowedScopes(asked, ['notes:write'], catalogue)).toEqual(given);
  });

  test.for(['openid', 'mail,openid', 'notes', 'NOTES:READ'])('that names nothing known is refused: %j', (asked) => {
    const unknown = () => narrowedScopes(asked, ['notes:write'], catalogue);
    expect(unknown).toThrow(expect.objectContaining({ code: 'invalid_scope' }));
  });
});
