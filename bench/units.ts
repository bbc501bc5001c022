/** A value of DynamoDB as its JSON protocol has it: one member, named after the type. */
type Value = Readonly<Record<string, unknown>>;
export type Item = Readonly<Record<string, Value>>;

/** The bytes of an item as DynamoDB counts them: the names and values of its attributes, in UTF-8. */
export function bytesOf(item: Item): number {
  return total(Object.entries(item).map(([name, value]) => Buffer.byteLength(name) + bytesOfValue(value)));
}

function bytesOfValue(value: Value): number {
  const [[type, content] = ['', undefined]] = Object.entries(value);
  switch (type) {
    case 'S':
      return Buffer.byteLength(String(content));
    case 'N':
      return bytesOfNumber(String(content));
    case 'B':
      return Buffer.from(String(content), 'base64').length;
    case 'L':
      return 3 + total((content as readonly Value[]).map((one) => 1 + bytesOfValue(one)));
    case 'M':
      return 3 + Object.keys(content as Item).length + bytesOf(content as Item);
    case 'SS':
      return total((content as readonly string[]).map((one) => Buffer.byteLength(one)));
    case 'BOOL':
    case 'NULL':
      return 1;
    default:
      throw new Error(`An attribute of type ${type} has no known size`);
  }
}

/** About one byte for two significant digits, and one more. */
function bytesOfNumber(digits: string): number {
  return Math.ceil(digits.replace(/^-?0*|[-.]|0*$/g, '').length / 2) + 1;
}

/** The write units of an item that is so large before and after: one for each KB begun of the larger, twice that in a transaction. */
export function writeUnits(bytesBefore: number, bytesAfter: number, isInTransaction: boolean): number {
  return Math.max(1, Math.ceil(Math.max(bytesBefore, bytesAfter) / 1_024)) * (isInTransaction ? 2 : 1);
}

/** The read units of so many bytes read consistently: one for each 4 KB begun, and one where nothing is found. */
export function readUnits(bytes: number): number {
  return Math.max(1, Math.ceil(bytes / 4_096));
}

function total(numbers: readonly number[]): number {
  return numbers.reduce((sum, number) => sum + number, 0);
}
