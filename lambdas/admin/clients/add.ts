import { newId, randomSecret, sha256 } from '#core/oauth/digest.ts';
import type { Client } from '#core/oauth/types.ts';
import { addOperatorClient } from '#core/store/operator-clients.ts';
import { adminChange, type Operation, refused } from '../operation.ts';
import { requireTenant } from '../tenants/known-tenant.ts';
import { described } from './description.ts';
import { isInSettings } from './known-client.ts';
import { hasSecrets, readOperatorClient } from './operator-client.ts';

/** Adds a client of the operator. Its secret, if it has one, is returned only here. */
export async function addClient(operation: Operation): Promise<object> {
  const { role, ...metadata } = readOperatorClient(operation.input);
  const id = metadata.id ?? newId();
  const secret = hasSecrets(metadata) ? randomSecret() : undefined;
  const secretHashes = secret === undefined ? [] : [sha256(secret)];
  const client: Client = { ...metadata, id, secretHashes, registeredAt: operation.now };
  if (client.machine) await requireTenant(client.machine.tenant, operation.now);
  const isAdded = !isInSettings(id) && (await addOperatorClient(client, role, adminChange(operation, id)));
  if (!isAdded) throw refused(`The id ${id} is taken`);
  return { ...described({ client, origin: 'operator' }), role, client_secret: secret };
}
