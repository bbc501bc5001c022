import type { Statement } from './statement.ts';

/** One thing that a call asks for. A batch asks once for all of its keys; a transaction asks once for each part. */
export type AccessRequest = {
  readonly action: string;
  /** All of them must be allowed. */
  readonly resources: readonly string[];
  /** The condition keys of the request, such as `dynamodb:LeadingKeys`. */
  readonly context: ReadonlyMap<string, readonly string[]>;
};

type Test = (given: readonly string[], expected: readonly string[]) => boolean;

const tests: ReadonlyMap<string, Test> = new Map<string, Test>([
  ['StringEquals', (given, expected) => given.length > 0 && given.every((value) => expected.includes(value))],
  ['StringLike', (given, expected) => given.length > 0 && given.every((value) => isLikeAny(value, expected))],
  ['ForAllValues:StringLike', (given, expected) => given.every((value) => isLikeAny(value, expected))],
  ['Null', (given, [expected]) => (given.length === 0) === (expected === 'true')],
]);

/** The statement that allows what is asked, or undefined: then AWS would refuse it. IAM, Policy evaluation logic. */
export function allowing(statements: readonly Statement[], request: AccessRequest): Statement | undefined {
  return statements.find((statement) => allows(statement, request));
}

function allows({ actions, resources, conditions }: Statement, request: AccessRequest): boolean {
  if (!isLikeAny(request.action, actions)) return false;
  if (!request.resources.every((resource) => isLikeAny(resource, resources))) return false;
  return [...conditions].every(([operator, keys]) => {
    const test = tests.get(operator);
    if (!test) throw new Error(`The local runner does not know the condition operator ${operator}`);
    return [...keys].every(([key, expected]) => test(request.context.get(key) ?? [], expected));
  });
}

function isLikeAny(value: string, patterns: readonly string[]): boolean {
  return patterns.some((pattern) => isLike(value, pattern));
}

/** The patterns of the template's policies, which are few, as expressions. */
const expressions = new Map<string, RegExp>();

function isLike(value: string, pattern: string): boolean {
  const expression = expressions.get(pattern) ?? expressionOf(pattern);
  expressions.set(pattern, expression);
  return expression.test(value);
}

/** `*` stands for anything and `?` for one character. IAM, String condition operators. */
function expressionOf(pattern: string): RegExp {
  const expression = pattern
    .replaceAll(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  return new RegExp(`^${expression}$`, 's');
}
