import { beforeAll, describe, expect, inject, test } from 'vitest';
import { Operator } from '../cli/admin-process.ts';
import { moreThanAnHour } from '../support/clock.ts';
import { missing } from '../support/machine.ts';
import { signIn } from '../support/sign-in.ts';
import type { Language } from './languages.ts';
import { type Command, Program } from './program.ts';

/** An SDK, and the program made with it. */
type Sdk = {
  readonly name: string;
  readonly command: Command;
  /** The newest revision of MCP in which it speaks. */
  readonly revision: string;
  /** How it knows that a token has expired. */
  readonly expiry: 'by its own clock' | 'when the server refuses it';
};

const issuer = inject('issuer');
const metadataUrl = inject('metadataUrl');
const kinds = [
  { kind: 'by registration', url: undefined },
  { kind: 'by its metadata document', url: metadataUrl },
];

/** Has each SDK of a language walk the whole flow. Says so when that can't be done on this machine. */
export function describeLanguage({ tools, build }: Language, sdks: readonly Sdk[]): void {
  const reason = missing(tools);
  if (reason) console.warn(`Not run: ${sdks.map(({ name }) => name).join(' and ')}. ${reason}`);
  else beforeAll(build);
  describe.skipIf(reason).for(sdks)('$name', describeSdk);
}

function describeSdk({ command, revision, expiry }: Sdk): void {
  const newProgram = () => new Program(command, issuer);

  test.for(kinds)('signs in $kind, with PKCE and the resource, lists the tools and calls them', async ({ url }) => {
    const program = newProgram();
    await program.connect(url);
    const { searchParams } = askedLast(program);
    expect(Object.fromEntries(searchParams)).toMatchObject({
      code_challenge_method: 'S256',
      resource: `${issuer}/mcp`,
    });
    expect(searchParams.get('client_id')).toEqual(url ?? expect.not.stringContaining(':'));
    expect(await program.listTools()).toEqual(expect.arrayContaining(['list_todos', 'create_todo', 'whoami']));
    await create(program, 'Water the plants');
    expect(await titles(program)).toEqual(['Water the plants']);
    expect([...program.revisions]).toEqual([revision]);
    expect(program.asked).toHaveLength(1);
  });

  test.for(kinds)(`known $kind, refreshes an expired token ${expiry}, and asks nobody`, async ({ url }) => {
    const program = newProgram();
    await program.connect(url);
    for (const round of [1, 2, 3]) {
      program.clock.advance(moreThanAnHour);
      if (expiry === 'by its own clock') await program.wait(moreThanAnHour);
      expect(await titles(program)).toEqual([]);
      expect(program.tokens.size).toBe(round + 1);
    }
    expect(program.asked).toHaveLength(1);
  });

  test('wants the person again in the call after a revocation, and works again after that', async () => {
    const program = newProgram();
    await program.connect();
    await create(program, 'Still there');
    await new Operator(issuer).result('people end-grants', { address: program.person.address });
    expect(await titles(program)).toEqual(['Still there']);
    expect(program.asked).toHaveLength(2);
  });

  test('asks for the missing scope with those it has when a call needs more, and the call works then', async () => {
    const program = newProgram();
    const { person } = program;
    program.person = { ...person, scopes: ['todos:read'] };
    await program.connect();
    expect(await titles(program)).toEqual([]);
    program.person = person;
    await create(program, 'Ask for more');
    expect(program.asked).toHaveLength(2);
    const scopes = askedLast(program).searchParams.get('scope')?.split(' ');
    expect(scopes).toEqual(expect.arrayContaining(['todos:read', 'todos:write']));
    expect(await titles(program)).toEqual(['Ask for more']);
  });

  test('finishes no sign-in that another issuer answers, RFC 9207', async () => {
    const program = newProgram();
    program.answer = async (url) => {
      const redirect = await signIn(url);
      redirect.searchParams.set('iss', 'https://other.example');
      return redirect;
    };
    await expect(program.connect()).rejects.toThrow('https://other.example');
    expect(program.tokens.size).toBe(0);
  });
}

function askedLast({ asked }: Program): URL {
  const last = asked.at(-1);
  if (!last) throw new Error('The program has sent nobody to sign in');
  return last;
}

async function create(program: Program, title: string): Promise<void> {
  expect(await program.callTool('create_todo', { title })).toMatchObject({ title });
}

async function titles(program: Program): Promise<string[]> {
  const { todos } = (await program.callTool('list_todos')) as { readonly todos: readonly { readonly title: string }[] };
  return todos.map(({ title }) => title);
}
