import { ToolError } from '../define-tool.ts';

export type Scalar = string | number | boolean;

/** What stands in one place of an address: a value, or several. Nothing is sent for what is left out. */
type PathValue = Scalar | readonly Scalar[];
type QueryValue = Scalar | readonly Scalar[] | Joined | undefined;

/** Several values of a query in one, with this between them. OpenAPI 3.1 §4.8.12.4, `explode: false`. */
type Joined = { readonly values: readonly Scalar[] | undefined; readonly by: ',' | ' ' | '|' };

/** What an address is made of, below that of its API. */
export type AddressParts = {
  /** As its document has it: `/pets/{id}`. */
  readonly path: string;
  readonly pathValues?: Readonly<Record<string, PathValue>>;
  readonly query?: Readonly<Record<string, QueryValue>>;
};

/**
 * The address of a request. A value stays in its segment of the path and in its part of the query, whatever it holds.
 * Throws a ToolError for one that cannot.
 */
export function requestAddress(base: string, { path, pathValues = {}, query = {} }: AddressParts): URL {
  const url = new URL(base);
  url.pathname = `${url.pathname.replace(/\/+$/, '')}${filledPath(path, pathValues)}`;
  url.search = Object.entries(query)
    .flatMap(([name, value]) => queryParts(name, value))
    .join('&');
  return url;
}

function filledPath(path: string, values: Readonly<Record<string, PathValue>>): string {
  return path
    .split('/')
    .map((segment) => filledSegment(segment, values))
    .join('/');
}

function filledSegment(segment: string, values: Readonly<Record<string, PathValue>>): string {
  const filled = segment.replaceAll(/\{([^{}]*)\}/g, (_, name: string) => {
    const value = Object.hasOwn(values, name) ? values[name] : undefined;
    if (value === undefined) throw new Error(`There is no value for {${name}} of the path`);
    const all = Array.isArray(value) ? value : [value];
    if (all.length === 0) throw new ToolError(`${name} must not be empty.`);
    return all.map((one) => inPath(name, String(one))).join(',');
  });
  // A URL knows these in two ways of writing, and goes up by them. URL Standard §4.1.
  if (filled !== segment && isDots(filled.replaceAll(/%2e/gi, '.')))
    throw new ToolError(`${segment} must not come to "." or "..".`);
  return filled;
}

/** A server that decodes before it looks at a path must not be led elsewhere either. */
function inPath(name: string, value: string): string {
  if (value === '') throw new ToolError(`${name} must not be empty.`);
  if (value.split(/[/\\]/).some(isDots)) throw new ToolError(`${name} must not have "." or ".." as a part of a path.`);
  return encoded(name, value);
}

function isDots(part: string): boolean {
  return part === '.' || part === '..';
}

function queryParts(name: string, value: QueryValue): string[] {
  if (value === undefined) return [];
  const part = (one: Scalar) => encoded(name, String(one));
  if (typeof value === 'object' && 'by' in value) {
    const { values, by } = value;
    const between = by === ',' ? by : encodeURIComponent(by);
    return values ? [`${encodeURIComponent(name)}=${values.map(part).join(between)}`] : [];
  }
  const all = typeof value === 'object' ? value : [value];
  return all.map((one) => `${encodeURIComponent(name)}=${part(one)}`);
}

function encoded(name: string, value: string): string {
  if (!value.isWellFormed()) throw new ToolError(`${name} has half of a character in it.`);
  return encodeURIComponent(value);
}
