import { customResource, patiently } from '#core/custom-resource.ts';
import { readPublicKey } from '#core/keys/public-key.ts';

/** What KMS answers about a key that was made a moment ago, or to a role that has had the right for a moment. */
const passing = ['AccessDeniedException', 'NotFoundException'];

/** Custom resource: the public half of a signing key, read once when the stack is deployed. */
export const handler = customResource<{ readonly KeyId: string }>({
  physicalId: ({ KeyId }) => KeyId,
  make: async ({ KeyId }) => ({ Jwk: await patiently(passing, () => readPublicKey(KeyId)).catch(failed(KeyId)) }),
});

function failed(keyId: string) {
  return (error: unknown): never => {
    throw new Error(`The public key of ${keyId} cannot be read: ${String(error)}`);
  };
}
