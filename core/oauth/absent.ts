/**
 * A value as it was sent, without the members that say nothing: null, blank text, and lists and objects with nothing in
 * them. Clients write these for what they do not have. RFC 7591 §2.
 */
export function withoutEmpty(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  const members = Object.entries(value).map(([name, member]) => [name, withoutEmptyEntries(member)] as const);
  return Object.fromEntries(members.filter(([, member]) => !isEmpty(member)));
}

function withoutEmptyEntries(value: unknown): unknown {
  return Array.isArray(value) ? value.filter((entry) => !isEmpty(entry)) : value;
}

function isEmpty(value: unknown): boolean {
  if (typeof value === 'string') return value.trim() === '';
  return value === null || (typeof value === 'object' && Object.keys(value).length === 0);
}
