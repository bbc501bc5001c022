import { randomSecret, shortHmac } from '#core/oauth/digest.ts';
import { add, find, type Lookup } from './table.ts';

const lookup: Lookup<{ readonly key: string }> = { pk: 'SECRET#audit', sk: 'SECRET' };

let known: Promise<string> | undefined;

/**
 * An address or a network as the audit has it, or a nonce: the same each time, and made with a key that only this deployment
 * has, so that nobody can try out which one it is, or make one.
 */
export async function hidden(kind: 'address' | 'network' | 'nonce', value: string): Promise<string> {
  known ??= key();
  try {
    return shortHmac(await known, `${kind} ${value}`);
  } catch (error) {
    known = undefined;
    throw error;
  }
}

/** The key never changes, so a process reads it once. The first that needs it makes it. */
async function key(): Promise<string> {
  const found = await find(lookup, 0);
  if (found) return found.key;
  await add({ ...lookup, put: { key: randomSecret() } });
  return key();
}
