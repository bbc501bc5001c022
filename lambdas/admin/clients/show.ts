import * as z from 'zod/mini';
import { type Operation, parsed } from '../operation.ts';
import { described } from './description.ts';
import { clientId, requireClient } from './known-client.ts';

const shape = z.strictObject({ client_id: clientId }, 'The input must be an object');

/** Shows a client, wherever it comes from. */
export async function showClient({ input, now }: Operation): Promise<object> {
  const { client_id } = parsed(shape, input);
  return described(await requireClient(client_id, now));
}
