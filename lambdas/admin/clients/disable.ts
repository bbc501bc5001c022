import * as z from 'zod/mini';
import { setDisabled } from '#core/store/machines.ts';
import { adminChange, type Operation, parsed, refused } from '../operation.ts';
import { clientId, requireClient } from './known-client.ts';

const shape = z.strictObject({ client_id: clientId }, 'The input must be an object');

/** Keeps a machine from acting. Its tokens are refused from the next call on. */
export async function disableMachine(operation: Operation): Promise<object> {
  const id = await requireMachine(operation);
  if (await setDisabled(id, operation.now, adminChange(operation, id))) return { client_id: id };
  throw refused(`${id} is disabled already`);
}

/** Lets it act again, with new tokens. */
export async function enableMachine(operation: Operation): Promise<object> {
  const id = await requireMachine(operation);
  if (await setDisabled(id, undefined, adminChange(operation, id))) return { client_id: id };
  throw refused(`${id} is not disabled`);
}

async function requireMachine({ input, now }: Operation): Promise<string> {
  const { client_id } = parsed(shape, input);
  const { client } = await requireClient(client_id, now);
  if (client.machine) return client_id;
  throw refused(`${client_id} is no machine: clients remove or clients deny stops any other client`);
}
