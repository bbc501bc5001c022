/**
 * What a token says it is made for: it loses its case and, where nothing else has a slash, its `application/`. Empty where it
 * says nothing, and undefined where that is no text. RFC 7515 §4.1.9.
 */
export function typeIn(typ: unknown): string | undefined {
  if (typ === undefined) return '';
  return typeof typ === 'string' ? typ.toLowerCase().replace(/^application\//, '') : undefined;
}
