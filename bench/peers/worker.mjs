/* Cloudflare's OAuth provider before the MCP SDK's example server, as its README has it for one Worker. */
import { OAuthProvider } from '@cloudflare/workers-oauth-provider';
import { answer } from '../example-server.mjs';

/** Approves whatever is asked, for one person: the library leaves signing in and consent to its user. */
const pages = {
  async fetch(request, env) {
    const asked = await env.OAUTH_PROVIDER.parseAuthRequest(request);
    const { redirectTo } = await env.OAUTH_PROVIDER.completeAuthorization({
      request: asked,
      userId: 'somebody',
      metadata: {},
      scope: asked.scope,
      props: { userId: 'somebody' },
    });
    return Response.redirect(redirectTo, 302);
  },
};

export default new OAuthProvider({
  apiRoute: '/mcp',
  apiHandler: { fetch: (request) => answer(request) },
  defaultHandler: pages,
  authorizeEndpoint: '/authorize',
  tokenEndpoint: '/oauth/token',
  clientRegistrationEndpoint: '/oauth/register',
  scopesSupported: ['todos:read'],
  resourceMetadata: { resource: `${ORIGIN}/mcp`, authorization_servers: [ORIGIN] },
  requiredScopes: ['todos:read'],
});
