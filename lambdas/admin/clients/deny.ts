import * as z from 'zod/mini';
import { isClientUrl } from '#core/oauth/client-url.ts';
import { allow, deny } from '#core/store/denials.ts';
import { adminChange, type Operation, parsed, refused } from '../operation.ts';
import { clientId } from './known-client.ts';

const LONGEST_URL = 1_000;
const shape = z.strictObject({ client: clientId }, 'The input must be an object');

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

/** In the form that client ids have. No other client can come back once it is removed. */
function requireDeniable({ input }: Operation): string {
  const { client } = parsed(shape, input);
  const denied = isClientUrl(client) ? documentUrl(client) : hostIn(client);
  if (denied !== undefined) return denied;
  throw refused(
    `${client} is neither the URL of a metadata document nor a host; clients remove takes away any other client`,
  );
}

/** Undefined for a URL that no client has as its id: one without a path may mean all of its host, so it is not guessed. */
function documentUrl(typed: string): string | undefined {
  const url = URL.parse(typed);
  if (!url || url.pathname === '/' || url.username || url.password || url.hash) return undefined;
  return url.href.length <= LONGEST_URL ? url.href : undefined;
}

function hostIn(typed: string): string | undefined {
  const url = /^[^/?#@\\\s]+$/.test(typed) ? URL.parse(`https://${typed}/`) : undefined;
  if (!url || !/[.:]/.test(url.hostname)) return undefined;
  const hostname = url.hostname.replace(/\.$/, '');
  return url.port === '' ? hostname : `${hostname}:${url.port}`;
}
