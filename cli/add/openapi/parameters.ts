import { bodyShape, type Document, type Parameter, parameterShape, read } from './document.ts';
import type { Found } from './plan.ts';
import { resolve, Unmakeable } from './references.ts';
import { SchemaWriter, type Zod } from './schema.ts';
import { braced, described, memberName, memberOf, quoted } from './source.ts';

/** What of a request its input gives: its members as schemas, and the source of each part. */
export type Inputs = {
  readonly members: readonly string[];
  readonly pathValues: readonly string[];
  readonly query: readonly string[];
  readonly headers: readonly string[];
  readonly body: string | undefined;
  readonly imports: ReadonlySet<string>;
};

/** Headers that are not for a caller to choose. OpenAPI 3.1 §4.8.12.2, RFC 9110 §7.2 and §7.6. */
const ownHeaders =
  /^(accept|accept-encoding|authorization|connection|content-.*|cookie|expect|host|keep-alive|proxy-.*|te|trailer|transfer-encoding|upgrade|user-agent|via|forwarded|x-forwarded-.*)$/i;

/** Turns parameters and body of an operation into inputs. Throws an Unmakeable for what it cannot do without. */
export function inputsOf(
  document: Document,
  { path, operation, shared, method }: Found,
  leaves: (reason: string) => void,
): Inputs {
  const writer = new SchemaWriter(document);
  const taken = new Set<string>();
  const members: string[] = [];
  const parts = { path: [] as string[], query: [] as string[], header: [] as string[] };
  for (const parameter of parametersOf(document, [...shared, ...(operation.parameters ?? [])], path)) {
    try {
      const { location, zod } = placed(parameter, writer);
      const name = inputName(parameter, taken);
      members.push(`${memberName(name)}: ${zod.code}`);
      parts[location].push(...sent(parameter, zod, memberOf('input', name)));
    } catch (error) {
      if (!(error instanceof Unmakeable) || isNeeded(parameter)) throw error;
      leaves(`without ${described(parameter.name, 60)}: ${error.message}`);
    }
  }
  requirePath(path, parts.path.length);
  const body = bodyOf(document, operation.requestBody, writer, { method, leaves, name: () => unused('body', taken) });
  if (body) members.push(body.member);
  return {
    members,
    pathValues: parts.path,
    query: parts.query,
    headers: parts.header,
    body: body?.sent,
    imports: writer.imports,
  };
}

/** Those of the operation come before those of its path. */
function parametersOf(document: Document, given: readonly unknown[], path: string): readonly Parameter[] {
  const all = new Map<string, Parameter>();
  for (const one of given) {
    const { value } = resolve(document, one);
    const parameter = read(parameterShape, value, ['paths', path, 'parameters'], document.source);
    all.set(`${parameter.in} ${parameter.name}`, parameter);
  }
  const used = [...all.values()].filter((one) => one.in !== 'path' || path.includes(`{${one.name}}`));
  return used.filter((one) => one.in !== 'header' || !ownHeaders.test(one.name));
}

function isNeeded(parameter: Parameter): boolean {
  return parameter.in === 'path' || parameter.required === true;
}

