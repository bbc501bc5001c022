import { afterEach, describe, expect, onTestFinished, test, vi } from 'vitest';
import { admin as adminHere } from '../../cli/admin/admin.ts';
import { groups } from '../../cli/admin/commands.ts';
import { readOptions } from '../../cli/admin/options.ts';
import { freePort, serving } from '../support/loopback-server.ts';
import { startStackWith } from '../support/settings-stack.ts';
import { admin, adminAlone, Operator } from './admin-process.ts';
import { withoutCredentials } from './doctor-process.ts';
import { runHere } from './program.ts';

afterEach(() => vi.unstubAllEnvs());

type Answer = (path: string) => { readonly status: number; readonly body: string };

/** A server on this machine with these answers. Gives its origin. */
function answering(answer: Answer): Promise<string> {
  return serving((request, response) => {
    const { status, body } = answer(request.url ?? '');
    response.writeHead(status, { 'content-type': 'text/xml' }).end(body);
  });
}

describe('the command line', () => {
  const wrong: readonly { readonly args: readonly string[]; readonly says: string }[] = [
    { args: [], says: 'Say what to do: clients add, clients list' },
    { args: ['clients'], says: 'There is no command "clients": there are clients add' },
    { args: ['clients', 'fly'], says: 'There is no command "clients fly": there are clients add' },
    { args: ['tenants', 'fly'], says: 'There is no command "tenants fly": there are tenants add' },
    { args: ['fly'], says: 'There is no command "fly": there are clients add' },
    { args: ['clients', 'list', '--bogus'], says: "Unknown option '--bogus'" },
    { args: ['clients', 'list', '--finish'], says: 'clients list does not take --finish' },
    { args: ['clients', 'list', 'all'], says: 'clients list does not take "all"' },
    { args: ['clients', 'show'], says: 'clients show needs the id of a client' },
    { args: ['clients', 'show', 'one', 'two'], says: 'clients show does not take "two"' },
    { args: ['clients', 'add'], says: 'clients add needs --name' },
    { args: ['people', 'move'], says: 'people move needs an email address' },
    { args: ['people', 'move', 'anna@acme.example'], says: 'people move needs a tenant' },
    { args: ['people', 'move', 'anna@acme.example', 'acme', 'now'], says: 'people move does not take "now"' },
    { args: ['tenants', 'set-role', 'acme', 'anna@acme.example'], says: 'tenants set-role needs --role' },
    { args: ['tenants', 'policy', 'acme'], says: 'tenants policy needs what to change' },
    {
      args: ['tenants', 'policy', 'acme', '--tools', 'a', '--all-tools'],
      says: '--tools and --all-tools cannot be used together',
    },
    { args: ['tenants', 'policy', 'acme', '--no-call-limit', '--calls-per-hour', '1'], says: '--no-call-limit and' },
    { args: ['tenants', 'policy', 'acme', '--calls-per-hour', 'many'], says: 'must be a whole number; it is many' },
    { args: ['trusts', 'add', 'acme'], says: 'trusts add needs --issuer' },
    { args: ['trusts', 'add', 'acme', '--issuer', 'https://a.example', '--claim', 'a'], says: '--claim must be NAME=' },
    {
      args: ['trusts', 'add', 'acme', '--issuer', 'https://a.example', '--claim', 'a=1', '--claim', 'a=2'],
      says: '--claim a is given twice',
    },
    { args: ['trusts', 'remove', 'acme'], says: 'trusts remove needs the id of a trust' },
    { args: ['completion'], says: 'completion needs a shell: bash, zsh or fish' },
    { args: ['completion', 'csh'], says: 'completion needs a shell: bash, zsh or fish; it is csh' },
    { args: ['clients', 'list', '--stack', 'A', '--local'], says: '--stack and --local cannot be used together' },
    { args: ['clients', 'list', '--local', 'https://example.com'], says: '--local must be an http address of this' },
  ];
  test.for(wrong)('$args is refused in one sentence', async ({ args, says }) => {
    const isPlaced = args.includes('--stack') || args.includes('--local') || args.length < 2;
    const url = await answering(() => ({ status: 200, body: '{"AdminFunction":"Admin"}' }));
    const { code, stdout, stderr } = await admin([...args, ...(isPlaced ? [] : ['--local', url])]);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain(says);
    expect(stderr.trimEnd()).not.toContain('\n');
  });

  const topics = [
    'clients',
    'tenants',
    'trusts',
    'people',
    'reviewers',
    'grants',
    'limits',
    'audit',
    'stats',
    'completion',
  ];

  test('--help lists every command, and how to have each explained', async () => {
    const { code, stdout } = await admin(['--help']);
    expect(code).toBe(0);
    for (const topic of topics) expect(stdout).toMatch(new RegExp(`^  ${topic}\\b`, 'm'));
    for (const option of ['stack', 'local', 'json', 'yes', 'help']) expect(stdout).toContain(`--${option} `);
    expect(stdout).toContain('npm run admin -- clients --help');
    expect(stdout).not.toContain('--redirect-uri URI');
  });

  test.for(topics)('--help explains every option of %s, with examples that the command line takes', async (topic) => {
    const { code, stdout } = await admin([topic, '--help']);
    expect(code).toBe(0);
    const [, commands = '', examples = ''] = /^(.*)\n\nExamples:\n(.*?)\n\n/s.exec(stdout) ?? [];
    const called = examples
      .split('\n')
      .map((line) => /^ {2}npm run (?:--silent )?admin -- (.+)$/.exec(line)?.[1] ?? '');
    expect(called.length).toBeGreaterThan(0);
    for (const line of called) expect(() => readOptions(wordsOf(line))).not.toThrow();
    const explained = [...commands.matchAll(/^ {2}([a-z-]+(?: [a-z-]+)?)(?= {2}| [A-Z]|$)/gm)].map(([, name]) => name);
    const shown = explained.filter((name) => called.some((line) => `${line} `.startsWith(`${name} `)));
    expect(shown).toEqual(explained);
  });

  test('--help explains one command alone', async () => {
    const { stdout } = await admin(['clients', 'rotate-secret', '--help']);
    expect(stdout).toContain('--finish');
    expect(stdout).not.toContain('clients add');
  });

  test.for([40, 72, 100])('--help fits a terminal of %i columns', async (columns) => {
    vi.stubEnv('COLUMNS', String(columns));
    const { stdout } = await admin(['--help']);
    const long = stdout.split('\n').filter((line) => line.length > columns && !line.includes('npm run'));
    expect(long).toEqual([]);
  });
});

