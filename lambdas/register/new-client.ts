import { randomUUID } from 'node:crypto';
import type { ClientMetadata } from '#core/oauth/client-metadata.ts';
import { randomSecret, sha256 } from '#core/oauth/digest.ts';
import type { Client } from '#core/oauth/types.ts';

/** A client with an id of its own, and its secret unless it is public. The secret is told once and kept as a hash. */
export function newClient(
  metadata: ClientMetadata,
  now: number,
): { readonly client: Client; readonly secret: string | undefined } {
  const secret = metadata.authMethod === 'none' ? undefined : randomSecret();
  const secretHash = secret === undefined ? undefined : sha256(secret);
  return { client: { ...metadata, id: randomUUID(), secretHash, registeredAt: now }, secret };
}
