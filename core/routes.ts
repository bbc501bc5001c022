/** Every path this server answers, written once: relative to the issuer. */
export const paths = {
  home: '/',
  logo: '/brand/logo',
  health: '/healthz',
  register: '/register',
  registration: '/register/{client_id}',
  authorize: '/authorize',
  email: '/authorize/email',
  code: '/authorize/code',
  consent: '/authorize/consent',
  signOut: '/authorize/sign-out',
  clientLogo: '/authorize/logo',
  passkey: '/authorize/passkey',
  provider: '/authorize/provider',
  providerAnswer: '/authorize/provider/{provider}',
  passkeys: '/account/passkeys',
  account: '/account',
  accountSignIn: '/account/sign-in',
  accountActivity: '/account/activity',
  accountData: '/account/data',
  accountDelete: '/account/delete',
  accountDisconnect: '/account/disconnect',
  accountDisconnectAll: '/account/disconnect-all',
  accountEndSession: '/account/end-session',
  accountEndSessions: '/account/end-other-sessions',
  accountSignOut: '/account/sign-out',
  accountLanguage: '/account/language',
  accountEndEverything: '/account/sign-out-everywhere',
  token: '/token',
  revoke: '/revoke',
  introspect: '/introspect',
  mcp: '/mcp',
  mcpWithSlash: '/mcp/',
} as const;

/** The documents that clients read first: apart, as few Lambdas name them. */
export const documentPaths = {
  protectedResource: '/.well-known/oauth-protected-resource',
  protectedResourceOfMcp: '/.well-known/oauth-protected-resource/mcp',
  serverMetadata: '/.well-known/oauth-authorization-server',
  serverMetadataOfMcp: '/.well-known/oauth-authorization-server/mcp',
  openidConfiguration: '/.well-known/openid-configuration',
  jwks: '/.well-known/jwks.json',
} as const;

/** What is answered too where the server is listed: apart, for no other Lambda needs them. */
export const listingPaths = {
  icon: '/brand/icon.png',
  favicon: '/favicon.ico',
  serverCard: '/mcp/server-card',
  aiCatalog: '/.well-known/ai-catalog.json',
  openaiProof: '/.well-known/openai-apps-challenge',
  mcpRegistryProof: '/.well-known/mcp-registry-auth',
} as const;

/** A route key as API Gateway writes it: `POST /token`, or `$default` for all that no other route takes. */
export type RouteKey = '$default' | `${'GET' | 'POST' | 'PUT' | 'DELETE'} /${string}`;

/**
 * Which Lambda answers which route. API Gateway takes no key that ends in a slash, so `/mcp/` is reached as the empty rest.
 * Discovery takes the rest, so that nothing else wakes a heavier Lambda. Made by a call that is marked as pure, so that
 * bundles leave it out where nothing asks for it.
 */
export const routes = /* @__PURE__ */ (() =>
  ({
    discovery: ['$default'],
    register: [
      `POST ${paths.register}`,
      `GET ${paths.registration}`,
      `PUT ${paths.registration}`,
      `DELETE ${paths.registration}`,
    ],
    authorize: [
      `GET ${paths.authorize}`,
      `POST ${paths.email}`,
      `POST ${paths.code}`,
      `GET ${paths.consent}`,
      `POST ${paths.consent}`,
      `POST ${paths.signOut}`,
    ],
    logo: [`GET ${paths.clientLogo}`],
    passkeys: [`POST ${paths.passkey}`, `GET ${paths.passkeys}`, `POST ${paths.passkeys}`],
    provider: [
      `POST ${paths.provider}`,
      `GET ${paths.providerAnswer}`,
      `POST ${paths.providerAnswer}`,
      `POST ${paths.providerAnswer}/logout`,
    ],
    account: [`GET ${paths.account}`, `GET ${paths.account}/{page}`, `POST ${paths.account}/{page}`],
    token: [`POST ${paths.token}`],
    revoke: [`POST ${paths.revoke}`],
    introspect: [`POST ${paths.introspect}`],
    mcp: [`POST ${paths.mcp}`, `POST ${paths.mcp}/{rest+}`],
  }) as const satisfies Record<string, readonly RouteKey[]>)();
