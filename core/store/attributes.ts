import type { AttributeValue } from '#core/aws/dynamodb.ts';

type Attributes = Record<string, AttributeValue>;

/** The attributes of an item. What is undefined, or a function, is left out. Throws for what DynamoDB cannot store exactly. */
export function marshall(item: Readonly<Record<string, unknown>>): Attributes {
  return Object.fromEntries(
    Object.entries(item)
      .filter(([, value]) => isStored(value))
      .map(([name, value]) => [name, attribute(value)]),
  );
}

/** The item with these attributes. */
export function unmarshall(attributes: Readonly<Attributes>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(attributes).map(([name, value]) => [name, native(value)]));
}

function isStored(value: unknown): boolean {
  return value !== undefined && typeof value !== 'function';
}

function attribute(value: unknown): AttributeValue {
  switch (typeof value) {
    case 'string':
      return { S: value };
    case 'number':
      return { N: numeral(value) };
    case 'bigint':
      return { N: String(value) };
    case 'boolean':
      return { BOOL: value };
    case 'object':
      return structured(value);
    default:
      throw new TypeError(`A ${typeof value} cannot be stored`);
  }
}

function structured(value: object | null): AttributeValue {
  if (value === null) return { NULL: true };
  if (Array.isArray(value)) return { L: value.filter(isStored).map(attribute) };
  if (value instanceof Uint8Array) return { B: base64(value) };
  if (value instanceof Set) return setOf([...value].filter(isStored));
  if (value instanceof Map) return { M: marshall(Object.fromEntries(value)) };
  const prototype = Object.getPrototypeOf(value);
  if (prototype === null || prototype.constructor?.name === 'Object') return { M: marshall({ ...value }) };
  throw new TypeError(`A ${value.constructor.name} cannot be stored`);
}

function setOf(members: readonly unknown[]): AttributeValue {
  if (members.length === 0) throw new TypeError('An empty set cannot be stored');
  if (members.every((member) => typeof member === 'string')) return { SS: [...members] };
  if (members.every((member) => member instanceof Uint8Array)) return { BS: members.map(base64) };
  return { NS: members.map(setNumeral) };
}

function setNumeral(member: unknown): string {
  if (typeof member === 'bigint') return String(member);
  if (typeof member === 'number') return numeral(member);
  throw new TypeError('A set has members of one type: texts, numbers or bytes');
}

function numeral(value: number): string {
  if (!Number.isFinite(value) || Math.abs(value) > Number.MAX_SAFE_INTEGER)
    throw new RangeError(`${value} cannot be stored exactly`);
  return String(value);
}

function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64');
}

function native(value: AttributeValue): unknown {
  if (value.S !== undefined) return value.S;
  if (value.N !== undefined) return number(value.N);
  if (value.M !== undefined) return unmarshall(value.M);
  if (value.L !== undefined) return value.L.map(native);
  if (value.BOOL !== undefined) return value.BOOL;
  if (value.NULL !== undefined) return null;
  if (value.SS !== undefined) return new Set(value.SS);
  if (value.NS !== undefined) return new Set(value.NS.map(number));
  if (value.B !== undefined) return bytes(value.B);
  if (value.BS !== undefined) return new Set(value.BS.map(bytes));
  throw new TypeError('An attribute has a type that is not known');
}

/** Beyond what a number holds exactly it is a bigint. */
function number(text: string): number | bigint {
  const value = Number(text);
  return Math.abs(value) > Number.MAX_SAFE_INTEGER ? BigInt(text) : value;
}

function bytes(text: string): Uint8Array {
  return new Uint8Array(Buffer.from(text, 'base64'));
}