/** The words of a command line, as a shell reads them up to where its output goes. */
function wordsOf(line: string): string[] {
  const [command = ''] = line.split(/ (?:>|&&) /);
  return [...command.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain ?? '');
}

describe('what cannot be undone', () => {
  const lost: readonly (readonly string[])[] = [
    ['clients', 'remove', 'reports'],
    ['clients', 'rotate-secret', 'reports', '--finish'],
    ['tenants', 'remove', 'acme'],
    ['tenants', 'remove-domain', 'acme', 'acme.example'],
    ['tenants', 'remove-member', 'acme', 'anna@acme.example'],
    ['people', 'end-grants', 'anna@acme.example'],
    ['people', 'end-grants', 'anna@acme.example', '--grant', 'one'],
    ['people', 'end-everything', 'anna@acme.example'],
    ['people', 'disable', 'anna@acme.example'],
    ['people', 'move', 'anna@acme.example', 'acme'],
    ['grants', 'revoke', 'one'],
  ];
  const all = readOptionsOfEveryCommand();

  /** A server that counts what it is asked to do. */
  async function counting(): Promise<{ readonly url: string; readonly asked: () => number }> {
    let asked = 0;
    const url = await answering((path) => {
      if (path === '/local/outputs') return { status: 200, body: '{"AdminFunction":"Admin"}' };
      asked += 1;
      return { status: 200, body: '{"ok":true,"result":{"done":true}}' };
    });
    return { url, asked: () => asked };
  }

  test.for(lost.map((words) => ({ words, name: words.join(' ') })))(
    '$name needs --yes where nobody can be asked',
    async ({ words }) => {
      const { url, asked } = await counting();
      const run = await admin([...words, '--local', url]);
      expect(run).toMatchObject({ code: 2, stdout: '' });
      expect(run.stderr).toBe(
        `${words[0]} ${words[1]} can't be undone: add --yes to run it without a question. Nothing was done.\n`,
      );
      expect(asked()).toBe(0);
      expect(await admin([...words, '--yes', '--local', url])).toMatchObject({ code: 0 });
      expect(asked()).toBe(1);
    },
  );

  test.for(['y', 'yes', ' YES '])('is done when its person answers %j', async (answer) => {
    const { url, asked } = await counting();
    const { outcome, questions } = await answeredBy(answer, ['clients', 'remove', 'reports', '--local', url]);
    expect(outcome.code).toBe(0);
    expect(questions).toEqual([expect.stringMatching(/^The client reports is removed.* can't be undone. Go on\?/)]);
    expect(asked()).toBe(1);
  });

  test.for(['', 'n', 'no', 'yes please', 'j'])('is not done when its person answers %j', async (answer) => {
    const { url, asked } = await counting();
    const { outcome } = await answeredBy(answer, ['clients', 'remove', 'reports', '--local', url]);
    expect(outcome).toEqual({ code: 1, stdout: '', stderr: 'Nothing was done.\n' });
    expect(asked()).toBe(0);
  });

  test('is what removes, ends or moves, and only that is asked', () => {
    const asking = all.filter(({ asks }) => asks).map(({ name }) => name);
    const harmful = all
      .filter(({ name }) => /remove|end-|disable|delete|move|unlink|revoke/.test(name))
      .map(({ name }) => name);
    expect(asking).toEqual(harmful);
  });
});

function readOptionsOfEveryCommand() {
  return groups.flatMap(({ commands }) =>
    commands.map(({ name, question, operands = [] }) => {
      const given = { operands: operands.map(({ shown }) => shown), text: () => undefined, texts: () => [] };
      return { name, asks: question?.({ ...given, isSet: () => false }) !== undefined };
    }),
  );
}

/** Runs the command line at a terminal whose person answers so. */
async function answeredBy(answer: string, args: readonly string[]) {
  const questions: string[] = [];
  const question = async (text: string) => {
    questions.push(text);
    return answer;
  };
  const outcome = await runHere((words, terminal) => adminHere(words, { ...terminal, question }), args);
  return { outcome, questions };
}

describe('long work', () => {
  test('tells how far it is, beside the output', async () => {
    let answers = ['{"grants_ended":200,"done":false}', '{"grants_ended":31,"done":true}'];
    const url = await answering((path) => {
      if (path === '/local/outputs') return { status: 200, body: '{"AdminFunction":"Admin"}' };
      const [result, ...others] = answers;
      answers = others;
      return { status: 200, body: `{"ok":true,"result":${result}}` };
    });
    const run = await admin(['people', 'disable', 'anna@acme.example', '--yes', '--json', '--local', url]);
    expect(run).toMatchObject({ code: 0, stderr: 'Grants ended so far: 200.\n' });
    expect(JSON.parse(run.stdout)).toEqual({ grants_ended: 231, done: true });
  });
});

describe('a server that cannot be used', () => {
  test('because nothing listens there', async () => {
    const url = `http://127.0.0.1:${await freePort()}`;
    const run = await admin(['clients', 'list', '--local', url]);
    expect(run).toEqual({ code: 1, stdout: '', stderr: `${url} cannot be reached: nothing listens there.\n` });
  });

  test('because it is another one', async () => {
    const url = await answering(() => ({ status: 404, body: '{}' }));
    const run = await admin(['clients', 'list', '--local', url]);
    expect(run).toMatchObject({ code: 1, stderr: expect.stringContaining('has no output AdminFunction') });
  });

  test('because its Lambda failed', async () => {
    const url = await answering((path) =>
      path === '/local/outputs'
        ? { status: 200, body: '{"AdminFunction":"Admin"}' }
        : { status: 404, body: '{"Message":"Function not found: Admin"}' },
    );
    const run = await admin(['clients', 'list', '--local', url]);
    expect(run).toMatchObject({ code: 1, stdout: '', stderr: expect.stringContaining('Function not found: Admin') });
  });
});

describe('a stack in AWS', () => {
  test.for([
    [{}, 'No AWS region is set: set AWS_REGION, or AWS_PROFILE to a profile that has one.'],
    [{ AWS_REGION: 'eu-central-1' }, 'There are no AWS credentials: '],
  ] as const)('needs a region and credentials, and says so: %j', async ([env, says]) => {
    const run = await adminAlone(['stats'], { ...withoutCredentials(), AWS_REGION: '', ...env });
    expect(run).toMatchObject({ code: 1, stderr: expect.stringContaining(says) });
    expect(run.stderr).toContain('For the server on this machine, add --local.');
  });

  const region = { AWS_REGION: 'us-east-1', AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test' };

  const described = (
    outputs: string,
  ) => `<DescribeStacksResponse xmlns="http://cloudformation.amazonaws.com/doc/2010-05-15/">
    <DescribeStacksResult><Stacks><member><StackName>Mine</StackName><Outputs>${outputs}</Outputs></member></Stacks></DescribeStacksResult>
  </DescribeStacksResponse>`;
  const missing = `<ErrorResponse><Error><Type>Sender</Type><Code>ValidationError</Code>
    <Message>Stack with id Mine does not exist</Message></Error></ErrorResponse>`;

  test('is found by its name, and its clients by the function that it names', async () => {
    const redirectUris = ['https://reports.example/callback'];
    const client = { id: 'reports', name: 'Reports', redirectUris, authMethod: 'none' } as const;
    const stack = await startStackWith({ clients: [client] });
    onTestFinished(() => stack.stop());
    const { AdminFunction } = (await (await fetch(`${stack.issuer}/local/outputs`)).json()) as Record<string, string>;
    const output = `<member><OutputKey>AdminFunction</OutputKey><OutputValue>${AdminFunction}</OutputValue></member>`;
    const cloudFormation = await answering(() => ({ status: 200, body: described(output) }));
    const env = {
      ...region,
      AWS_ENDPOINT_URL_CLOUDFORMATION: cloudFormation,
      AWS_ENDPOINT_URL_LAMBDA: `${stack.issuer}/local/lambda`,
    };
    const list = await adminAlone(['clients', 'list', '--stack', 'Mine', '--json'], env);
    expect(list).toMatchObject({ code: 0, stderr: '' });
    expect(JSON.parse(list.stdout).clients).toMatchObject([{ client_id: 'reports', origin: 'settings' }]);

    const operator = new Operator(stack.issuer);
    expect(await operator.json('clients', 'show', 'reports')).toMatchObject({ redirect_uris: redirectUris });
    const removal = await operator.run('clients', 'remove', 'reports');
    expect(removal).toMatchObject({ code: 1, stderr: expect.stringContaining('is a client of the settings') });
    const about = ['--name', 'Other', '--redirect-uri', 'https://other.example/'];
    const addition = await operator.run('clients', 'add', ...about, '--id', 'reports');
    expect(addition).toMatchObject({ code: 1, stderr: 'The id reports is taken.\n' });
  });

  test('that does not exist is said so', async () => {
    const AWS_ENDPOINT_URL_CLOUDFORMATION = await answering(() => ({ status: 400, body: missing }));
    const run = await adminAlone(['clients', 'list', '--stack', 'Mine'], {
      ...region,
      AWS_ENDPOINT_URL_CLOUDFORMATION,
    });
    const stderr = 'There is no stack Mine in this account and region: --stack names another.\n';
    expect(run).toEqual({ code: 1, stdout: '', stderr });
  });

  test('without the function is an older one', async () => {
    const AWS_ENDPOINT_URL_CLOUDFORMATION = await answering(() => ({ status: 200, body: described('') }));
    const run = await adminAlone(['clients', 'list', '--stack', 'Mine'], {
      ...region,
      AWS_ENDPOINT_URL_CLOUDFORMATION,
    });
    expect(run).toMatchObject({ code: 1, stderr: expect.stringContaining('has no output AdminFunction') });
  });
});
