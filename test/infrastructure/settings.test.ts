import { describe, expect, test } from 'vitest';
import { defineSettings } from '../../lib/settings.ts';

const sender = 'sign-in@example.com';

describe('settings', () => {
  test('need nothing but a sender', () => {
    expect(defineSettings({ sender })).toMatchObject({ name: 'Vestibule', signingKeys: { current: 'first' } });
  });

  test.for<[string, object, string]>([
    ['no sender', {}, 'sender: '],
    ['a sender that is no address', { sender: 'x' }, 'sender: Invalid email address'],
    ['an unknown key', { sender, colour: 'red' }, 'colour: there is no such key; there are name, sender'],
    [
      'an unknown window',
      { sender, limits: { callsPerGrant: { week: 1 } } },
      'limits.callsPerGrant.week: there is no such key; there are minute, quarterHour, hour, day',
    ],
    [
      'a limit of nothing',
      { sender, limits: { callsPerGrant: { minute: 0 } } },
      'limits.callsPerGrant.minute: Too small: expected number to be >0',
    ],
    [
      'an origin with a path',
      { sender, allowedOrigins: ['https://claude.ai/'] },
      'allowedOrigins.0: must be an origin',
    ],
    [
      'one key in two places',
      { sender, signingKeys: { current: 'a', next: 'a' } },
      'signingKeys: must name different keys',
    ],
    [
      'a retention that logs cannot have',
      { sender, logRetentionDays: 2 },
      'logRetentionDays: Invalid option: expected one of 1|3|5',
    ],
  ])('with %s are refused by the name of the key and what it allows', ([, settings, message]) => {
    expect(() => defineSettings(settings as never)).toThrow(`\n  ${message}`);
  });
});
