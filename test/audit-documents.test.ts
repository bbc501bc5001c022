import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { callOutcomes, described } from '../core/store/audit-events.ts';

const document = readFileSync(join(fileURLToPath(new URL('..', import.meta.url)), 'docs/audit.md'), 'utf8');

/** The list of events as the document has it. */
function table(): string {
  const rows = Object.entries(described).map(([event, { when, fields }]) => {
    const told = Object.entries(fields).map(([field, what]) => `\`${field}\`: ${what}`);
    return `| \`${event}\` | ${when} | ${told.join('; ')} |`;
  });
  return ['| event | when | fields |', '| --- | --- | --- |', ...rows].join('\n');
}

describe('docs/audit.md', () => {
  test('has every event with its fields', () => {
    const [, events] = /<!-- events -->\n\n(.*?)\n\n<!-- \/events -->/s.exec(document) ?? [];
    expect(events).toBe(table());
  });

  test.for(callOutcomes)('says what the outcome %s means', (outcome) => {
    expect(document).toContain(`| \`${outcome}\` |`);
  });
});
