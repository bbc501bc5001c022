import { KMS } from '@aws-sdk/client-kms';
import { door } from './door.ts';

const client = new KMS({});

/** The SDK has bytes where the wire has Base64. */
export async function kms(operation: string, { Message, ...input }: { readonly Message?: string }): Promise<object> {
  const bytes = Message === undefined ? input : { ...input, Message: Buffer.from(Message, 'base64') };
  const { Signature, ...output } = (await door(client)(operation, bytes)) as { readonly Signature?: Uint8Array };
  return Signature ? { ...output, Signature: Buffer.from(Signature).toString('base64') } : output;
}