function requirePath(path: string, filled: number): void {
  if (!path.startsWith('/')) throw new Unmakeable('its path does not begin with a slash');
  if (/[?#\\]/.test(path)) throw new Unmakeable('its path has more in it than a path');
  const names = new Set([...path.matchAll(/\{([^{}]*)\}/g)].map(([, name]) => name));
  if (names.size !== filled) throw new Unmakeable('its path has a part that is not described');
}

/** Where a parameter goes, and its schema. Throws an Unmakeable for what has no place in a tool. */
function placed(parameter: Parameter, writer: SchemaWriter): { location: 'path' | 'query' | 'header'; zod: Zod } {
  const { in: location, name, description, deprecated, content } = parameter;
  if (location === 'cookie') throw new Unmakeable('it is sent in a cookie');
  const said = described(`${deprecated ? 'Deprecated. ' : ''}${description ?? ''}`, 300) || undefined;
  const [[type, of] = []] = Object.entries(content ?? {});
  if (type !== undefined && !isJson(type)) throw new Unmakeable(`it is sent as ${described(type, 60)}`);
  const schema = (type === undefined ? parameter.schema : of?.schema) ?? { type: 'string' };
  const zod = writer.member(schema, isNeeded(parameter), said);
  if (type === undefined) requireSendable(parameter, zod);
  else if (location !== 'query') throw new Unmakeable('it is sent as JSON');
  if (location === 'header' && !/^[\w!#$%&'*+.^`|~-]+$/.test(name)) throw new Unmakeable('no header has such a name');
  return { location, zod };
}

function requireSendable({ in: location, style, name }: Parameter, zod: Zod): void {
  const styles = {
    path: ['simple'],
    header: ['simple'],
    query: ['form', 'spaceDelimited', 'pipeDelimited', 'deepObject'],
  };
  const known: readonly string[] = location === 'cookie' ? [] : styles[location];
  if (style !== undefined && !known.includes(style))
    throw new Unmakeable(`it is sent in the style ${described(style, 40)}`);
  if (zod.kind === 'scalar') return;
  if (zod.kind === 'list' && zod.item === 'scalar' && location !== 'header') return;
  const isFlat = zod.kind === 'object' && zod.members?.every(({ kind }) => kind === 'scalar');
  if (isFlat && location === 'query' && (style === undefined || style === 'form' || style === 'deepObject')) return;
  throw new Unmakeable(
    `${described(name, 60)} has no simple form in ${location === 'query' ? 'a query' : `a ${location}`}`,
  );
}

/** The members of the request by which a value goes out. */
function sent({ name, in: location, style = 'form', explode, content }: Parameter, zod: Zod, value: string): string[] {
  if (content) return [`${memberName(name)}: ${value} === undefined ? undefined : JSON.stringify(${value})`];
  if (location !== 'query') return [`${memberName(name)}: ${value}`];
  if (zod.kind === 'object')
    return (zod.members ?? []).map((one) => {
      const named = style === 'deepObject' ? `${name}[${one.name}]` : one.name;
      return `${memberName(named)}: ${memberOf(`${value}?`, one.name).replace('?[', '?.[')}`;
    });
  const isJoined = !(explode ?? style === 'form') && zod.kind === 'list';
  const by = { spaceDelimited: ' ', pipeDelimited: '|' }[style] ?? ',';
  return [`${memberName(name)}: ${isJoined ? `{ values: ${value}, by: ${quoted(by)} }` : value}`];
}

function inputName({ name, in: location }: Parameter, taken: Set<string>): string {
  const simple =
    name
      .replaceAll(/[^A-Za-z0-9_]+/g, '_')
      .replace(/^_+|_+$/g, '')
      .slice(0, 50) || 'value';
  return unused(taken.has(simple) ? `${simple}_${location}` : simple, taken);
}

function unused(name: string, taken: Set<string>): string {
  let free = name;
  for (let count = 2; taken.has(free); count += 1) free = `${name}_${count}`;
  taken.add(free);
  return free;
}

type BodyContext = {
  readonly method: string;
  readonly leaves: (reason: string) => void;
  readonly name: () => string;
};

function bodyOf(document: Document, given: unknown, writer: SchemaWriter, { method, leaves, name }: BodyContext) {
  if (given === undefined) return undefined;
  const { value } = resolve(document, given);
  const body = read(bodyShape, value, ['requestBody'], document.source);
  const isRequired = body.required === true;
  if (method === 'GET' || method === 'HEAD') {
    if (isRequired) throw new Unmakeable(`it needs a body, which no ${method} has`);
    leaves(`without its body, which no ${method} has`);
    return undefined;
  }
  const types = Object.entries(body.content);
  const json = types.find(([type]) => isJson(type));
  const form = types.find(([type]) => mediaType(type) === 'application/x-www-form-urlencoded');
  const [type, { schema }] = json ?? form ?? unsendable(types.map(([one]) => one));
  const zod = writer.member(schema ?? {}, isRequired, body.description);
  const isForm = !isJson(type);
  const isFlat = zod.members?.every(({ kind }) => kind === 'scalar' || kind === 'list');
  if (isForm && !(zod.kind === 'object' && isFlat)) throw new Unmakeable('its form has more than plain values');
  const member = name();
  return { member: `${member}: ${zod.code}`, sent: `${isForm ? 'form' : 'json'}: input.${member}` };
}

function unsendable(types: readonly string[]): never {
  const [type = 'nothing'] = types.map(mediaType);
  throw new Unmakeable(
    type.startsWith('multipart/') ? 'it takes files or a form in parts' : `it takes ${described(type, 60)}`,
  );
}

function isJson(type: string): boolean {
  return /^application\/([\w.-]+\+)?json$/.test(mediaType(type));
}

function mediaType(type: string): string {
  return type.split(';', 1)[0]?.trim().toLowerCase() ?? '';
}

/** The input of a tool. */
export function inputSource({ members }: Inputs): string {
  return `z.strictObject(${braced(members, 0)})`;
}
