import { isObject } from './document.ts';
import { type Referred, resolve, Unmakeable } from './references.ts';
import { braced, described, memberName, quoted } from './source.ts';

type Schema = Readonly<Record<string, unknown>>;

const MOST = { depth: 6, members: 200, alternatives: 8, choices: 200, description: 300 };
/** What every client takes as the name of a member. */
const MEMBER = /^[A-Za-z0-9_.-]{1,64}$/;

/** What a value is made of, as far as it matters for where it can be sent. */
type Kind = 'scalar' | 'list' | 'object' | 'other';

/** A schema of a document as the source of a schema of zod. */
export type Zod = {
  readonly code: string;
  readonly kind: Kind;
  /** What cannot be said in the schema, for its description. */
  readonly words: readonly string[];
  /** For an object, its members; for a list, what is in it. */
  readonly members?: readonly { readonly name: string; readonly kind: Kind }[];
  readonly item?: Kind;
};

/** Turns schemas of one operation into source. */
export class SchemaWriter {
  readonly #document: Referred;
  /** What the source takes from `vestibule-mcp/service`. */
  readonly imports = new Set<string>();
  #members = 0;

  constructor(document: Referred) {
    this.#document = document;
  }

  /** A value that must be there, or may be left out, with what is said of it. */
  member(schema: unknown, isRequired: boolean, description: unknown = undefined): Zod {
    const zod = this.#zod(schema, []);
    const { value } = resolve(this.#document, schema);
    const of = isObject(value) ? value : {};
    const said = described(description ?? of.description ?? of.title, MOST.description);
    const words = [said.replace(/\.$/, ''), ...zod.words].filter((part) => part !== '').join('. ');
    const optional = isRequired ? '' : '.optional()';
    return { ...zod, code: `${zod.code}${optional}${words === '' ? '' : `.describe(${quoted(words)})`}` };
  }

  /** Any JSON, for what cannot be said otherwise. */
  #anything(why: string): Zod {
    this.imports.add('jsonText');
    return { code: 'jsonText', kind: 'other', words: [`JSON, written as a text${why && ` (${why})`}`] };
  }

  #zod(given: unknown, trail: readonly string[]): Zod {
    const { value, by } = resolve(this.#document, given);
    if (by.some((reference) => trail.includes(reference))) return this.#anything('it may contain itself');
    const below = [...trail, ...by];
    // What is cut off here is still taken, as a text.
    if (below.length > 40 || trail.length > 40) return this.#anything('');
    if (!isObject(value)) return value === false ? this.#anything('') : this.#anything('');
    const schema = this.#merged(value, below);
    if (schema === undefined) return this.#anything('');
    const nullable = isNullable(schema);
    const zod = this.#kindOf(schema, below);
    return nullable && zod.kind !== 'other' ? { ...zod, code: `${zod.code}.nullable()` } : zod;
  }

  #kindOf(schema: Schema, trail: readonly string[]): Zod {
    const alternatives = schema.oneOf ?? schema.anyOf;
    if (Array.isArray(alternatives)) {
      const found = this.#union(schema, alternatives, trail);
      if (found) return found;
    }
    if (Array.isArray(schema.enum)) return choice(schema.enum.filter((one) => one !== null)) ?? this.#anything('');
    if (Object.hasOwn(schema, 'const') && schema.const !== null) return choice([schema.const]) ?? this.#anything('');
    const types = typesOf(schema);
    if (types.length > 1) {
      const [first, ...others] = types.map((type) => this.#kindOf({ ...schema, type }, trail));
      const all = first ? [first, ...others] : [];
      return all.every(({ kind }) => kind === 'scalar') ? united(all) : this.#anything('');
    }
    switch (types[0]) {
      case 'string':
        return stringOf(schema);
      case 'integer':
      case 'number':
        return numberOf(schema, types[0]);
      case 'boolean':
        return { code: 'z.boolean()', kind: 'scalar', words: defaultOf(schema) };
      case 'array':
        return this.#list(schema, trail);
      case 'object':
        return this.#object(schema, trail);
      default:
        return this.#anything('');
    }
  }

