import { env } from '#core/env.ts';
import type { PublicKeys } from '#core/oauth/types.ts';

/** The public keys as they were read when the stack was deployed: current, next and retired. RFC 7517 §5. */
export const publicKeys: PublicKeys = { keys: JSON.parse(env('PUBLIC_KEYS')) };
