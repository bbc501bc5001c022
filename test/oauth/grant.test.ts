import { describe, expect, test } from 'vitest';
import { hasNotEnded, isLive } from '#core/oauth/grant.ts';
import { startRatchet } from '#core/oauth/refresh-token.ts';
import type { Grant } from '#core/oauth/types.ts';

const now = 1_000;
const grant: Grant = {
  id: 'subject~grant',
  subject: 'subject',
  tenant: 'tenant',
  clientId: 'client',
  scopes: ['notes:read'],
  resource: 'https://mcp.example/mcp',
  createdAt: 0,
  expiresAt: now + 1,
  revokedAt: undefined,
  ratchet: startRatchet('subject~grant', { now: 0, network: '192.0.2.1' }).ratchet,
};
const person = { tenant: 'tenant' };

describe('a grant, RFC 6749 §1.3', () => {
  test('holds until it expires, for a person who may sign in', () => {
    expect(hasNotEnded(grant, now)).toBe(true);
    expect(isLive(grant, person, now)).toBe(true);
  });

  test.for([
    ['does not exist', undefined],
    ['expires now', { ...grant, expiresAt: now }],
    ['has expired', { ...grant, expiresAt: now - 1 }],
    ['was revoked', { ...grant, revokedAt: 900 }],
    ['was revoked at the beginning of time', { ...grant, revokedAt: 0 }],
  ] as const)('that %s does not hold', ([, ended]) => {
    expect(hasNotEnded(ended, now)).toBe(false);
    expect(isLive(ended, person, now)).toBe(false);
  });

  test.for([
    ['is gone', undefined],
    ['is disabled', { ...person, disabledAt: 900 }],
    ['was disabled at the beginning of time', { ...person, disabledAt: 0 }],
    ['has moved to another tenant', { tenant: 'other' }],
  ] as const)('gives no access once its person %s', ([, whose]) => {
    expect(isLive(grant, whose, now)).toBe(false);
    expect(hasNotEnded(grant, now)).toBe(true);
  });
});
