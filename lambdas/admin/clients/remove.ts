import * as z from 'zod/mini';
import { deny } from '#core/store/denials.ts';
import { removeClient as removeStored } from '#core/store/operator-clients.ts';
import { adminChange, type Operation, overtaken, parsed } from '../operation.ts';
import { clientId, requireStoredClient } from './known-client.ts';

const shape = z.strictObject({ client_id: clientId }, 'The input must be an object');

/**
 * Removes a client, the operator's or one that registered itself. Its grants find no client at their next refresh. One
 * that is known by a document would come back, so it is denied.
 */
export async function removeClient(operation: Operation): Promise<object> {
  const { client_id } = parsed(shape, operation.input);
  const known = await requireStoredClient(client_id, operation.now);
  const audit = adminChange(operation, client_id);
  const isRemoved =
    known.origin === 'metadata document'
      ? await deny(client_id, operation.now, audit)
      : await removeStored(known, audit);
  if (!isRemoved) throw overtaken(client_id);
  return { client_id };
}
