import type { Request } from '#core/http/request.ts';
import { callingNetwork, hostedNetwork } from '#core/http/source.ts';
import { isClientUrl } from '#core/oauth/client-url.ts';
import { stillCounts } from '#core/oauth/era.ts';
import { isFromElsewhere } from '#core/oauth/refresh-token.ts';
import type { Client, Grant } from '#core/oauth/types.ts';
import { clientLookup, hasRegisteredItself, type Registration } from '#core/store/clients.ts';
import { grantsOf } from '#core/store/grants.ts';
import { findAll } from '#core/store/table.ts';
import { clients as ofSettings } from '#generated';
import type { Visitor } from './visitor.ts';

/** So many pages of grants are read for one page of those that still count. */
const MOST_READS = 5;
const ENOUGH = 50;

/** Who vouches for the name of a client: the host of its document, the operator, or nobody. */
export type Vouched = { readonly by: 'host'; readonly host: string } | { readonly by: 'operator' | 'nobody' };

/** A client that a person has connected. */
export type Connection = {
  readonly grant: Grant;
  readonly name: string | undefined;
  readonly vouched: Vouched;
  /** When it last got an access token, and whether that was from the network of the request. */
  readonly lastUsed: { readonly at: number; readonly from: 'here' | 'elsewhere' | 'service' | 'unknown' };
};

/** What a person allows to clients now, the newest last, and where the list goes on. */
export async function connectionsOf({ person }: Visitor, request: Request, after?: string) {
  const grants: Grant[] = [];
  let next = after;
  for (let reads = 0; reads < MOST_READS && grants.length < ENOUGH; reads += 1) {
    const page = await grantsOf(person.subject, request.now, next);
    grants.push(...page.grants.filter((grant) => stillCounts(grant, person)));
    next = page.next;
    if (next === undefined) break;
  }
  return { connections: await described(grants, request), next };
}

/** Grants with what we know about their clients. */
async function described(grants: readonly Grant[], request: Request): Promise<readonly Connection[]> {
  const known = await registrationsOf(
    grants.map(({ clientId }) => clientId),
    request.now,
  );
  return grants.map((grant) => {
    const registration = known.get(grant.clientId);
    const isStranger = registration === undefined || hasRegisteredItself(registration);
    return {
      grant,
      name: registration?.client.name,
      vouched: vouchedFor(grant.clientId, isStranger),
      lastUsed: { at: grant.ratchet.rotatedAt, from: placeOf(grant, request) },
    };
  });
}

/** What is known of clients, by their ids: of those in the settings, and of those that are kept. */
export async function registrationsOf(
  clientIds: readonly Client['id'][],
  now: number,
): Promise<ReadonlyMap<Client['id'], Registration>> {
  const ids = [...new Set(clientIds)];
  const found = ids.length === 0 ? [] : await findAll(ids.map(clientLookup), now);
  const kept = ids.flatMap((id, at) => (found[at] === undefined ? [] : [[id, found[at]] as const]));
  return new Map([...kept, ...ofSettings.map((client) => [client.id, { client }] as const)]);
}

function vouchedFor(clientId: Client['id'], isStranger: boolean): Vouched {
  if (isClientUrl(clientId)) return { by: 'host', host: new URL(clientId).host };
  return { by: isStranger ? 'nobody' : 'operator' };
}

function placeOf({ ratchet }: Grant, request: Request): Connection['lastUsed']['from'] {
  if (ratchet.network === undefined) return 'unknown';
  if (!isFromElsewhere(ratchet, callingNetwork(request))) return 'here';
  return isFromElsewhere(ratchet, hostedNetwork) ? 'elsewhere' : 'service';
}
