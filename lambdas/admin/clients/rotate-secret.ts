import * as z from 'zod/mini';
import { randomSecret, sha256 } from '#core/oauth/digest.ts';
import type { Client } from '#core/oauth/types.ts';
import { replaceSecrets } from '#core/store/operator-clients.ts';
import { adminChange, type Operation, overtaken, parsed, refused } from '../operation.ts';
import { clientId, requireStoredClient } from './known-client.ts';
import { hasSecrets } from './operator-client.ts';

const shape = z.strictObject(
  { client_id: clientId, finish: z._default(z.boolean(), false) },
  'The input must be an object',
);

/** Gives a client a second secret, returned only here; or, to finish, ends all but the newest one. */
export async function rotateSecret(operation: Operation): Promise<object> {
  const { client_id, finish } = parsed(shape, operation.input);
  const { client, origin } = await requireStoredClient(client_id, operation.now);
  if (origin !== 'operator') throw refused(`${client_id} registered itself, and its secret is its own affair`);
  if (!hasSecrets(client)) throw refused(`${client_id} has no secret: it authenticates by ${client.authMethods[0]}`);
  return finish ? finishRotation(client, operation) : addSecret(client, operation);
}

async function addSecret(client: Client, operation: Operation): Promise<object> {
  const secret = randomSecret();
  const successors = [sha256(secret), ...client.secretHashes.slice(0, 1)];
  const isReplaced = await replaceSecrets(client, successors, adminChange(operation, client.id));
  if (!isReplaced) throw overtaken(client.id);
  return { client_id: client.id, client_secret: secret, secrets: successors.length };
}

async function finishRotation(client: Client, operation: Operation): Promise<object> {
  const [newest, ...older] = client.secretHashes;
  if (newest === undefined || older.length === 0)
    throw refused(`${client.id} has one secret only: there is no old one to end`);
  const finishing = { ...operation, command: `${operation.command} --finish` };
  const isReplaced = await replaceSecrets(client, [newest], adminChange(finishing, client.id));
  if (!isReplaced) throw overtaken(client.id);
  return { client_id: client.id, secrets: 1 };
}
