import { describe, expect, test } from 'vitest';
import { grantableScopes, initialScopes, type Policy, permitsTool, type ToolRight } from '#core/oauth/permission.ts';

const catalogue = [
  { name: 'notes:read', implies: [] },
  { name: 'notes:write', implies: ['notes:read'] },
  { name: 'people:manage', implies: [] },
  { name: 'unused', implies: [] },
];
const read: ToolRight = { name: 'read_note', scope: 'notes:read' };
const write: ToolRight = { name: 'write_note', scope: 'notes:write' };
const manage: ToolRight = { name: 'manage_people', scope: 'people:manage', role: 'admin' };
const help: ToolRight = { name: 'help', scope: 'public' };
/** In another order than the catalogue, which decides. */
const tools = [help, manage, write, read];

const member = (policy: Policy = {}) => ({ role: 'member', policy }) as const;
const admin = (policy: Policy = {}) => ({ role: 'admin', policy }) as const;

describe('the tools that a person may ever call', () => {
  test.for([
    ['a member, one for everybody', member(), read],
    ['a member, one that is named as open to members', member(), { ...read, role: 'member' }],
    ['an admin, one for everybody', admin(), read],
    ['an admin, one for admins', admin(), manage],
    ['a member, one that the policy names', member({ tools: ['read_note'] }), read],
    ['a member, one with a scope of the policy', member({ scopes: ['notes:read'] }), read],
    ['a member, one with a scope that a scope of the policy implies', member({ scopes: ['notes:write'] }), read],
    ['a member, one that needs no scope', member({ scopes: [] }), help],
    [
      'a member, one that the policy names by tool and scope',
      member({ tools: ['read_note'], scopes: ['notes:read'] }),
      read,
    ],
  ] as const)('include, for %s', ([, standing, tool]) => {
    expect(permitsTool(tool, standing, catalogue)).toBe(true);
  });

  test.for([
    ['a member, one for admins', member(), manage],
    ['a member, one for admins that the policy names', member({ tools: ['manage_people'] }), manage],
    ['a member, one that the policy does not name', member({ tools: ['write_note'] }), read],
    ['an admin, one that the policy does not name', admin({ tools: ['read_note'] }), manage],
    ['a member, any under a policy that names no tool', member({ tools: [] }), read],
    ['a member, one that needs no scope and is not named', member({ tools: ['read_note'] }), help],
    ['a member, one without its scope in the policy', member({ scopes: ['notes:read'] }), write],
    ['a member, any scope under a policy that names none', member({ scopes: [] }), read],
    ['a member, one named by tool and not by scope', member({ tools: ['write_note'], scopes: ['notes:read'] }), write],
  ] as const)('exclude, for %s', ([, standing, tool]) => {
    expect(permitsTool(tool, standing, catalogue)).toBe(false);
  });
});

describe('the scopes that a person may grant, RFC 6749 §3.3', () => {
  test.for([
    [
      'a member: those of the tools that they may call, in the order of the catalogue',
      member(),
      ['notes:read', 'notes:write'],
    ],
    ['an admin: those of the tools for admins too', admin(), ['notes:read', 'notes:write', 'people:manage']],
    ['a member of a tenant with one tool: its scope', member({ tools: ['write_note'] }), ['notes:write']],
    ['a member of a tenant that may only read: that', member({ scopes: ['notes:read'] }), ['notes:read']],
    ['a member of a tenant that may do nothing: none', member({ tools: [] }), []],
  ] as const)('are, for %s', ([, standing, scopes]) => {
    expect(grantableScopes(tools, standing, catalogue)).toEqual(scopes);
  });

  test('are at first, for a client that asks what to ask for, those of any member', () => {
    expect(initialScopes(tools, catalogue)).toEqual(['notes:read', 'notes:write']);
  });
});
