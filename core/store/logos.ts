import { change, type Lookup } from './table.ts';

/** How long a picture is shown before it is fetched again. */
const FRESH_SECONDS = 86_400;
/** How long nothing is fetched after a fetch that gave no picture, and while one is under way. */
const CLAIM_SECONDS = 600;

/** A picture that browsers are sent, and what it was found to be. */
export type Picture = { readonly type: string; readonly bytes: Uint8Array };

/** The picture of a client, where it came from, and until when it need not be fetched again. */
export type Logo = { readonly logoUri: string; readonly picture?: Picture; readonly ttl: number };

/** Where the picture of a client is kept. */
export function logoLookup(clientId: string): Lookup<Logo> {
  return { pk: `LOGO#${clientId}`, sk: 'LOGO' };
}

/** Claims the fetch of a client's picture, so that it is fetched once for everybody. True if it is ours to fetch. */
export async function claimLogo(clientId: string, logoUri: string, now: number): Promise<boolean> {
  const { done } = await change(logoLookup(clientId), {
    change: 'SET logoUri = :uri, #ttl = :until REMOVE picture',
    condition: 'attribute_not_exists(pk) OR #ttl <= :now OR logoUri <> :uri',
    values: { ':uri': logoUri, ':until': now + CLAIM_SECONDS, ':now': now },
  });
  return done;
}

/** Keeps a picture that was fetched, unless the client has named another one since. */
export async function keepLogo(clientId: string, logoUri: string, picture: Picture, now: number): Promise<void> {
  await change(logoLookup(clientId), {
    change: 'SET picture = :picture, #ttl = :until',
    condition: 'logoUri = :uri',
    values: { ':picture': picture, ':uri': logoUri, ':until': now + FRESH_SECONDS },
  });
}
