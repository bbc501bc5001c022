import { readBytes } from '#core/fetch/read-bytes.ts';
import { isNotPublic, openStranger, strangerMilliseconds } from '#core/fetch/stranger-connection.ts';
import { hasFetchableScheme, isTrustedHost } from '#core/fetch/trusted-hosts.ts';
import type { Picture } from '#core/store/logos.ts';
import { pictureType } from './picture-type.ts';

/** A quarter of what an item of the table may have. */
const MOST_BYTES = 100 * 1024;
const headers = { accept: 'image/png, image/jpeg, image/webp' };

/** A picture, or why there is none. */
type Fetched = { readonly picture: Picture } | { readonly reason: string };

/**
 * Fetches the picture that a client's document names, under the rules for the document itself: https, public addresses,
 * no redirect, 5 seconds in all; 100 KB. A host that the operator trusts may be private where it is the document's own:
 * else any client could have pictures of the inside shown.
 */
export async function fetchPicture(logoUri: string, clientId: string): Promise<Fetched> {
  const url = new URL(logoUri);
  if (!hasFetchableScheme(url) || url.username || url.password) return { reason: 'it is not at a plain https address' };
  const isTrusted = isTrustedHost(url) && url.host === new URL(clientId).host;
  const signal = AbortSignal.timeout(strangerMilliseconds);
  try {
    const response = await openStranger(url, isTrusted, { headers }, signal);
    if (response?.statusCode === 200) return read(await readBytes(response, MOST_BYTES, signal));
    response?.destroy();
    return { reason: response ? `its host answered with status ${response.statusCode}` : isNotPublic };
  } catch (error) {
    return { reason: error instanceof Error ? error.message : String(error) };
  }
}

function read(bytes: Buffer | undefined): Fetched {
  if (!bytes) return { reason: `it is larger than ${MOST_BYTES} bytes` };
  const type = pictureType(bytes);
  return type === undefined ? { reason: 'it is no PNG, JPEG or WebP of usual size' } : { picture: { type, bytes } };
}
