import * as z from 'zod/mini';
import { removeClient as removeStored } from '#core/store/operator-clients.ts';
import { adminChange, type Operation, overtaken, parsed } from '../operation.ts';
import { clientId, requireStoredClient } from './known-client.ts';

const shape = z.strictObject({ client_id: clientId }, 'The input must be an object');

/** Removes a client, the operator's or one that registered itself. Its grants find no client at their next refresh. */
export async function removeClient(operation: Operation): Promise<object> {
  const { client_id } = parsed(shape, operation.input);
  const known = await requireStoredClient(client_id, operation.now);
  if (!(await removeStored(known, adminChange(operation, client_id)))) throw overtaken(client_id);
  return { client_id };
}
