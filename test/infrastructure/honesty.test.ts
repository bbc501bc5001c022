import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { catalogue } from '../../lib/catalogue.ts';
import { readAssembly, root } from '../../local/assembly.ts';
import { Stack } from '../../local/stack.ts';
import { assemblyOf } from '../support/assembly.ts';

type Hints = { readonly readOnlyHint: boolean; readonly destructiveHint: boolean; readonly openWorldHint: boolean };
const reading: Hints = { readOnlyHint: true, destructiveHint: false, openWorldHint: false };
const adding: Hints = { ...reading, readOnlyHint: false };
const changing: Hints = { ...adding, destructiveHint: true };

type Written = {
  readonly hints: Hints;
  readonly run: string;
  /** What stands above the tool in its file. */
  readonly above?: string;
  /** Further files, beside it. */
  readonly files?: Readonly<Record<string, string>>;
};

/** A module that serves one tool, which says this of itself and does that. Nobody has checked its types. */
function moduleWith({ hints, run, above = '', files = {} }: Written): string {
  mkdirSync(join(root, '.generated'), { recursive: true });
  const folder = mkdtempSync(join(root, '.generated/tools-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  for (const [file, code] of Object.entries(files)) writeFileSync(join(folder, file), code);
  writeFileSync(
    join(folder, 'tool.ts'),
    `import * as z from 'zod';
import { defineTool } from '#tools/define-tool.ts';
${above}
export default defineTool({
  name: 'one', title: 'One', description: 'Does something.', scope: 'todos:read',
  input: z.strictObject({}), output: z.object({}), annotations: ${JSON.stringify(hints)},
  ${run},
});
`,
  );
  writeFileSync(
    join(folder, 'index.ts'),
    `import one from './tool.ts';
export { scopes } from '#tools/scopes.ts';
export const packs = { ones: { tools: [one], items: { ofPerson: ['ONE#'] } } };
`,
  );
  return join(folder, 'index.ts');
}

describe('a tool whose code denies what it says is refused at synth', () => {
  const put = "call.write({ pk: 'ONE#', sk: 'ONE', put: {} })";
  const remove = "call.write({ pk: 'ONE#', sk: 'ONE', remove: true, condition: 'x = x' })";

  test.for<[string, Written, string]>([
    [
      'reads, and would destroy',
      { hints: { ...reading, destructiveHint: true }, run: 'run: () => ({})' },
      'destroys nothing',
    ],
    ['reads, and writes', { hints: reading, run: `run: (_, call) => { ${put}; return {}; }` }, 'stages a write'],
    [
      'reads, and writes in a method',
      { hints: reading, run: `async run(_, call) { ${put}; return {}; }` },
      'stages a write',
    ],
    [
      'reads, and takes write out of its call',
      { hints: reading, run: 'run: (_, { write }) => { write({}); return {}; }' },
      'stages a write',
    ],
    [
      'reads, and takes write out of its call later',
      { hints: reading, run: 'run: function (_, call) { const { now, write: stage } = call; stage({}); return {}; }' },
      'stages a write',
    ],
    [
      'reads, and writes by another spelling',
      { hints: reading, run: "run: (_, call) => { call['write']({}); return {}; }" },
      'stages a write',
    ],
    [
      'reads, and counts',
      { hints: reading, run: "run: (_, call) => { call.keep('x', {}); return {}; }" },
      'stages a write',
    ],
    [
      'reads, and writes as it asks',
      { hints: reading, run: `run: () => ({}), confirm: (_, call) => { ${put}; return ''; }` },
      'stages a write',
    ],
    [
      'adds, and removes by another spelling',
      { hints: adding, run: `run: (_, call) => { ${remove.replace('remove:', "'remove':")}; return {}; }` },
      'stages a removal',
    ],
    ['adds, and removes', { hints: adding, run: `run: (_, call) => { ${remove}; return {}; }` }, 'stages a removal'],
    [
      'stays here, and fetches',
      { hints: reading, run: "run: async () => { await fetch('https://a.example'); return {}; }" },
      'tool.ts → fetch',
    ],
    [
      'stays here, and fetches by the global object',
      { hints: reading, run: "run: async () => { await globalThis.fetch('https://a.example'); return {}; }" },
      'fetch',
    ],
    [
      'stays here, and fetches by a name that is written with an escape',
      { hints: reading, run: "run: async () => { await f\\u0065tch('https://a.example'); return {}; }" },
      'tool.ts → fetch',
    ],
    [
      'stays here, and opens a socket',
      { hints: reading, run: "run: () => { new WebSocket('wss://a.example'); return {}; }" },
      'WebSocket',
    ],
    [
      'stays here, and connects',
      { hints: reading, above: "import { connect } from 'node:net';", run: 'run: () => { connect(1); return {}; }' },
      'node:net',
    ],
    [
      'stays here, and runs a program',
      { hints: reading, above: "import { exec } from 'child_process';", run: "run: () => { exec('ls'); return {}; }" },
      'child_process',
    ],
    [
      'stays here, and reaches out by a file of its own',
      {
        hints: reading,
        above: "import { reach } from './reach.ts';",
        run: 'run: () => reach()',
        files: { 'reach.ts': "export const reach = async () => { await fetch('https://a.example'); return {}; };" },
      },
      'reach.ts → fetch',
    ],
    [
      'stays here, and asks a service',
      {
        hints: reading,
        above: "import { ask } from '#tools/everyday/service.ts';",
        run: 'run: () => { ask; return {}; }',
      },
      'core/fetch',
    ],
  ])('it %s', ([, written, sentence]) => {
    expect(() => catalogue(undefined, moduleWith(written))).toThrow(sentence);
  });

  test.for<[string, Written]>([
    [
      'says so',
      {
        hints: { ...changing, openWorldHint: true },
        run: `run: async (_, call) => { await fetch('https://a.example'); ${remove}; return {}; }`,
      },
    ],
    [
      'only names it in a text',
      { hints: reading, run: 'run: (_, call) => ({ said: `call.write({ remove: true }) and fetch()` + call.now })' },
    ],
    [
      'has words of its own for what it reads',
      {
        hints: reading,
        run: `run: ({ keep, write }, call) => {
          const words = { keep, remove: true };
          process.stdout.write('');
          return { said: [words.keep, write, call.now] };
        }`,
      },
    ],
    [
      'adds, and reads what is to be removed',
      {
        hints: adding,
        run: `run: ({ remove }, call) => { ${put}; return { said: remove }; }`,
      },
    ],
    [
      'has a function of that name',
      { hints: reading, above: 'const fetch = (what) => what;', run: "run: () => { fetch('nothing'); return {}; }" },
    ],
    [
      'reads the table',
      {
        hints: reading,
        above: "import { find } from '#core/store/table.ts';",
        run: "run: async (_, call) => { await find({ pk: 'ONE#', sk: 'ONE' }, call.now); return {}; }",
      },
    ],
    [
      'uses what stays in the process',
      { hints: reading, above: "import { randomInt } from 'node:crypto';", run: 'run: () => ({ said: randomInt(2) })' },
    ],
  ])('and not one that %s', ([, written]) => {
    expect(catalogue(undefined, moduleWith(written)).effects).toEqual([{ name: 'one', ...written.hints }]);
  });
});

describe('what the MCP Lambda may do with the items of a pack is what its tools say', () => {
  const reads = ['BatchGetItem', 'GetItem', 'Query'];
  const adds = ['ConditionCheckItem', 'PutItem', 'UpdateItem'];

  test.for<[string, Hints, readonly string[]]>([
    ['reads', reading, reads],
    ['adds', adding, [...reads, ...adds]],
    ['overwrites and removes', changing, [...reads, ...adds, 'DeleteItem']],
  ])('one that %s', async ([, hints, actions]) => {
    const folder = await assemblyOf({ tools: moduleWith({ hints, run: 'run: () => ({})' }) });
    const stack = new Stack(readAssembly(folder), 'http://localhost');
    const mcp = stack.routes.find(({ key }) => key === 'POST /mcp');
    const touching = stack
      .statements(mcp?.functionId ?? '')
      .filter(({ conditions }) =>
        conditions.get('ForAllValues:StringLike')?.get('dynamodb:LeadingKeys')?.includes('ONE#*'),
      );
    expect(touching.flatMap((statement) => statement.actions).sort()).toEqual(
      actions.map((action) => `dynamodb:${action}`).sort(),
    );
    expect(readFileSync(join(folder, 'Vestibule.metadata.json'), 'utf8')).toContain('vestibule:tools');
  });
});
