/** True if a text may be a client's id at all: ASCII that can be seen, and no longer than any of ours. RFC 6749 §A.1. */
export function isClientId(text: string): boolean {
  return /^[\x20-\x7e]{1,1000}$/.test(text);
}
