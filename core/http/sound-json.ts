import { holdsHalfCharacter } from './half-character.ts';

const DEEPEST = 64;

/** Reads JSON. What is no JSON is undefined, which JSON never is. RFC 8259. */
export function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** Reads JSON within a JSON value, where it is held to the same bounds. What is not sound is undefined. */
export function soundJson(text: string): unknown {
  const value = parsedJson(text);
  return isSound(value) ? value : undefined;
}

/** True if a JSON value can be kept and shown: it is nested within reason, and each text in it is one. */
export function isSound(value: unknown): boolean {
  return !isTooDeep(value) && !holdsHalfCharacter(value);
}

/** True if a value is nested beyond reason. Walks level by level: recursion would overflow on just what this is to keep out. */
export function isTooDeep(value: unknown): boolean {
  let level: unknown[] = [value];
  for (let depth = 0; depth <= DEEPEST && level.length > 0; depth += 1) {
    level = level.flatMap((node) => (typeof node === 'object' && node !== null ? Object.values(node) : []));
  }
  return level.length > 0;
}
