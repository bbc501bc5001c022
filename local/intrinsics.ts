/** Where the intrinsic functions of a template look things up. */
export type Scope = {
  readonly ref: (name: string) => unknown;
  readonly attribute: (resource: string, name: string) => unknown;
  readonly condition: (name: string) => unknown;
  readonly mapping: (map: string, first: string, second: string) => unknown;
};

type Intrinsic = (argument: unknown, scope: Scope) => unknown;

const intrinsics = new Map<string, Intrinsic>([
  ['Ref', (name, scope) => scope.ref(text(name, 'Ref'))],
  ['Condition', (name, scope) => evaluate(scope.condition(text(name, 'Condition')), scope)],
  ['Fn::GetAtt', getAttribute],
  ['Fn::Join', join],
  ['Fn::Sub', substitute],
  ['Fn::Select', select],
  ['Fn::Split', split],
  ['Fn::FindInMap', findInMap],
  ['Fn::If', choose],
  ['Fn::Equals', (sides, scope) => equal(list(sides, 'Fn::Equals', scope))],
  ['Fn::And', (all, scope) => list(all, 'Fn::And', scope).every(Boolean)],
  ['Fn::Or', (any, scope) => list(any, 'Fn::Or', scope).some(Boolean)],
  ['Fn::Not', (one, scope) => !list(one, 'Fn::Not', scope)[0]],
]);

/** Replaces every intrinsic function in a part of a template by its value. A property without a value is left out. */
export function evaluate(value: unknown, scope: Scope): unknown {
  if (Array.isArray(value)) return value.map((item) => evaluate(item, scope)).filter((item) => item !== undefined);
  if (!isRecord(value)) return value;
  const [[name, argument] = [], ...rest] = Object.entries(value);
  const intrinsic = rest.length === 0 && name !== undefined ? intrinsics.get(name) : undefined;
  if (intrinsic) return intrinsic(argument, scope);
  if (rest.length === 0 && name?.startsWith('Fn::')) throw new Error(`${name} is not supported by the local runner`);
  const properties = Object.entries(value).map(([key, item]) => [key, evaluate(item, scope)] as const);
  return Object.fromEntries(properties.filter(([, item]) => item !== undefined));
}

/** True if something read from JSON is an object. */
export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function getAttribute(argument: unknown, scope: Scope): unknown {
  const [resource, ...path] = typeof argument === 'string' ? argument.split('.') : list(argument, 'Fn::GetAtt', scope);
  return scope.attribute(text(resource, 'Fn::GetAtt'), path.join('.'));
}

function join(argument: unknown, scope: Scope): string {
  const [separator, parts] = list(argument, 'Fn::Join', scope);
  return list(parts, 'Fn::Join', scope).map(String).join(text(separator, 'Fn::Join'));
}

function substitute(argument: unknown, scope: Scope): string {
  const [template, variables] = Array.isArray(argument) ? list(argument, 'Fn::Sub', scope) : [argument];
  return text(template, 'Fn::Sub').replace(/\$\{([^}]+)\}/g, (_, name: string) => {
    if (name.startsWith('!')) return `\${${name.slice(1)}}`;
    if (isRecord(variables) && name in variables) return String(variables[name]);
    const [resource = name, ...path] = name.split('.');
    return String(path.length === 0 ? scope.ref(name) : scope.attribute(resource, path.join('.')));
  });
}

function select(argument: unknown, scope: Scope): unknown {
  const [index, items] = list(argument, 'Fn::Select', scope);
  const all = list(items, 'Fn::Select', scope);
  if (Number(index) in all) return all[Number(index)];
  throw new Error(`Fn::Select finds no item ${String(index)} among ${all.length}`);
}

function split(argument: unknown, scope: Scope): string[] {
  const [separator, whole] = list(argument, 'Fn::Split', scope);
  return text(whole, 'Fn::Split').split(text(separator, 'Fn::Split'));
}

function findInMap(argument: unknown, scope: Scope): unknown {
  const [map, first, second] = list(argument, 'Fn::FindInMap', scope).map((key) => text(key, 'Fn::FindInMap'));
  return scope.mapping(map ?? '', first ?? '', second ?? '');
}

/** Only the chosen branch is evaluated: the other one may name what does not exist under this condition. */
function choose(argument: unknown, scope: Scope): unknown {
  if (!Array.isArray(argument) || argument.length !== 3) throw new Error('Fn::If needs a condition and two values');
  const [condition, yes, no] = argument;
  return evaluate(evaluate({ Condition: condition }, scope) ? yes : no, scope);
}

function equal(sides: readonly unknown[]): boolean {
  return JSON.stringify(sides[0]) === JSON.stringify(sides[1]);
}

function list(value: unknown, name: string, scope: Scope): readonly unknown[] {
  const evaluated = evaluate(value, scope);
  if (Array.isArray(evaluated)) return evaluated;
  throw new Error(`${name} needs a list, not ${JSON.stringify(value)}`);
}

function text(value: unknown, name: string): string {
  if (typeof value === 'string') return value;
  throw new Error(`${name} needs a string, not ${JSON.stringify(value)}`);
}
