import { isObject, wrong } from './document.ts';

/** What references are looked up in, and what it is called. */
export type Referred = { readonly whole: unknown; readonly source: string };

/** What cannot be made into a tool, and why. */
export class Unmakeable extends Error {}

/** What a reference leads to, and by which references. */
export type Resolved = { readonly value: unknown; readonly by: readonly string[] };

/** Follows a reference, and those that it leads to. Throws an Unmakeable for one that leads out of the document. */
export function resolve(document: Referred, value: unknown): Resolved {
  const by: string[] = [];
  let found = value;
  while (isObject(found) && typeof found.$ref === 'string') {
    const { $ref, ...beside } = found;
    if (by.includes($ref)) throw wrong(document.source, placeOf($ref), 'it refers to itself and nothing else');
    by.push($ref);
    const target = lookUp(document, $ref);
    // OpenAPI 3.1 §4.8.23.1: what stands beside a reference comes before what it leads to.
    const isBeside = Object.keys(beside).length > 0 && isObject(target);
    found = isBeside ? { ...target, ...beside } : target;
  }
  return { value: found, by };
}

function lookUp(document: Referred, reference: string): unknown {
  if (!reference.startsWith('#')) throw new Unmakeable(`it refers to another file, ${reference}`);
  const place = placeOf(reference);
  let found: unknown = document.whole;
  for (const part of place) {
    const isThere = typeof found === 'object' && found !== null && Object.hasOwn(found, part);
    if (!isThere) throw wrong(document.source, place, 'something refers to it, and it is not there');
    found = Reflect.get(found as object, part);
  }
  return found;
}

/** RFC 6901, in the fragment of an address. */
function placeOf(reference: string): string[] {
  const [, ...parts] = decoded(reference.slice(1)).split('/');
  return parts.map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'));
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
