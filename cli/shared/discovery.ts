import {
  type AuthorizationServerMetadata,
  checkResourceAllowed,
  discoverAuthorizationServerMetadata,
  discoverOAuthProtectedResourceMetadata,
  IssuerMismatchError,
} from '@modelcontextprotocol/client';
import { Failure } from './failure.ts';
import type { Wire } from './wire.ts';

/** Where to get tokens for an MCP server. */
export type Discovered = {
  /** What the server calls itself: the `resource` of every request for tokens. RFC 8707 §2. */
  readonly resource: string;
  readonly scopes: readonly string[] | undefined;
  readonly issuer: string;
  readonly metadata: AuthorizationServerMetadata;
  readonly revocationEndpoint: string | undefined;
};

/**
 * Finds the authorization server of an MCP server: the resource metadata that the challenge named, or at the
 * well-known paths, then the server metadata, whose issuer must be the one that was looked for.
 * RFC 9728 §3 and §5, RFC 8414 §3.
 */
export async function discover(url: URL, metadataUrl: URL | undefined, wire: Wire): Promise<Discovered> {
  const { resource, scopes_supported, authorization_servers } = await discoverOAuthProtectedResourceMetadata(
    url,
    metadataUrl && { resourceMetadataUrl: metadataUrl },
    wire,
  );
  if (!checkResourceAllowed({ requestedResource: url, configuredResource: resource })) {
    throw new Failure(`The server at ${url} describes another one, ${resource}, so its description is not trusted.`, 3);
  }
  const issuer = authorization_servers?.[0];
  if (!issuer) throw new Failure(`The server at ${url} does not say where to sign in.`, 3);
  const metadata = await serverMetadata(issuer, wire);
  if (!metadata) throw new Failure(`The authorization server ${issuer} does not describe itself.`, 3);
  if (!metadata.code_challenge_methods_supported?.includes('S256')) {
    throw new Failure(`The authorization server ${issuer} does not offer PKCE with S256.`, 3);
  }
  const revocationEndpoint = 'revocation_endpoint' in metadata ? String(metadata.revocation_endpoint) : undefined;
  return { resource, scopes: scopes_supported, issuer: metadata.issuer, metadata, revocationEndpoint };
}

async function serverMetadata(issuer: string, wire: Wire): Promise<AuthorizationServerMetadata | undefined> {
  try {
    return await discoverAuthorizationServerMetadata(issuer, { fetchFn: wire });
  } catch (error) {
    if (!(error instanceof IssuerMismatchError)) throw error;
    throw new Failure(`What ${issuer} says of itself names another issuer, so it is not trusted.`, 3);
  }
}
