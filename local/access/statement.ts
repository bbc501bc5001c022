import { isRecord } from '../intrinsics.ts';

/** What a Lambda may do: a statement of its role's policies. Only `Allow` is read; nothing here denies. */
export type Statement = {
  readonly actions: readonly string[];
  readonly resources: readonly string[];
  /** For each operator the keys that it tests, and what they must be. */
  readonly conditions: ReadonlyMap<string, ReadonlyMap<string, readonly string[]>>;
};

/** Reads a statement of a policy document whose values are known. Throws when it is one that is not understood here. */
export function readStatement(statement: unknown): Statement {
  if (!isRecord(statement) || statement.Effect !== 'Allow' || 'NotAction' in statement || 'NotResource' in statement)
    throw new Error(`The local runner reads statements that allow; this is none: ${JSON.stringify(statement)}`);
  const conditions = Object.entries(isRecord(statement.Condition) ? statement.Condition : {});
  return {
    actions: texts(statement.Action),
    resources: texts(statement.Resource),
    conditions: new Map(conditions.map(([operator, keys]) => [operator, tested(keys)])),
  };
}

function tested(keys: unknown): ReadonlyMap<string, readonly string[]> {
  return new Map(Object.entries(isRecord(keys) ? keys : {}).map(([key, values]) => [key, texts(values)]));
}

function texts(value: unknown): readonly string[] {
  return [value].flat().map(String);
}
