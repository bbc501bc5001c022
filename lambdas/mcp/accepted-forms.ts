/** The forms in which a client takes an answer: one JSON message, or a stream of events. */
export type AcceptedForms = { readonly json: boolean; readonly events: boolean };

type Range = { readonly type: string; readonly isWanted: boolean };

/** Separates at commas, but not within a quoted text. */
const ELEMENT = /(?:[^,"]|"(?:[^"\\]|\\.)*"?)+/g;

/** Reads an Accept header. A request without one, or with an empty one, takes both forms. RFC 9110 §12.5.1. */
export function acceptedForms(accept = ''): AcceptedForms {
  const ranges = (accept.match(ELEMENT) ?? []).filter((element) => element.trim() !== '').map(rangeOf);
  const takesAll = ranges.length === 0;
  return {
    json: takesAll || isTaken('application/json', ranges),
    events: takesAll || isTaken('text/event-stream', ranges),
  };
}

/** Of the ranges that include a type the narrowest decides; of two that are equally narrow, the one that wants it. */
function isTaken(type: string, ranges: readonly Range[]): boolean {
  const family = `${type.split('/', 1)[0]}/*`;
  for (const candidates of [[type], [family], ['*/*', '*']]) {
    const found = ranges.filter((range) => candidates.includes(range.type));
    if (found.length > 0) return found.some(({ isWanted }) => isWanted);
  }
  return false;
}

/** What a range has for parameters narrows nothing here: both forms are always UTF-8. */
function rangeOf(element: string): Range {
  const [type = '', ...parameters] = element.split(';').map((part) => part.trim().toLowerCase());
  const weight = parameters.find((parameter) => /^q\s*=/.test(parameter));
  return { type, isWanted: weight === undefined || !isZero(weight) };
}

/** A weight that is no number counts as none. RFC 9110 §12.4.2. */
function isZero(weight: string): boolean {
  return /^q\s*=\s*0*(\.0*)?$/.test(weight) && /0/.test(weight);
}
