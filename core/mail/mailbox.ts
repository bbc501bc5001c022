/** A sender as a mail header has it: a quoted name, or an encoded word when it is not ASCII. RFC 5322 §3.4, RFC 2047 §2. */
export function mailbox(name: string, address: string): string {
  const isAscii = /^[\x20-\x7e]*$/.test(name);
  const shown = isAscii ? `"${name.replaceAll(/["\\]/g, '')}"` : `=?UTF-8?B?${Buffer.from(name).toString('base64')}?=`;
  return `${shown} <${address}>`;
}
