import { describe, expect, test } from 'vitest';
import { parseClientMetadata, parseMetadataDocument } from '#core/oauth/client-metadata.ts';

const redirect_uris = ['https://client.example/cb'];

test('takes no more redirect URIs than may be read with each request', () => {
  const long = `https://client.example/${'x'.repeat(1_900)}`;
  const many = (count: number) => ({ redirect_uris: Array.from({ length: count }, (_, at) => `${long}${at}`) });
  expect(parseClientMetadata(many(4)).redirectUris.length).toBe(4);
  expect(() => parseClientMetadata(many(5))).toThrow(expect.objectContaining({ code: 'invalid_redirect_uri' }));
});

describe('client metadata, RFC 7591 §2', () => {
  test('fills in the defaults', () => {
    expect(parseClientMetadata({ redirect_uris })).toEqual({
      redirectUris: redirect_uris,
      authMethods: ['client_secret_basic', 'client_secret_post'],
      jwks: undefined,
      jwksUri: undefined,
      grantTypes: ['authorization_code', 'refresh_token'],
      name: undefined,
      uri: undefined,
    });
  });

  test('treats null as left out, and passes over members it does not know', () => {
    const metadata = { redirect_uris, client_name: null, client_uri: null, software_id: 'x', jwks: { keys: [] } };
    expect(parseClientMetadata(metadata)).toMatchObject({ name: undefined, uri: undefined });
  });

  test('keeps what the client says of itself, and of its keys only what makes them public', () => {
    const key = { kty: 'EC', crv: 'P-256', x: 'x', y: 'y', kid: 'one' };
    const metadata = {
      redirect_uris,
      token_endpoint_auth_method: 'private_key_jwt',
      jwks: { keys: [{ ...key, d: 'private' }] },
      client_name: 'Client',
      client_uri: 'https://client.example',
    };
    expect(parseClientMetadata(metadata)).toMatchObject({
      name: 'Client',
      uri: 'https://client.example',
      authMethods: ['private_key_jwt'],
      jwks: { keys: [key] },
      jwksUri: undefined,
    });
  });

  test('keeps the address of its keys', () => {
    const jwks_uri = 'https://client.example/jwks.json';
    const metadata = { redirect_uris, token_endpoint_auth_method: 'private_key_jwt', jwks_uri };
    expect(parseClientMetadata(metadata)).toMatchObject({ jwks: undefined, jwksUri: jwks_uri });
  });

  test.for([
    ['client_secret_basic', ['client_secret_basic', 'client_secret_post']],
    ['client_secret_post', ['client_secret_post', 'client_secret_basic']],
    ['none', ['none']],
  ] as const)('lets a client that registers %s use %j', ([token_endpoint_auth_method, methods]) => {
    expect(parseClientMetadata({ redirect_uris, token_endpoint_auth_method }).authMethods).toEqual(methods);
  });

  test('takes 20 redirect URIs and a name of 200 characters', () => {
    const metadata = {
      redirect_uris: Array.from({ length: 20 }, () => redirect_uris[0]),
      client_name: 'x'.repeat(200),
    };
    expect(parseClientMetadata(metadata)).toMatchObject({ name: metadata.client_name });
  });

  test.for([`https://client.example/${'x'.repeat(2_000)}`, 'https://client.example/\ud800'])(
    'refuses a redirect URI that cannot be one: %.40s',
    (redirectUri) => {
      expect(() => parseClientMetadata({ redirect_uris: [...redirect_uris, redirectUri] })).toThrow(
        expect.objectContaining({ code: 'invalid_redirect_uri', status: 400 }),
      );
    },
  );

  test.for([
    [null, 'The metadata must be a JSON object'],
    ['text', 'The metadata must be a JSON object'],
    [{ redirect_uris, grant_types: 'authorization_code' }, 'grant_types is not valid'],
    [{ redirect_uris, jwks_uri: 'jwks.json' }, 'jwks_uri is not valid'],
    [{ redirect_uris: [] }, 'redirect_uris must be 1 to 20'],
    [{ redirect_uris, token_endpoint_auth_method: 'private_key_jwt' }, 'jwks or jwks_uri is required'],
    [
      { redirect_uris, grant_types: ['refresh_token'] },
      'Only the authorization_code grant with response type code is served',
    ],
  ] as const)('says of %j what is wrong', ([metadata, message]) => {
    expect(() => parseClientMetadata(metadata)).toThrow(message);
  });

  const empty: [string, unknown][] = [
    ['null', null],
    ['empty text', ''],
    ['blank text', ' \t'],
    ['an empty list', []],
    ['a list of nothing', ['', null]],
    ['an empty object', {}],
  ];
  const members = [
    ...['token_endpoint_auth_method', 'token_endpoint_auth_methods_supported', 'grant_types', 'response_types'],
    ...['jwks', 'jwks_uri', 'scope', 'contacts', 'software_id', 'software_version', 'software_statement'],
    ...['client_name', 'client_uri', 'logo_uri', 'tos_uri', 'policy_uri', 'client_name#ja', 'application_type'],
  ];
  test.for(empty)('takes %s for what is left out, in every member but the redirect URIs', ([, nothing]) => {
    const plain = parseClientMetadata({ redirect_uris });
    for (const member of members)
      expect(parseClientMetadata({ redirect_uris, [member]: nothing }), member).toEqual(plain);
    const all = Object.fromEntries(members.map((member) => [member, nothing]));
    expect(parseClientMetadata({ redirect_uris, ...all })).toEqual(plain);
    expect(() => parseClientMetadata({ redirect_uris: nothing })).toThrow(
      expect.objectContaining({ code: 'invalid_redirect_uri' }),
    );
  });

  test('takes nothing from empty entries among others', () => {
    const sent = {
      redirect_uris: ['', ...redirect_uris, null],
      grant_types: ['', 'authorization_code', null],
      token_endpoint_auth_method: 'private_key_jwt',
      jwks: { keys: [{ kty: 'EC', crv: 'P-256', x: 'x', y: 'y', kid: null, use: '' }] },
    };
    expect(parseClientMetadata(sent)).toMatchObject({
      redirectUris: redirect_uris,
      grantTypes: ['authorization_code'],
      jwks: { keys: [{ kty: 'EC', crv: 'P-256', x: 'x', y: 'y' }] },
    });
  });

  const unusable: [string, unknown][] = [
    ['a script', 'javascript:alert(1)'],
    ['a script in odd letters', 'JaVaScRiPt:alert(1)//https://a.example'],
    ['a script behind a line break', 'java\nscript:alert(1)'],
    ['data', 'data:text/html,<script>alert(1)</script>'],
    ['no address', 'nonsense'],
    ['half an address', 'https://'],
    ['a relative address', '/logo.png'],
    ['an address of a file', 'file:///etc/passwd'],
    ['an address with a line break', 'https://a.example/\nx'],
    ['an address that turns the text around', 'https://a.example/\u202ex'],
    ['too much', `https://a.example/${'x'.repeat(60_000)}`],
    ['a number', 7],
    ['a truth', true],
    ['a list', ['https://a.example/']],
    ['an object', { en: 'https://a.example/' }],
    ['half a letter', 'https://a.example/\ud800'],
  ];
  test.for(unusable)('leaves out what is only shown and is %s', ([, junk]) => {
    const plain = parseClientMetadata({ redirect_uris });
    const shown = ['client_uri', 'logo_uri', 'tos_uri', 'policy_uri', 'contacts', 'software_id', 'software_version'];
    for (const member of [...shown, 'logo_uri#de', 'scope', 'application_type', 'x'])
      expect(parseClientMetadata({ redirect_uris, [member]: junk }), member).toEqual(plain);
  });

  test.for([[7], [{ first: 'A' }], [['Claude']], ['Clau\u202ede'], ['Claude\u0000'], ['x'.repeat(201)], ['\ud800']])(
    'leaves out a name that cannot be shown: %j',
    ([client_name]) => {
      expect(parseClientMetadata({ redirect_uris, client_name }).name).toBeUndefined();
    },
  );

  test('keeps what can be shown', () => {
    const sent = { redirect_uris, client_name: ' نمی\u200cخواهم ', client_uri: 'https://client.example/ü' };
    expect(parseClientMetadata(sent)).toMatchObject({ name: 'نمی\u200cخواهم', uri: 'https://client.example/ü' });
  });

  test('drops the grants that are not served here', () => {
    const grant_types = ['authorization_code', 'urn:ietf:params:oauth:grant-type:device_code', 'refresh_token'];
    expect(parseClientMetadata({ redirect_uris, grant_types }).grantTypes).toEqual([
      'authorization_code',
      'refresh_token',
    ]);
  });

  test('keeps all redirect URIs when one of them can be used', () => {
    const mixed = ['http://remote.example/cb', ...redirect_uris];
    expect(parseClientMetadata({ redirect_uris: mixed }).redirectUris).toEqual(mixed);
  });

  test.for([
    [{}],
    [{ redirect_uris: [] }],
    [{ redirect_uris: 'https://client.example/cb' }],
    [{ redirect_uris: [123] }],
    [{ redirect_uris: ['http://remote.example/cb'] }],
    [{ redirect_uris: ['https://client.example/cb#fragment'] }],
    [{ redirect_uris: Array.from({ length: 21 }, () => redirect_uris[0]) }],
    [{ redirect_uris: [`https://client.example/${'a'.repeat(8_000)}`] }],
  ])('refuses the redirect URIs of %j', ([metadata]) => {
    expect(() => parseClientMetadata(metadata)).toThrow(expect.objectContaining({ code: 'invalid_redirect_uri' }));
  });

  test.for([
    [null],
    ['text'],
    [[]],
    [{ redirect_uris, token_endpoint_auth_method: 'private_key_jwt' }],
    [{ redirect_uris, token_endpoint_auth_method: 'private_key_jwt', jwks: { keys: [] } }],
    [{ redirect_uris, token_endpoint_auth_method: 'client_secret_jwt' }],
    [{ redirect_uris, token_endpoint_auth_method: 'tls_client_auth' }],
    [{ redirect_uris, grant_types: ['refresh_token'] }],
    [{ redirect_uris, response_types: ['token'] }],
    [{ redirect_uris, token_endpoint_auth_method: 'private_key_jwt', jwks_uri: 'xhttps://client.example/jwks.json' }],
    [{ redirect_uris, token_endpoint_auth_method: 'private_key_jwt', jwks_uri: 'httpsx://client.example/jwks.json' }],
    [{ redirect_uris, token_endpoint_auth_method: ['none'] }],
    [{ redirect_uris, token_endpoint_auth_method: 'private_key_jwt', jwks_uri: 'javascript:alert(1)' }],
    [{ redirect_uris, jwks_uri: `https://client.example/${'x'.repeat(2_000)}` }],
    [{ redirect_uris, jwks: 'keys' }],
    [{ redirect_uris, jwks: { keys: [{ kty: 'EC', x: '\ud800' }] } }],
    [{ redirect_uris, jwks: { keys: Array.from({ length: 11 }, () => ({ kty: 'EC' })) } }],
    [{ redirect_uris, jwks: { keys: [{ kty: 'EC', x: 'A'.repeat(89) }] } }],
    [{ redirect_uris, jwks: { keys: [{ kty: 'RSA', n: 'A'.repeat(1_367) }] } }],
    [{ redirect_uris, jwks: { keys: [{ kty: 'RSA', kid: 'A'.repeat(201) }] } }],
    [{ redirect_uris, grant_types: 'authorization_code' }],
    [{ redirect_uris, grant_types: Array.from({ length: 21 }, () => 'authorization_code') }],
    [{ redirect_uris, grant_types: ['authorization_code', 7] }],
  ])('refuses %j', ([metadata]) => {
    expect(() => parseClientMetadata(metadata)).toThrow(
      expect.objectContaining({ code: 'invalid_client_metadata', status: 400 }),
    );
  });
});