  #list({ items, minItems, maxItems }: Schema, trail: readonly string[]): Zod {
    const item = this.#deeper(items ?? {}, trail);
    const bounds = `${bound('min', minItems)}${bound('max', maxItems)}`;
    return { code: `z.array(${wordsWithin(item)})${bounds}`, kind: 'list', item: item.kind, words: [] };
  }

  #object(schema: Schema, trail: readonly string[]): Zod {
    const properties = isObject(schema.properties) ? Object.entries(schema.properties) : [];
    const required = Array.isArray(schema.required) ? schema.required : [];
    const sent = properties.filter(([, member]) => !this.#isOfAnswers(member));
    if (sent.length === 0) return this.#named(schema, trail, properties.length > 0);
    const strange = sent.find(([name]) => !MEMBER.test(name) || name === '__proto__');
    if (strange) return this.#anything(`an object with ${described(strange[0], 40)}`);
    this.#members += sent.length;
    if (this.#members > MOST.members) return this.#anything('');
    const members = sent.map(([name, member]) => {
      const zod = this.#deeper(member, trail);
      const optional = required.includes(name) ? '' : '.optional()';
      return { name, kind: zod.kind, code: `${memberName(name)}: ${this.#described(zod, member, optional)}` };
    });
    const code = `z.strictObject(${braced(members.map((one) => one.code))})`;
    return { code, kind: 'object', members, words: [] };
  }

  #described(zod: Zod, schema: unknown, optional: string): string {
    const { value } = resolve(this.#document, schema);
    const said = described(isObject(value) ? (value.description ?? value.title) : '', MOST.description);
    const words = [said.replace(/\.$/, ''), ...zod.words].filter((part) => part !== '').join('. ');
    return `${zod.code}${optional}${words === '' ? '' : `.describe(${quoted(words)})`}`;
  }

  /** An object whose members have no names in the document. */
  #named({ additionalProperties }: Schema, trail: readonly string[], isEmpty: boolean): Zod {
    if (additionalProperties === false || (isEmpty && additionalProperties === undefined))
      return { code: 'z.strictObject({})', kind: 'object', members: [], words: [] };
    if (!isObject(additionalProperties) || Object.keys(additionalProperties).length === 0)
      return this.#anything('an object');
    const value = this.#deeper(additionalProperties, trail);
    this.imports.add('namedValues');
    return { code: `namedValues(${wordsWithin(value)})`, kind: 'other', words: [] };
  }

  #deeper(schema: unknown, trail: readonly string[]): Zod {
    // A step that is no reference counts too: a document may be deep without any.
    const depth = trail.filter((one) => one === '').length;
    return depth >= MOST.depth ? this.#anything('') : this.#zod(schema, [...trail, '']);
  }

  /** What the server alone writes is not for a request. OpenAPI 3.0 §4.7.24, `readOnly`. */
  #isOfAnswers(member: unknown): boolean {
    const { value } = resolve(this.#document, member);
    return isObject(value) && value.readOnly === true;
  }

  #union(schema: Schema, alternatives: readonly unknown[], trail: readonly string[]): Zod | undefined {
    const { oneOf: _oneOf, anyOf: _anyOf, description: _description, ...base } = schema;
    const kinds = alternatives.filter((one) => !this.#saysNoType(one));
    if (kinds.length === 0) return undefined;
    if (kinds.length > MOST.alternatives) return this.#anything('one of several');
    const isPlain = !Object.hasOwn(base, 'properties') && !Object.hasOwn(base, 'type') && !Object.hasOwn(base, 'allOf');
    const all = kinds.map((kind) => this.#zod(isPlain ? kind : { allOf: [base, kind] }, trail));
    // Of what is a text in any case nobody could tell which of them was meant.
    return all.some(({ kind }) => kind === 'other') ? this.#anything('one of several') : united(all);
  }

  /** A kind that only says what must or must not be there beside others, and null, which is said otherwise. */
  #saysNoType(given: unknown): boolean {
    const { value } = resolve(this.#document, given);
    if (!isObject(value)) return true;
    return (
      value.type === 'null' ||
      Object.keys(value).every((key) => ['required', 'not', 'title', 'description'].includes(key))
    );
  }

  /** A schema with all that it is to be besides. Undefined where that does not go together. */
  #merged(schema: Schema, trail: readonly string[]): Schema | undefined {
    const { allOf, ...rest } = schema;
    if (!Array.isArray(allOf)) return schema;
    let merged: Schema | undefined = rest;
    for (const part of allOf) {
      const { value, by } = resolve(this.#document, part);
      if (!isObject(value) || by.some((reference) => trail.includes(reference))) return undefined;
      const whole = this.#merged(value, [...trail, ...by]);
      merged = merged && whole && joined(merged, whole);
    }
    return merged;
  }
}

/** What both say. Undefined if they are of different types, or both one of several. */
function joined(one: Schema, other: Schema): Schema | undefined {
  const types = [one.type, other.type].filter((type) => type !== undefined).map((type) => JSON.stringify(type));
  if (new Set(types).size > 1) return undefined;
  if ((one.oneOf ?? one.anyOf) !== undefined && (other.oneOf ?? other.anyOf) !== undefined) return undefined;
  const required = [one.required, other.required].flatMap((names) => (Array.isArray(names) ? names : []));
  const properties = [one.properties, other.properties].filter(isObject);
  const names = new Set(properties.flatMap((all) => Object.keys(all)));
  const both = [...names].map((name) => {
    const said = properties.flatMap((all) => (Object.hasOwn(all, name) ? [all[name]] : []));
    return [name, said.length > 1 ? { allOf: said } : said[0]] as const;
  });
  const isObjectOf = names.size > 0 ? { properties: Object.fromEntries(both) } : {};
  return { ...other, ...one, ...isObjectOf, ...(required.length > 0 ? { required } : {}) };
}

