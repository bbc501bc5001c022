import { describe, expect, test } from 'vitest';
import {
  type AuthorizationParameters,
  authorizationRequest,
  codeRedirect,
  errorRedirect,
  requireRedirectUri,
} from '#core/oauth/authorization-request.ts';
import { OAuthError } from '#core/oauth/error.ts';
import { clientWith } from '../support/client.ts';

const cb = 'https://client.example/cb';

describe('where the answer goes, RFC 6749 §3.1.2.3 and OAuth 2.1 §4.1.1', () => {
  test.for([
    ['the one registered URI when the request names none', [cb], undefined, cb],
    ['the one registered URI when the request names it', [cb], cb, cb],
    ['the registered URI that the request names', [cb, 'https://client.example/other'], cb, cb],
    [
      'a loopback URI on the port of the request',
      ['http://127.0.0.1/cb'],
      'http://127.0.0.1:9/cb',
      'http://127.0.0.1:9/cb',
    ],
  ] as const)('is %s', ([, redirectUris, requested, expected]) => {
    expect(requireRedirectUri(clientWith({ redirectUris }), requested)).toBe(expected);
  });

  test.for([
    ['the request names none of two', [cb, 'https://client.example/other'], undefined],
    ['none is registered', [], undefined],
    ['the URI is not registered', [cb], 'https://client.example/other'],
    ['the URI is registered for another client', [], cb],
    ['the URI is registered and sends codes in the clear', ['http://client.example/cb'], 'http://client.example/cb'],
    ['the only registered URI sends codes in the clear', ['http://client.example/cb'], undefined],
  ] as const)('is nowhere when %s', ([, redirectUris, requested]) => {
    expect(() => requireRedirectUri(clientWith({ redirectUris }), requested)).toThrow(
      expect.objectContaining({ code: 'invalid_request', status: 400 }),
    );
  });
});

describe('the authorization request, RFC 6749 §4.1.1', () => {
  const mcpUrl = 'https://mcp.example/mcp';
  const catalogue = [
    { name: 'notes:read', implies: [] },
    { name: 'notes:write', implies: ['notes:read'] },
    { name: 'notes:admin', implies: [] },
  ];
  const byDefault = ['notes:read', 'notes:write'];
  /** The challenge of RFC 7636 Appendix B. */
  const code_challenge = 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM';
  const least = { response_type: 'code', code_challenge, code_challenge_method: 'S256', resources: [] };

  function judged(parameters: AuthorizationParameters) {
    return authorizationRequest(clientWith(), cb, parameters, { mcpUrl, catalogue, byDefault });
  }

  test('is what the client asked for, on this resource', () => {
    expect(judged({ ...least, state: 'xyz', scope: 'notes:read', resources: [`${mcpUrl}/`] })).toEqual({
      clientId: 'client',
      redirectUri: cb,
      state: 'xyz',
      scopes: ['notes:read'],
      resource: mcpUrl,
      codeChallenge: code_challenge,
    });
  });

  test('is for what needs no role, and for this resource, when it names neither', () => {
    expect(judged(least)).toMatchObject({ state: undefined, scopes: ['notes:read', 'notes:write'], resource: mcpUrl });
  });

  test('has a state of up to 4,096 characters, which is kept until the answer', () => {
    const state = 'x'.repeat(4_096);
    expect(judged({ ...least, state }).state).toBe(state);
    expect(() => judged({ ...least, state: `${state}x` })).toThrow(
      expect.objectContaining({ code: 'invalid_request' }),
    );
  });

  test('may ask for the answer in the query, where it goes anyway', () => {
    expect(judged({ ...least, response_mode: 'query' })).toEqual(judged(least));
  });

  test.for<[string, AuthorizationParameters, string]>([
    ['a request object', { ...least, request: 'e30.e30.' }, 'request_not_supported'],
    ['the address of a request object', { ...least, request_uri: 'urn:example:1' }, 'request_uri_not_supported'],
    ['no response type', { code_challenge, code_challenge_method: 'S256', resources: [] }, 'invalid_request'],
    ['a token straight away', { ...least, response_type: 'token' }, 'unsupported_response_type'],
    ['a token beside the code', { ...least, response_type: 'code token' }, 'unsupported_response_type'],
    ['the answer in the fragment', { ...least, response_mode: 'fragment' }, 'invalid_request'],
    ['the answer as a form', { ...least, response_mode: 'form_post' }, 'invalid_request'],
    ['no code challenge', { response_type: 'code', resources: [] }, 'invalid_request'],
    ['a plain code challenge', { ...least, code_challenge_method: 'plain' }, 'invalid_request'],
    ['another resource', { ...least, resources: ['https://other.example/mcp'] }, 'invalid_target'],
    ['more scope than any honest client', { ...least, scope: 'a'.repeat(1_001) }, 'invalid_scope'],
  ])('is refused with %s', ([, parameters, code]) => {
    expect(() => judged(parameters)).toThrow(expect.objectContaining({ code, status: 400 }));
  });
});

describe('the answer to the client, RFC 6749 §4.1.2', () => {
  const redirectUri = cb;
  const issuer = 'https://honest.as.example';

  test('carries the code as RFC 9207 §2.1 shows it', () => {
    const state = 'ZWVlNDBlYzA1NjdkMDNhYjg3ZjUxZjAyNGQzMTM2NzI';
    expect(codeRedirect({ redirectUri, state, issuer }, 'x1848ZT64p4IirMPT0R-X3141MFPTuBX-VFL_cvaplMH58')).toBe(
      'https://client.example/cb?code=x1848ZT64p4IirMPT0R-X3141MFPTuBX-VFL_cvaplMH58' +
        '&state=ZWVlNDBlYzA1NjdkMDNhYjg3ZjUxZjAyNGQzMTM2NzI&iss=https%3A%2F%2Fhonest.as.example',
    );
  });

  test('carries a refusal as RFC 9207 §2.2 shows it, and says why', () => {
    const state = 'N2JjNGJhY2JiZjRhYzA3MGJkMzNmMDE5OWJhZmJhZjA';
    const denied = new OAuthError('access_denied', 'The person said no');
    expect(errorRedirect({ redirectUri, state, issuer }, denied)).toBe(
      'https://client.example/cb?error=access_denied&error_description=The+person+said+no' +
        '&state=N2JjNGJhY2JiZjRhYzA3MGJkMzNmMDE5OWJhZmJhZjA&iss=https%3A%2F%2Fhonest.as.example',
    );
  });

  test('has no state when the request had none', () => {
    const address = { redirectUri, state: undefined, issuer };
    expect(codeRedirect(address, 'code')).toBe(`${cb}?code=code&iss=https%3A%2F%2Fhonest.as.example`);
    expect(new URL(errorRedirect(address, new OAuthError('server_error', ''))).searchParams.has('state')).toBe(false);
  });
});