describe('metadata documents, Client ID Metadata Document §4', () => {
  const client_id = 'https://client.example/metadata.json';
  const jwks_uri = 'https://client.example/jwks.json';

  test.for([
    ['a public client', {}, ['none']],
    [
      'a client that offers to sign or to show nothing',
      {
        token_endpoint_auth_method: 'private_key_jwt',
        token_endpoint_auth_methods_supported: ['none', 'private_key_jwt'],
        jwks_uri,
      },
      ['none', 'private_key_jwt'],
    ],
    [
      'a client that offers to sign and has no keys yet',
      { token_endpoint_auth_methods_supported: ['private_key_jwt'] },
      ['none', 'private_key_jwt'],
    ],
    ['a client that only signs', { token_endpoint_auth_method: 'private_key_jwt', jwks_uri }, ['private_key_jwt']],
  ] as const)('describe %s', ([, members, authMethods]) => {
    expect(parseMetadataDocument({ client_id, redirect_uris, ...members }, client_id).authMethods).toEqual(authMethods);
  });

  test('are read like a registration: empty is left out, and what cannot be shown too', () => {
    const junk = {
      client_name: 'Cla\u200bude',
      client_uri: '',
      logo_uri: 'javascript:alert(1)',
      contacts: [null],
      token_endpoint_auth_method: null,
      token_endpoint_auth_methods_supported: [],
      jwks: {},
      scope: '',
    };
    const plain = parseMetadataDocument({ client_id, redirect_uris }, client_id);
    expect(parseMetadataDocument({ client_id, redirect_uris, ...junk }, client_id)).toEqual(plain);
  });

  test('keep the address of a logo, which a registration does not', () => {
    const logo_uri = 'https://cdn.client.example/logo.png';
    expect(parseMetadataDocument({ client_id, redirect_uris, logo_uri }, client_id).logoUri).toBe(logo_uri);
    expect(parseClientMetadata({ redirect_uris, logo_uri })).toEqual(parseClientMetadata({ redirect_uris }));
  });

  test.for([
    ['of another URL', { client_id: `${client_id}/` }],
    ['of the same URL in another form', { client_id: 'https://CLIENT.example/metadata.json' }],
    ['without its URL', { client_id: undefined }],
    ['with a secret for everybody to read', { token_endpoint_auth_method: 'client_secret_basic' }],
    [
      'with a secret for everybody to read, beside keys',
      { token_endpoint_auth_method: 'client_secret_basic', jwks_uri },
    ],
    ['without keys to check a signature by', { token_endpoint_auth_method: 'private_key_jwt' }],
  ])('are refused %s', ([, members]) => {
    const document = { client_id, redirect_uris, ...(members as object) };
    expect(() => parseMetadataDocument(document, client_id)).toThrow(
      expect.objectContaining({ code: 'invalid_client_metadata', status: 400 }),
    );
  });

  test('are refused without a redirect URI', () => {
    expect(() => parseMetadataDocument({ client_id, redirect_uris: [] }, client_id)).toThrow(
      expect.objectContaining({ code: 'invalid_redirect_uri', status: 400 }),
    );
  });
});
