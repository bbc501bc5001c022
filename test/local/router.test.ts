import { describe, expect, test } from 'vitest';
import { findRoute } from '../../local/router.ts';

const keys = [
  '$default',
  'ANY /{proxy+}',
  'GET /pets/{proxy+}',
  'ANY /pets/{id}',
  'GET /pets/{id}',
  'GET /pets/dog',
  'ANY /pets/dog',
  'GET /pets/{id}/toys/{toy}',
  'POST /mcp',
  'POST /mcp/{rest+}',
  'GET /',
];
const routes = keys.map((key) => ({ key }));

describe('route selection', () => {
  test.for<[string, string, string, object?]>([
    ['GET', '/pets/dog', 'GET /pets/dog'],
    ['PUT', '/pets/dog', 'ANY /pets/dog'],
    ['GET', '/pets/cat', 'GET /pets/{id}', { id: 'cat' }],
    ['PUT', '/pets/cat', 'ANY /pets/{id}', { id: 'cat' }],
    ['GET', '/pets/cat/food', 'GET /pets/{proxy+}', { proxy: 'cat/food' }],
    ['PUT', '/pets/cat/food', 'ANY /{proxy+}', { proxy: 'pets/cat/food' }],
    ['GET', '/pets/cat/toys/ball', 'GET /pets/{id}/toys/{toy}', { id: 'cat', toy: 'ball' }],
    ['POST', '/mcp', 'POST /mcp'],
    ['POST', '/mcp/', 'POST /mcp/{rest+}', { rest: '' }],
    ['POST', '/mcp/other', 'POST /mcp/{rest+}', { rest: 'other' }],
    ['GET', '/mcp/', 'ANY /{proxy+}', { proxy: 'mcp/' }],
    ['GET', '/pets/', 'GET /pets/{proxy+}', { proxy: '' }],
    ['GET', '/', 'GET /'],
    ['POST', '/', '$default'],
  ])('%s %s goes to %s', ([method, path, key, pathParameters]) => {
    expect(findRoute(routes, method, path)).toEqual({ route: { key }, pathParameters });
  });

  test('does not depend on the order of the routes', () => {
    expect(findRoute(routes.toReversed(), 'GET', '/pets/dog')?.route.key).toBe('GET /pets/dog');
  });

  test('finds nothing without a default route', () => {
    expect(findRoute([{ key: 'GET /a' }], 'GET', '/b')).toBeUndefined();
  });
});
