import { readPublicKey } from '#core/keys/public-key.ts';

/** What CloudFormation sends to a custom resource. */
type ResourceRequest = {
  readonly RequestType: 'Create' | 'Update' | 'Delete';
  readonly ResponseURL: string;
  readonly StackId: string;
  readonly RequestId: string;
  readonly LogicalResourceId: string;
  readonly ResourceProperties: { readonly KeyId: string };
};

/** Custom resource: the public half of a signing key, read once when the stack is deployed. */
export async function handler(request: ResourceRequest): Promise<void> {
  const { KeyId } = request.ResourceProperties;
  const outcome = await attributes(request.RequestType, KeyId).then(
    (Data) => ({ Status: 'SUCCESS', Data }),
    (error: unknown) => ({ Status: 'FAILED', Reason: `The public key of ${KeyId} cannot be read: ${String(error)}` }),
  );
  const { StackId, RequestId, LogicalResourceId } = request;
  const body = JSON.stringify({ StackId, RequestId, LogicalResourceId, PhysicalResourceId: KeyId, ...outcome });
  const answer = await fetch(request.ResponseURL, { method: 'PUT', body });
  if (!answer.ok) throw new Error(`CloudFormation refused the answer with ${answer.status}`);
}

async function attributes(type: ResourceRequest['RequestType'], keyId: string): Promise<{ Jwk?: string }> {
  return type === 'Delete' ? {} : { Jwk: await readPublicKey(keyId) };
}