function united(all: readonly Zod[]): Zod {
  const codes = [...new Set(all.map(wordsWithin))];
  const kinds = new Set(all.map(({ kind }) => kind));
  const [kind = 'other'] = kinds;
  const [only] = all;
  if (codes.length === 1 && only) return only;
  const ofLists = all.filter((one) => one.kind === 'list').map((one) => one.item);
  const isSendable = [...kinds].every((one) => one === 'scalar' || one === 'list');
  const item = isSendable && ofLists.every((one) => one === 'scalar') ? { item: 'scalar' as const } : {};
  const united: Kind = kinds.size === 1 && kind !== 'object' ? kind : isSendable ? 'list' : 'object';
  return { code: `z.union([${codes.join(', ')}])`, kind: united, words: [], ...item };
}

/** The source of a schema with what is said of it, for a place that has no description of its own. */
function wordsWithin({ code, words }: Zod): string {
  return words.length === 0 ? code : `${code}.describe(${quoted(words.join('. '))})`;
}

function choice(values: readonly unknown[]): Zod | undefined {
  const [first] = values;
  if (first === undefined || values.length > MOST.choices) return undefined;
  if (values.every((one) => typeof one === 'string'))
    return { code: `z.enum([${[...new Set(values)].map(quoted).join(', ')}])`, kind: 'scalar', words: [] };
  if (!values.every((one) => ['string', 'number', 'boolean'].includes(typeof one))) return undefined;
  const literals = [...new Set(values)].map((one) => (typeof one === 'string' ? quoted(one) : String(one)));
  return { code: `z.literal([${literals.join(', ')}])`, kind: 'scalar', words: [] };
}

function stringOf(schema: Schema): Zod {
  const { format, minLength, maxLength, pattern } = schema;
  if (format === 'binary') throw new Unmakeable('it takes a file');
  const bounds = `${bound('min', minLength)}${bound('max', maxLength)}`;
  // A pattern of somebody else's may take forever: the API holds to it, and the model is told.
  const shape = typeof pattern === 'string' && pattern.length <= 100 ? [`Pattern: ${described(pattern, 100)}`] : [];
  const form = typeof format === 'string' && /^[\w-]{1,30}$/.test(format) ? [`Format: ${format}`] : [];
  return { code: `z.string()${bounds}`, kind: 'scalar', words: [...form, ...shape, ...defaultOf(schema)] };
}

function numberOf(schema: Schema, type: 'integer' | 'number'): Zod {
  const { minimum, maximum, exclusiveMinimum, exclusiveMaximum } = schema;
  const bounds = [
    exclusiveMinimum === true ? bound('gt', minimum) : bound('min', minimum),
    exclusiveMaximum === true ? bound('lt', maximum) : bound('max', maximum),
    bound('gt', exclusiveMinimum),
    bound('lt', exclusiveMaximum),
  ];
  return {
    code: `z.${type === 'integer' ? 'int' : 'number'}()${bounds.join('')}`,
    kind: 'scalar',
    words: defaultOf(schema),
  };
}

/** A bound, if it is a number that a program can hold. */
function bound(method: string, value: unknown): string {
  return typeof value === 'number' && Math.abs(value) <= Number.MAX_SAFE_INTEGER ? `.${method}(${value})` : '';
}

/** What the API takes for what is left out is for the API to know. */
function defaultOf({ default: value }: Schema): string[] {
  if (!['string', 'number', 'boolean'].includes(typeof value)) return [];
  return [`Default: ${described(String(value), 60)}`];
}

function typesOf(schema: Schema): readonly unknown[] {
  const { type } = schema;
  if (Array.isArray(type)) return type.filter((one) => one !== 'null');
  if (type !== undefined) return [type];
  if (isObject(schema.properties) || schema.additionalProperties !== undefined) return ['object'];
  return schema.items === undefined ? [] : ['array'];
}

/** OpenAPI 3.0 has a word for it, 3.1 a type. */
function isNullable(schema: Schema): boolean {
  const { type, nullable, enum: choices, oneOf, anyOf } = schema;
  const kinds = [oneOf, anyOf].flatMap((all) => (Array.isArray(all) ? all : []));
  return (
    nullable === true ||
    (Array.isArray(type) && type.includes('null')) ||
    (Array.isArray(choices) && choices.includes(null)) ||
    kinds.some((kind) => isObject(kind) && kind.type === 'null')
  );
}
