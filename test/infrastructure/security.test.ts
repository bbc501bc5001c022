import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { root } from '../../local/assembly.ts';
import { type Right, rightsOfTheStack } from '../support/rights.ts';

let rights: readonly Right[];
beforeAll(async () => {
  rights = await rightsOfTheStack();
});

/** The table of the document: a row for each Lambda and action. */
function table(all: readonly Right[]): string {
  const rows = Map.groupBy(all, ({ name, action }) => `| ${name} | \`${action}\` |`);
  const lines = [...rows].map(
    ([row, same]) =>
      `${row} ${
        same
          .flatMap(({ prefix }) => prefix ?? [])
          .map((prefix) => `\`${prefix}\``)
          .join(' ') || 'the resources that it names'
      } |`,
  );
  return ['| Lambda | may | with items |', '| --- | --- | --- |', ...lines].join('\n');
}

describe('who may do what', () => {
  test('stands in docs/security.md', () => {
    const [, documented] =
      /<!-- rights -->\n\n(.*?)\n\n<!-- \/rights -->/s.exec(readFileSync(join(root, 'docs/security.md'), 'utf8')) ?? [];
    expect(documented).toBe(table(rights));
  });

  test('gives nobody a way to change or remove an audit item', () => {
    const ways = rights.filter(
      ({ action, prefix }) =>
        /Update|Delete|Batch(Write)|Scan|PartiQL|\*/.test(action) && 'AUDIT#'.startsWith(prefix ?? ''),
    );
    expect(ways).toEqual([]);
  });

  test('lets no action touch the table without naming items', () => {
    expect(rights.filter(({ action, prefix }) => action.startsWith('dynamodb:') && prefix === undefined)).toEqual([]);
  });

  test('lets only the token endpoint sign, and only what people sign in by or close their account with send mail', () => {
    const may = (action: string) => rights.filter((right) => right.action === action).map(({ name }) => name);
    expect(may('kms:Sign')).toEqual(['Token']);
    expect(may('ses:SendEmail')).toEqual(['Authorize', 'Passkeys', 'Provider', 'Account']);
  });

  test('lets discovery touch nothing', () => {
    expect(rights.filter(({ name }) => name === 'Discovery')).toEqual([]);
  });
});
