import { json, type Response } from '#core/http/response.ts';
import { issuer, mcpOrigin, mcpUrl } from '#core/issuer.ts';
import { publicKeys } from '#core/keys/public-keys.ts';
import { proofAlgorithms } from '#core/oauth/dpop.ts';
import { initialScopes } from '#core/oauth/permission.ts';
import { assertionAlgorithms, authMethods, grantTypes, machineGrantTypes } from '#core/oauth/types.ts';
import { documentPaths, paths } from '#core/routes.ts';
import { languages } from '#core/words/languages.ts';
import { scopes as catalogue, name, needsDpop, registration, tools } from '#generated';
import { listingDocuments } from './listing.ts';
import { logoResponse } from './logo.ts';

const cached = { 'cache-control': 'public, max-age=300' };

/** Says which authorization server to ask for tokens. RFC 9728 §2. */
const protectedResource = json(
  {
    resource: mcpUrl,
    resource_name: name,
    authorization_servers: [issuer],
    scopes_supported: initialScopes(tools, catalogue),
    bearer_methods_supported: ['header'],
    dpop_signing_alg_values_supported: proofAlgorithms,
    dpop_bound_access_tokens_required: needsDpop,
    resource_documentation: `${mcpOrigin}${paths.home}`,
  },
  200,
  cached,
);

/** Every endpoint and what it supports. Some clients only ask for `offline_access` if it is listed. RFC 8414 §2. */
const serverMetadata = {
  issuer,
  authorization_endpoint: `${issuer}${paths.authorize}`,
  token_endpoint: `${issuer}${paths.token}`,
  registration_endpoint: registration.dynamic ? `${issuer}${paths.register}` : undefined,
  revocation_endpoint: `${issuer}${paths.revoke}`,
  introspection_endpoint: `${issuer}${paths.introspect}`,
  jwks_uri: `${issuer}${documentPaths.jwks}`,
  scopes_supported: [...catalogue.map((scope) => scope.name), 'offline_access'],
  response_types_supported: ['code'],
  response_modes_supported: ['query'],
  grant_types_supported: [...grantTypes, ...machineGrantTypes],
  authorization_grant_profiles_supported: ['urn:ietf:params:oauth:grant-profile:id-jag'],
  token_endpoint_auth_methods_supported: authMethods,
  token_endpoint_auth_signing_alg_values_supported: assertionAlgorithms,
  revocation_endpoint_auth_methods_supported: authMethods,
  revocation_endpoint_auth_signing_alg_values_supported: assertionAlgorithms,
  introspection_endpoint_auth_methods_supported: authMethods.filter((method) => method !== 'none'),
  introspection_endpoint_auth_signing_alg_values_supported: assertionAlgorithms,
  code_challenge_methods_supported: ['S256'],
  dpop_signing_alg_values_supported: proofAlgorithms,
  authorization_response_iss_parameter_supported: true,
  client_id_metadata_document_supported: registration.metadataDocuments,
  protected_resources: [mcpUrl],
  service_documentation: `${mcpOrigin}${paths.home}`,
  ui_locales_supported: languages,
};

/** Some clients only ask for this one, and refuse it without what OpenID Connect Discovery §3 requires. */
const openidConfiguration = {
  ...serverMetadata,
  subject_types_supported: ['public'],
  id_token_signing_alg_values_supported: ['ES256'],
};

/** Every document that is the same for everybody, made once when the Lambda starts. */
export const documents: ReadonlyMap<string, Response> = new Map([
  [paths.health, json({ status: 'ok' })],
  ...(logoResponse ? [[paths.logo, logoResponse] as const] : []),
  ...listingDocuments,
  [documentPaths.protectedResource, protectedResource],
  [documentPaths.protectedResourceOfMcp, protectedResource],
  [documentPaths.serverMetadata, json(serverMetadata, 200, cached)],
  [documentPaths.serverMetadataOfMcp, json(serverMetadata, 200, cached)],
  [documentPaths.openidConfiguration, json(openidConfiguration, 200, cached)],
  [documentPaths.jwks, json(publicKeys, 200, cached)],
]);
