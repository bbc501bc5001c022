import { soundJson } from '#core/http/sound-json.ts';
import { comparable } from '#tools/text.ts';

/** A number as JSON writes it. What other notations mean depends on who reads them. RFC 8259 §6. */
const NUMBER = /^-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?$/;

/** The number that a text can only be, or the value as it is. */
export function asNumber(value: unknown): unknown {
  if (typeof value !== 'string' || !NUMBER.test(value.trim())) return value;
  const number = Number(value);
  const isExact = Number.isFinite(number) && (!Number.isInteger(number) || Number.isSafeInteger(number));
  return isExact ? number : value;
}

/** True or false where a text says just that, in any case, or the value as it is. */
export function asBoolean(value: unknown): unknown {
  const text = typeof value === 'string' ? value.trim().toLowerCase() : '';
  return text === 'true' || text === 'false' ? text === 'true' : value;
}

/** The one choice that a value is apart from case, spaces around it and quotes, or the value as it is. */
export function asChoice(choices: readonly unknown[], value: unknown): unknown {
  if (!['string', 'number', 'boolean'].includes(typeof value)) return value;
  const wanted = plain(value);
  const [only, ...others] = choices.filter((choice) => choice !== null && plain(choice) === wanted);
  return only === undefined || others.length > 0 ? value : only;
}

function plain(value: unknown): string {
  return comparable(String(value).trim());
}

/** The list that a text is in JSON, or the value as it is. */
export function asList(value: unknown): unknown {
  const read = typeof value === 'string' ? soundJson(value) : value;
  return Array.isArray(read) ? read : value;
}

/** The object that a text is in JSON, or the value as it is. */
export function asObject(value: unknown): unknown {
  const read = typeof value === 'string' ? soundJson(value) : value;
  return typeof read === 'object' && read !== null && !Array.isArray(read) ? read : value;
}

/** Where an object is expected, an empty list is one without members: PHP has one kind of array for both. */
export function emptyAsObject(value: unknown): unknown {
  return Array.isArray(value) && value.length === 0 ? {} : value;
}
