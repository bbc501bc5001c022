import { describe, expect, test } from 'vitest';
import { cacheSeconds, isClientUrl, requireClientUrl } from '#core/oauth/client-url.ts';

const isEncrypted = ({ protocol }: URL) => protocol === 'https:';

describe('the URL of a metadata document, Client ID Metadata Document §3', () => {
  test.for([
    'https://claude.ai/oauth/mcp-oauth-client-metadata',
    'https://client.example:8443/a/b.json',
    'https://client.example/a?b=c',
  ])('may be %s', (id) => {
    expect(isClientUrl(id)).toBe(true);
    expect(requireClientUrl(id, isEncrypted).href).toBe(id);
  });

  test.for([
    'http://client.example/metadata.json',
    'https://client.example',
    'https://client.example/',
    'https://client.example/metadata.json#part',
    'https://client.example/metadata.json#',
    'https://user@client.example/metadata.json',
    'https://client.example/a/../metadata.json',
    'https://client.example/a/%2e%2e/metadata.json',
    'https://client.example/./metadata.json',
    'https://client.example/a/..',
    'https://client.example/%2E?b=c',
    'https://:password@client.example/metadata.json',
    'client.example/metadata.json',
    'https://CLIENT.example/metadata.json',
    'https://client.example:443/metadata.json',
    'https://client.example/meta data.json',
  ])('may not be %s', (id) => {
    expect(() => requireClientUrl(id, isEncrypted)).toThrow(expect.objectContaining({ code: 'invalid_client' }));
  });

  test('has at most 1,000 characters', () => {
    const longest = 'https://client.example/'.padEnd(1_000, 'a');
    expect(requireClientUrl(longest, isEncrypted).href).toBe(longest);
    expect(() => requireClientUrl(`${longest}a`, isEncrypted)).toThrow(
      expect.objectContaining({ code: 'invalid_client' }),
    );
  });

  test('is recognised in capitals too, and then refused', () => {
    expect(isClientUrl('HTTPS://client.example/metadata.json')).toBe(true);
    expect(() => requireClientUrl('HTTPS://client.example/metadata.json', isEncrypted)).toThrow();
  });

  test('is told from the ids that are made here', () => {
    expect(isClientUrl('35ecab41-c647-408b-a03a-93b9762ff57c')).toBe(false);
    expect(isClientUrl('client-of-https://client.example/metadata.json')).toBe(false);
  });
});

describe('how long a document may be used, RFC 9111 §5.2.2', () => {
  test.for([
    [undefined, 3_600],
    ['public, max-age=300', 300],
    ['max-age=0', 60],
    ['no-store', 60],
    ['No-Store', 60],
    ['Max-Age=300', 300],
    ['max-age="300"', 300],
    ['no-cache, max-age=600', 60],
    ['max-age=99999999', 86_400],
    ['s-maxage=9999, max-age=120', 120],
    ['max-age=soon', 3_600],
  ] as const)('%s gives %s seconds', ([header, seconds]) => {
    expect(cacheSeconds(header)).toBe(seconds);
  });
});
