import * as z from 'zod/mini';
import { isClientUrl } from '#core/oauth/client-url.ts';
import { allow, deny } from '#core/store/denials.ts';
import { adminChange, type Operation, parsed, refused } from '../operation.ts';
import { clientId } from './known-client.ts';

const shape = z.strictObject({ client: clientId }, 'The input must be an object');
const HOST = /^([a-z0-9-]+\.)*[a-z0-9-]+(:\d{1,5})?$/;

/** Denies a client that is known by a metadata document, or all of a host. It stays so until it is allowed again. */
export async function denyClient(operation: Operation): Promise<object> {
  const client = requireDeniable(operation);
  if (await deny(client, operation.now, adminChange(operation, client))) return { client };
  throw refused(`${client} is denied already`);
}

/** Lets such a client connect again. */
export async function allowClient(operation: Operation): Promise<object> {
  const client = requireDeniable(operation);
  if (await allow(client, adminChange(operation, client))) return { client };
  throw refused(`${client} is not denied`);
}

/** No other client can come back once it is removed. */
function requireDeniable({ input }: Operation): string {
  const { client } = parsed(shape, input);
  if (isClientUrl(client) && URL.canParse(client)) return client;
  const host = client.toLowerCase();
  if (HOST.test(host) && host.includes('.')) return host;
  throw refused(
    `${client} is neither the URL of a metadata document nor a host; clients remove takes away any other client`,
  );
}
