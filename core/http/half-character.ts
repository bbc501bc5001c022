/**
 * True if a JSON value holds half of a surrogate pair anywhere: that is no text, and nothing can keep it.
 * Walks level by level, for a body may be deeper than the stack. RFC 8259 §8.2.
 */
export function holdsHalfCharacter(value: unknown): boolean {
  let level: readonly unknown[] = [value];
  while (level.length > 0) {
    if (level.some((node) => typeof node === 'string' && !node.isWellFormed())) return true;
    level = level.flatMap(inside);
  }
  return false;
}

function inside(node: unknown): readonly unknown[] {
  if (Array.isArray(node)) return node;
  return typeof node === 'object' && node !== null ? Object.entries(node).flat() : [];
}
