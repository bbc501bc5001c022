import * as z from 'zod/mini';
import { operatorClients } from '#core/store/operator-clients.ts';
import { clients as preRegistered } from '#generated';
import { type Operation, parsed } from '../operation.ts';
import { summarised } from './description.ts';
import { clientId } from './known-client.ts';

const shape = z.strictObject({ after: z.optional(clientId) }, 'The input must be an object');

/** A page of the clients that the operator registered: those of the settings first. `next` is where the next page starts. */
export async function listClients({ input }: Operation): Promise<object> {
  const { after } = parsed(shape, input);
  const { items, next } = await operatorClients(after);
  const ofSettings = after === undefined ? preRegistered : [];
  return {
    clients: [
      ...ofSettings.map((client) => summarised(client, 'settings')),
      ...items.map((client) => summarised(client, 'operator')),
    ],
    next,
  };
}
