import { authenticate } from '#core/authenticate.ts';
import type { Parameters } from '#core/http/parameters.ts';
import { mcpUrl } from '#core/issuer.ts';
import type { ClientCredentials } from '#core/oauth/client-authentication.ts';
import { stillCounts } from '#core/oauth/era.ts';
import { OAuthError } from '#core/oauth/error.ts';
import { machineSubject } from '#core/oauth/principal.ts';
import { requireOwnResource } from '#core/oauth/resource.ts';
import { clientLookup } from '#core/store/clients.ts';
import { denialLookups, unlessDenied } from '#core/store/denials.ts';
import { personLookup } from '#core/store/people.ts';
import { standingLookup } from '#core/store/standing-grants.ts';
import { findAll } from '#core/store/table.ts';
import { policyLookups } from '#core/store/tenants.ts';
import { allowedScopes } from './allowed-scopes.ts';
import { requireKey, requireKeyUnder, type TokenRequest } from './binding.ts';
import { issueStanding } from './standing-grant.ts';
import type { Tokens } from './tokens.ts';

/** The client credentials grant: a client that the operator made a machine acts for itself. RFC 6749 §4.4. */
export async function redeemClientCredentials(
  sent: Parameters,
  credentials: ClientCredentials,
  request: TokenRequest,
): Promise<Tokens> {
  const { now } = request;
  const { clientId } = credentials;
  const occasion = { means: 'client_credentials', subject: machineSubject(clientId), clientId } as const;
  const lookups = [
    clientLookup(clientId),
    personLookup(occasion.subject),
    standingLookup(occasion),
    ...denialLookups(clientId),
  ] as const;
  const [found, profile, standing, ...denials] = await findAll(lookups, now);
  const { client } = await authenticate(unlessDenied(found, denials), credentials, request);
  const { machine, dpopBoundAccessTokens } = client;
  requireKey(dpopBoundAccessTokens, 'The client', request);
  if (!machine) throw notFor('The client is no machine; an operator adds one with `clients add --machine`');
  if (!stillCounts({ tenant: machine.tenant, era: profile?.era }, profile))
    throw notFor(`The machine is disabled; an operator enables it with \`clients enable ${clientId}\``);
  requireOwnResource(sent.resources, mcpUrl);
  const [tenant] = await findAll(policyLookups(machine.tenant), now);
  requireKeyUnder(tenant, request);
  const allowed = { most: machine.scopes, role: profile.role ?? 'member', tenant, asked: sent.scope };
  const scopes = allowedScopes(machine.tenant, allowed);
  const { subject, tenant: home, era } = profile;
  const principal = { subject, tenant: home, era };
  return issueStanding(
    { occasion, principal, grantScopes: machine.scopes, scopes, standing, refuse: takenAway },
    request,
  );
}

async function takenAway(cause: string): Promise<never> {
  throw new OAuthError('invalid_grant', 'Access has been taken away', 400, { cause });
}

function notFor(description: string): OAuthError {
  return new OAuthError('unauthorized_client', description);
}
