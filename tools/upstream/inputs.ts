import * as z from 'zod';

/** An input that takes any JSON, written as a text: what clients show of a schema has no other way to say "anything". */
export const jsonText = z.string().transform((text, issues): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    issues.addIssue('must be JSON, written as a text');
    return z.NEVER;
  }
});

/** An input that takes values under names of any kind: a list of both, which becomes an object. */
export function namedValues<V extends z.ZodType>(value: V) {
  const named = z.strictObject({ name: z.string().min(1), value });
  return z
    .array(named)
    .transform((list) => Object.fromEntries(list.map((one) => [one.name, Reflect.get(one, 'value')])));
}
