import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { newId, randomSecret } from '#core/oauth/digest.ts';
import {
  additionChallenge,
  creationOptions,
  judgeAuthenticator,
  judgeClientData,
  looksCloned,
  newHandle,
  readAuthenticatorData,
  signInChallenge,
  siteOf,
  subjectOfHandle,
} from '#core/oauth/passkey.ts';

const site = { rpId: 'mcp.example.com', origin: 'https://mcp.example.com' };

describe('the site that passkeys are bound to, WebAuthn Level 3 §4', () => {
  test.for([
    ['https://mcp.example.com', { rpId: 'mcp.example.com', origin: 'https://mcp.example.com' }],
    ['http://localhost:3000', { rpId: 'localhost', origin: 'http://localhost:3000' }],
    [
      'https://abc.execute-api.eu-central-1.amazonaws.com',
      {
        rpId: 'abc.execute-api.eu-central-1.amazonaws.com',
        origin: 'https://abc.execute-api.eu-central-1.amazonaws.com',
      },
    ],
  ] as const)('of %s is its whole host', ([issuer, expected]) => {
    expect(siteOf(issuer)).toEqual(expected);
  });

  test.for(['http://127.0.0.1:3000', 'http://[::1]:3000', 'https://192.0.2.1'])('of %s does not exist', (issuer) => {
    expect(siteOf(issuer)).toBeUndefined();
  });
});

describe('a challenge, WebAuthn Level 3 §13.4.3', () => {
  const secret = randomSecret();
  const holder = { handle: newHandle(newId(), secret, 0), changes: 0 };

  test('has as many bits as a secret, and differs by window, use, session, person and change', () => {
    const challenges = [
      signInChallenge(secret, 0),
      signInChallenge(secret, 1),
      signInChallenge(randomSecret(), 0),
      additionChallenge(secret, holder),
      additionChallenge(secret, { ...holder, changes: 1 }),
      additionChallenge(secret, { ...holder, handle: newHandle(newId(), secret, 0) }),
      additionChallenge(randomSecret(), holder),
    ];
    expect(new Set(challenges).size).toBe(challenges.length);
    for (const challenge of challenges) expect(Buffer.from(challenge, 'base64url').length).toBe(32);
  });
});

describe('a user handle, WebAuthn Level 3 §14.6.1', () => {
  test('finds its person, is new in each session, and is no longer than 64 bytes', () => {
    const subject = newId();
    const handles = [1, 2].map(() => newHandle(subject, randomSecret(), 0));
    expect(handles.map(subjectOfHandle)).toEqual([subject, subject]);
    expect(new Set(handles).size).toBe(2);
    for (const handle of handles) expect(Buffer.byteLength(handle)).toBeLessThanOrEqual(64);
  });

  test.for(['', 'nobody', `${'a'.repeat(22)}`, `${'a'.repeat(22)}.short`, `GRANT#x.${'a'.repeat(22)}`])(
    'that we did not make finds nobody: %j',
    (handle) => {
      expect(subjectOfHandle(handle)).toBeUndefined();
    },
  );
});

describe('what a browser says of a ceremony, WebAuthn Level 3 §7.1 and §7.2', () => {
  const expected = { ...site, type: 'webauthn.get', challenge: 'the-challenge' } as const;
  const honest = { type: 'webauthn.get', origin: site.origin, challenge: 'the-challenge', crossOrigin: false };

  test.for([
    ['all is right', honest, undefined],
    ['it says nothing of frames', { ...honest, crossOrigin: undefined }, undefined],
    ['it has members that we do not know', { ...honest, other_keys: 'may be there' }, undefined],
    ['it is of the other ceremony', { ...honest, type: 'webauthn.create' }, 'malformed'],
    ['it has no type', { ...honest, type: undefined }, 'malformed'],
    ['it is of another site', { ...honest, origin: 'https://evil.example' }, 'origin'],
    ['it is of a name below', { ...honest, origin: 'https://a.mcp.example.com' }, 'origin'],
    ['it is of another port', { ...honest, origin: 'https://mcp.example.com:444' }, 'origin'],
    ['it is without encryption', { ...honest, origin: 'http://mcp.example.com' }, 'origin'],
    ['it is in a frame of another site', { ...honest, crossOrigin: true }, 'cross-origin'],
    ['it names what is above it', { ...honest, topOrigin: site.origin }, 'cross-origin'],
    ['its challenge is another', { ...honest, challenge: 'the-challengE' }, 'challenge'],
    ['it has no challenge', { ...honest, challenge: undefined }, 'challenge'],
  ] as const)('when %s', ([, data, refusal]) => {
    expect(judgeClientData(JSON.stringify(data), expected)).toBe(refusal);
  });

  test.for(['', 'no JSON', 'null', '1', '[]', '"text"'])('is malformed: %j', (text) => {
    expect(judgeClientData(text, expected)).toBe('malformed');
  });
});

describe('what an authenticator says, WebAuthn Level 3 §6.1', () => {
  const data = (flags: number, rpId = site.rpId) => {
    const rest = Buffer.from([flags, 0, 0, 1, 2]);
    return readAuthenticatorData(Buffer.concat([createHash('sha256').update(rpId).digest(), rest]), site);
  };
  const [single, synced] = [{ isBackupEligible: false }, { isBackupEligible: true }];

  test.for([
    ['present and verified', 0x05, undefined, undefined],
    ['present and verified, with a copy', 0x1d, synced, undefined],
    ['present and verified, not copied yet', 0x0d, synced, undefined],
    ['present alone', 0x01, undefined, 'user-verification'],
    ['verified alone', 0x04, undefined, 'user-verification'],
    ['nothing', 0x00, undefined, 'user-verification'],
    ['a copy that there could not be', 0x15, undefined, 'backup'],
    ['that it may be copied now', 0x0d, single, 'backup'],
    ['that it may be copied no more', 0x05, synced, 'backup'],
  ] as const)('%s', ([, flags, known, refusal]) => {
    expect(judgeAuthenticator(data(flags), known)).toBe(refusal);
  });

  test('of another site is refused', () => {
    expect(judgeAuthenticator(data(0x05, 'example.com'))).toBe('site');
  });

  test('is refused when it is too short', () => {
    expect(judgeAuthenticator(readAuthenticatorData(Buffer.alloc(36), site))).toBe('malformed');
  });

  test('counts in four bytes', () => {
    expect(data(0x05)?.counter).toBe(0x0102);
  });
});

describe('the counter of a passkey, WebAuthn Level 3 §6.1.1', () => {
  test.for([
    [0, 0, false],
    [0, 1, false],
    [1, 2, false],
    [4_294_967_294, 4_294_967_295, false],
    [1, 1, true],
    [2, 1, true],
    [1, 0, true],
  ] as const)('that was %i and is %i', ([stored, shown, isCloned]) => {
    expect(looksCloned(stored, shown)).toBe(isCloned);
  });
});

test('what a browser is asked for has algorithms that any authenticator has, and none that is not checked here', () => {
  const options = { site, challenge: 'c', handle: 'h', address: 'ada@example.com', siteName: 'Example', existing: [] };
  expect(creationOptions(options)).toMatchObject({
    rp: { id: site.rpId, name: 'Example' },
    user: { id: 'aA' },
    pubKeyCredParams: [{ alg: -8 }, { alg: -7 }, { alg: -257 }],
  });
});
