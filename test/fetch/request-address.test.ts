import { describe, expect, test } from 'vitest';
import { requestAddress } from '../../tools/upstream/request-address.ts';

const base = 'https://api.example/v1/';

describe('a value in a path', () => {
  test.for([
    ['5', '/v1/pets/5/toys'],
    ['a b', '/v1/pets/a%20b/toys'],
    ['a/b', '/v1/pets/a%2Fb/toys'],
    ['a\\b', '/v1/pets/a%5Cb/toys'],
    ['?x=1#y', '/v1/pets/%3Fx%3D1%23y/toys'],
    ['%2e%2e', '/v1/pets/%252e%252e/toys'],
    ['%2F', '/v1/pets/%252F/toys'],
    ['...', '/v1/pets/.../toys'],
    ['//evil.example', '/v1/pets/%2F%2Fevil.example/toys'],
    ['@evil.example:80', '/v1/pets/%40evil.example%3A80/toys'],
    ['\n\t\0', '/v1/pets/%0A%09%00/toys'],
    ['€🙂', '/v1/pets/%E2%82%AC%F0%9F%99%82/toys'],
    [[1, 'a,b'], '/v1/pets/1,a%2Cb/toys'],
    ['{id}', '/v1/pets/%7Bid%7D/toys'],
    ['$&', '/v1/pets/%24%26/toys'],
  ] as const)('%j stays in its segment', ([id, path]) => {
    const url = requestAddress(base, { path: '/pets/{id}/toys', pathValues: { id } });
    expect(url.href).toBe(`https://api.example${path}`);
  });

  test.for(['', '.', '..', '../admin', 'a/../../admin', '..\\admin', 'a/.', '\ud800', [] as string[], ['..', '']])(
    '%j is refused',
    (id) => {
      expect(() => requestAddress(base, { path: '/pets/{id}/toys', pathValues: { id } })).toThrow(/^id (must|has)/);
    },
  );

  test.for([
    ['/files/{name}.{ending}', { name: 'a', ending: 'b' }, '/v1/files/a.b'],
    ['/files/{name}{ending}', { name: '.a', ending: '.' }, undefined],
    ['/files/.{name}', { name: '.' }, undefined],
    ['/files/%2e{name}', { name: 'b' }, '/v1/files/%2eb'],
  ] as const)('several in one segment, as in %s with %j', ([path, pathValues, found]) => {
    const made = () => requestAddress(base, { path, pathValues }).pathname;
    if (found === undefined) expect(made).toThrow(/must not/);
    else expect(made()).toBe(found);
  });

  test('is never looked for among what every object has', () => {
    expect(() => requestAddress(base, { path: '/{constructor}' })).toThrow('There is no value for {constructor}');
  });
});

test.for([
  [{ a: 'b&c=d#e' }, '?a=b%26c%3Dd%23e'],
  [{ 'filter[a]': 1, left: undefined }, '?filter%5Ba%5D=1'],
  [{ tags: ['a', 'b,c'] }, '?tags=a&tags=b%2Cc'],
  [{ tags: { values: ['a', 'b,c'], by: ',' as const } }, '?tags=a,b%2Cc'],
  [{ tags: { values: ['a', 'b'], by: '|' as const } }, '?tags=a%7Cb'],
  [{ tags: { values: undefined, by: ',' as const } }, ''],
  [{ yes: true, none: [] }, '?yes=true'],
] as const)('a query of %j is %s', ([query, search]) => {
  expect(requestAddress(base, { path: '/pets', query }).search).toBe(search);
});
