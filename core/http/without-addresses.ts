import { sender } from '#generated';

/**
 * A mailbox in a text: what stands around an `@`, up to a space, bracket, quote or comma. A quoted local part may hold
 * more. RFC 5322 §3.4.1. A local part is looked for only where one can begin, or a long text would be read again from each
 * of its letters.
 */
const mailbox = /("(?:[^"\\]|\\.){0,200}"|(?<![^\s<>()[\]"',;:])[^\s<>()[\]"',;:]+)(?:@|%40)[^\s<>()[\]"',;:/]+/gi;

/** What stands before an apostrophe in a local part, such as `o'hara`. */
const beforeApostrophe = /(?<![^\s<>()[\]"',;:])[^\s<>()[\]"',;:]{1,64}'\(an address\)/g;

/** A text with every e-mail address taken out of it but the operator's own, by which mail is sent. */
export function withoutAddresses(text: string): string {
  const without = text.replaceAll(mailbox, (found) => (found.replace(/\.$/, '') === sender ? found : '(an address)'));
  return without.replaceAll(beforeApostrophe, '(an address)');
}
