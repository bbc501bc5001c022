import { existsSync, readFileSync } from 'node:fs';
import { beforeAll, describe, expect, test } from 'vitest';
import { rightsOfTheStack } from '../support/rights.ts';

/** Runs after all other suites: what the Lambdas did in them, held against what their roles let them do. */
type Used = {
  readonly name: string;
  readonly action: string;
  readonly keys: readonly string[];
  readonly isAllowed: boolean;
};

/** Rights that no test uses, and why they are given all the same. */
const helpers = 'Any helper of the table may serve a tool on the items of its pack; these tools do without.';
const declared: Readonly<Record<string, string>> = {
  'Revoke dynamodb:UpdateItem CLIENT#': 'A client may show new keys first when it revokes: they are kept as at /token.',
  'Revoke dynamodb:UpdateItem RATE#': 'The reading of those keys is counted, as at /token.',
  'Mcp dynamodb:BatchGetItem DOCUMENT#': helpers,
  'Mcp dynamodb:ConditionCheckItem TODO#': helpers,
  'Mcp dynamodb:ConditionCheckItem DOCUMENT#': helpers,
  'VersionCheckCaller lambda:InvokeFunction': 'There is one version of a Lambda here, which no deployment tries.',
  'BouncesLambda sqs:SendMessage': 'Lambda itself puts there what the function failed to handle.',
};

const rightOf = (name: string, action: string, key?: string) => [name, action, key].filter(Boolean).join(' ');

let used: readonly Used[];
let given: ReadonlySet<string>;
beforeAll(async () => {
  const log = process.env.RIGHTS_LOG ?? '';
  used = existsSync(log)
    ? readFileSync(log, 'utf8')
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as Used)
    : [];
  given = new Set((await rightsOfTheStack()).map(({ name, action, prefix }) => rightOf(name, action, prefix)));
});

describe('the rights of the Lambdas, held against all that they did in the other suites', () => {
  test('were used at all: this suite follows the others, in one run', () => {
    expect(used.length).toBeGreaterThan(50);
  });

  test('cover everything that any Lambda did', () => {
    expect(used.filter(({ isAllowed }) => !isAllowed)).toEqual([]);
  });

  test('hold nothing that no Lambda used, but what is declared', () => {
    const needed = used.flatMap(({ name, action, keys }) =>
      keys.length > 0 ? keys.map((key) => rightOf(name, action, key)) : rightOf(name, action),
    );
    const isUsed = (right: string) => needed.some((one) => one.startsWith(right));
    const unused = [...given].filter((right) => !isUsed(right) && !(right in declared));
    expect(unused).toEqual([]);
  });

  test('are declared unused only where they are given', () => {
    expect(Object.keys(declared).filter((right) => !given.has(right))).toEqual([]);
  });
});
