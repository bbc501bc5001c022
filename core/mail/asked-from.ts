import { isIP } from 'node:net';

const TAG = 'asked-from';

/**
 * What SES keeps with a mail and tells when it comes back: where it was asked for. A value of a tag has letters, digits,
 * dashes and underscores.
 */
export function askedFromTags(sourceIp: string): { readonly Name: string; readonly Value: string }[] {
  return [{ Name: TAG, Value: Buffer.from(sourceIp).toString('base64url') }];
}

/** Where a mail was asked for, by the tags that SES tells; undefined of one that was sent without. */
export function askedFrom(tags: Readonly<Record<string, readonly string[]>>): string | undefined {
  const sourceIp = Buffer.from(tags[TAG]?.[0] ?? '', 'base64url').toString();
  return isIP(sourceIp) === 0 ? undefined : sourceIp;
}
