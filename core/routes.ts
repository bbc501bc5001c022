/** Every path this server answers, written once: relative to the issuer. */
export const paths = {
  home: '/',
  health: '/healthz',
  protectedResource: '/.well-known/oauth-protected-resource',
  protectedResourceOfMcp: '/.well-known/oauth-protected-resource/mcp',
  serverMetadata: '/.well-known/oauth-authorization-server',
  serverMetadataOfMcp: '/.well-known/oauth-authorization-server/mcp',
  openidConfiguration: '/.well-known/openid-configuration',
  jwks: '/.well-known/jwks.json',
  register: '/register',
  authorize: '/authorize',
  email: '/authorize/email',
  code: '/authorize/code',
  consent: '/authorize/consent',
  token: '/token',
  revoke: '/revoke',
  mcp: '/mcp',
  mcpWithSlash: '/mcp/',
} as const;

/** A route key as API Gateway writes it: `POST /token`, or `$default` for all that no other route takes. */
export type RouteKey = '$default' | `${'GET' | 'POST' | 'PUT' | 'DELETE'} /${string}`;

/**
 * Which Lambda answers which route. API Gateway takes no key that ends in a slash, so `/mcp/` is reached as the empty rest.
 * Discovery takes the rest, so that nothing else wakes a heavier Lambda.
 */
export const routes = {
  discovery: ['$default'],
  register: [`POST ${paths.register}`],
  authorize: [`GET ${paths.authorize}`, `POST ${paths.email}`, `POST ${paths.code}`, `POST ${paths.consent}`],
  token: [`POST ${paths.token}`],
  revoke: [`POST ${paths.revoke}`],
  mcp: [`POST ${paths.mcp}`, `POST ${paths.mcp}/{rest+}`],
} as const satisfies Record<string, readonly RouteKey[]>;
