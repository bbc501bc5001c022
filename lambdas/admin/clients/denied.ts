import * as z from 'zod/mini';
import { denials } from '#core/store/denials.ts';
import { iso } from '../iso.ts';
import { type Operation, parsed } from '../operation.ts';
import { clientId } from './known-client.ts';

const shape = z.strictObject({ after: z.optional(clientId) }, 'The input must be an object');

/** A page of the clients and hosts that the operator denied. `next` is where the next page starts. */
export async function listDenied({ input }: Operation): Promise<object> {
  const { after } = parsed(shape, input);
  const { items, next } = await denials(after);
  return { denied: items.map(({ denied, deniedAt }) => ({ client: denied, denied_at: iso(deniedAt) })), next };
}
