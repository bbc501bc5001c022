import type { Generator } from './generator.ts';

/** Parameters as they stand in a form or a query: in order, and some more than once. */
export type Pairs = readonly (readonly [name: string, value: string])[];

/** Changes good parameters here and there: most stay, so that what is wrong is met deep inside as well as at the door. */
export function mangled(generator: Generator, good: Readonly<Record<string, string>>, more: readonly string[]): Pairs {
  const names = [...Object.keys(good), ...more];
  const kept = Object.entries(good).flatMap(([name, value]) => altered(generator, good, name, value));
  const added = Array.from(
    { length: generator.below(3) },
    () => [generator.pick(names), wrong(generator, good)] as const,
  );
  return generator.below(3) === 0 ? [...kept, ...added] : kept;
}

function altered(generator: Generator, good: Readonly<Record<string, string>>, name: string, value: string): Pairs {
  switch (generator.below(24)) {
    case 0:
      return [];
    case 1:
      return [
        [name, value],
        [name, value],
      ];
    case 2:
      return [[name, `${value}${generator.text()}`]];
    case 3:
      return [[name, value.slice(0, generator.below(value.length + 1))]];
    case 4:
      return [[name, flipped(generator, value)]];
    case 5:
    case 6:
      return [[name, wrong(generator, good)]];
    default:
      return [[name, value]];
  }
}

/** A value that has no business where it is put. */
function wrong(generator: Generator, good: Readonly<Record<string, string>>): string {
  switch (generator.below(6)) {
    case 0:
      return '';
    case 1:
      return generator.text();
    case 2:
      return generator.pick([...Object.values(good), 'x']);
    case 3:
      return generator.pick(['x'.repeat(999), 'x'.repeat(5_000), '漢'.repeat(700), '😀'.repeat(400), '%'.repeat(50)]);
    case 4:
      return JSON.stringify(generator.json());
    default:
      return generator.pick(['__proto__', 'null', '-1', '[object Object]', '../../x', 'http://[', 'none', '{"$ne":1}']);
  }
}

/** The same text with one letter changed. */
export function flipped(generator: Generator, text: string): string {
  const at = generator.below(text.length || 1);
  const others = ['A', 'b', '0', '.', '~'].filter((letter) => letter !== text[at]);
  return `${text.slice(0, at)}${generator.pick(others)}${text.slice(at + 1)}`;
}

/** Parameters on the wire, now and then with a broken escape among them. */
export function encoded(generator: Generator, pairs: Pairs): string {
  const text = new URLSearchParams(pairs.map(([name, value]): [string, string] => [name, value])).toString();
  if (generator.below(10) > 0) return text;
  const at = generator.below(text.length + 1);
  return `${text.slice(0, at)}${generator.pick(['%', '%zz', '%ff%fe', '%00', '&&', '=', '%ed%a0%80', ';'])}${text.slice(at)}`;
}
