import { describe, expect, test } from 'vitest';
import { sha256 } from '#core/oauth/digest.ts';
import { isFreshSignIn, isSentTwice, isSignedInBy, judgeCode, lossOf, standingOf } from '#core/oauth/sign-in.ts';

const open = { browserHash: 'browser', expiresAt: 1_900, ttl: 5_500, triesLeft: 5 };
const person = { subject: 'subject', tenant: 'tenant' };

describe('how a sign-in stands', () => {
  test.for([
    ['begun a moment ago', open, 1_000, 'open'],
    ['about to expire', open, 1_899, 'open'],
    ['too old', open, 1_900, 'expired'],
    ['too old, whoever signed in', { ...open, principal: person, decision: { approved: true } }, 1_900, 'expired'],
    ['signed in', { ...open, principal: person }, 1_000, 'signed-in'],
    ['answered', { ...open, principal: person, decision: { approved: false } }, 1_000, 'decided'],
    ['of another browser', { ...open, browserHash: 'other' }, 1_000, 'foreign'],
    ['of another browser and too old', { ...open, browserHash: 'other' }, 9_000, 'foreign'],
    ['from before its end was written down', { ...open, expiresAt: undefined, ttl: 1_900 }, 1_899, 'open'],
    ['from before that, and too old', { ...open, expiresAt: undefined, ttl: 1_900 }, 1_900, 'expired'],
  ] as const)('that is %s', ([, signIn, now, standing]) => {
    expect(standingOf(signIn as never, 'browser', now)).toBe(standing);
  });
});

describe('why a window has no cookie', () => {
  const lost = {
    signIn: { expiresAt: 1_900, ttl: 5_500, formHash: sha256('token') },
    formToken: 'token',
    begunAt: 1_000,
    newerWindows: 0,
    now: 1_100,
  };
  test.for([
    ['five newer windows pushed it out', { newerWindows: 5 }, 'pushed-out'],
    ['four newer windows did not', { newerWindows: 4 }, 'elsewhere'],
    ['another browser began', {}, 'elsewhere'],
    ['it took too long', { now: 1_900 }, 'expired'],
    ['it took too long, and newer windows came', { now: 1_900, newerWindows: 5 }, 'expired'],
    ['nothing is known of it', { signIn: undefined, newerWindows: 5 }, 'unknown'],
    ['nothing is known of it any more', { signIn: undefined, now: 9_000 }, 'expired'],
    ['nothing is known of it from the moment it is too old', { signIn: undefined, now: 1_900 }, 'expired'],
    ['the form is not ours', { formToken: 'other', newerWindows: 5 }, 'unknown'],
    ['the form says nothing', { formToken: '', newerWindows: 5 }, 'unknown'],
    ['it is from before forms were known', { signIn: { ttl: 5_500 }, newerWindows: 5 }, 'unknown'],
  ] as const)('when %s', ([, change, loss]) => {
    expect(lossOf({ ...lost, ...change })).toBe(loss);
  });
});

describe('a form for a mail that is sent twice', () => {
  const mailed = { ...open, address: 'a@example.com', mails: 1, mailedAt: 1_000 };
  const again = { address: 'a@example.com', mailsBefore: undefined };
  test.for([
    ['the same address at once', mailed, again, 1_000, true],
    ['the same address within seconds', mailed, again, 1_010, true],
    ['the same address later', mailed, again, 1_011, false],
    ['another address at once', mailed, { ...again, address: 'b@example.com' }, 1_000, false],
    ['before any mail', { ...open, mails: 0 }, again, 1_000, false],
    ['after a mail that failed', { ...mailed, mailedAt: undefined }, again, 1_000, false],
    ['from the page that this mail led to', mailed, { ...again, mailsBefore: 1 }, 1_000, false],
    ['from a page of before', { ...mailed, mails: 2 }, { ...again, mailsBefore: 1 }, 1_005, true],
    ['from a page of before, later', { ...mailed, mails: 2 }, { ...again, mailsBefore: 1 }, 1_011, false],
  ] as const)('%s', ([, signIn, asked, now, isTwice]) => {
    expect(isSentTwice(signIn as never, asked, now)).toBe(isTwice);
  });
});

describe('what a typed code is', () => {
  const mailed = { ...open, codeHash: 'newest', earlierHashes: ['second', 'first'] };
  test.for([
    ['the newest, with a try', mailed, 'newest', true, 'right'],
    ['another, with a try', { ...mailed, triesLeft: 0 }, 'other', true, 'wrong'],
    ['an earlier one', mailed, 'first', false, 'earlier'],
    [
      'an earlier one that was typed before as the newest',
      { ...mailed, lastTried: 'first' },
      'first',
      false,
      'earlier',
    ],
    ['an earlier one when no try is left', { ...mailed, triesLeft: 0 }, 'first', false, 'tries-used-up'],
    ['the newest, whose form came twice', { ...mailed, lastTried: 'newest' }, 'newest', false, 'right'],
    ['a wrong one, whose form came twice', { ...mailed, lastTried: 'other' }, 'other', false, 'wrong'],
    ['the last wrong one, once more', { ...mailed, lastTried: 'other', triesLeft: 0 }, 'other', false, 'wrong'],
    [
      'the newest, when no try is left',
      { ...mailed, lastTried: 'other', triesLeft: 0 },
      'newest',
      false,
      'tries-used-up',
    ],
    ['any, when somebody signed in', { ...mailed, principal: person }, 'newest', false, 'signed-in'],
    ['any, when none was mailed', open, 'newest', false, 'not-mailed'],
  ] as const)('%s', ([, signIn, typed, hasTry, verdict]) => {
    expect(judgeCode(signIn as never, typed, hasTry)).toBe(verdict);
  });

  test.for([
    ['the same code at once', 'newest', 1_000, true],
    ['the same code within seconds', 'newest', 1_010, true],
    ['the same code later', 'newest', 1_011, false],
    ['another code at once', 'other', 1_000, false],
    ['nothing', '', 1_000, false],
  ] as const)('after the sign-in: %s', ([, typed, now, isSame]) => {
    expect(isSignedInBy({ ...mailed, principal: person, signedInAt: 1_000 }, typed, now)).toBe(isSame);
    expect(isSignedInBy({ ...mailed, principal: person }, typed, now)).toBe(false);
  });
});

describe('a sign-in that is young enough for what can’t be undone', () => {
  test.for([
    [0, true],
    [599, true],
    [600, false],
    [86_400, false],
  ] as const)('%i seconds ago', ([seconds, isFresh]) => {
    expect(isFreshSignIn(1_000_000 - seconds, 1_000_000)).toBe(isFresh);
  });
});
