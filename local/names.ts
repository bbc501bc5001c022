import { createHash } from 'node:crypto';

export const partition = 'aws';
export const account = '000000000000';
export const region = 'us-east-1';

/** The ARN of a resource of this stack. */
export function arn(service: string, resource: string): string {
  return `arn:${partition}:${service}:${region}:${account}:${resource}`;
}

/** The ARN of a Lambda. Its logical id is its name here. */
export function functionArn(id: string): string {
  return arn('lambda', `function:${id}`);
}

/** What a Lambda is called in `lib/`: its logical id without what CDK adds to it. */
export function functionName(id: string): string {
  return id.replace(/(Function)?[0-9A-F]{8}$/, '');
}

/** The logical id of the Lambda that an ARN, an alias or an integration's URI names. */
export function functionIdIn(uri: string): string {
  const id = /:function:([^:/]+)/.exec(uri)?.[1];
  if (id) return id;
  throw new Error(`${uri} is not the ARN of a Lambda function`);
}

/** The id of a KMS key: always the same for the same logical id, in the form that KMS gives its ids. */
export function keyId(id: string): string {
  const hash = createHash('sha256').update(id).digest('hex');
  return hash.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12}).*$/, '$1-$2-$3-$4-$5');
}
