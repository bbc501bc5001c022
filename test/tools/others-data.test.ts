import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Aws, startAws } from '../support/aws.ts';
import { type Answer, askModern, outputOf, resultOf } from '../support/mcp.ts';
import { Operator } from '../support/operator.ts';
import { type Member, newMember } from '../support/people.ts';
import { startStackWith } from '../support/settings-stack.ts';
import type { RunningStack } from '../support/stack.ts';

let aws: Aws;
let stack: RunningStack;
let operator: Operator;
let victim: Victim;
/** An admin of another tenant, and somebody who shares the victim's. */
let attackers: Record<Attacker, Member>;

type Attacker = 'stranger' | 'colleague';

/** Somebody who has things, and words that stand in them and nowhere else. */
type Victim = Member & {
  readonly todo: string;
  readonly document: string;
  readonly todoWord: string;
  readonly documentWord: string;
};

beforeAll(async () => {
  aws = await startAws();
  const nowhere = 'http://127.0.0.1:9';
  const environment = { SEARCH_URL: nowhere, WEATHER_URL: nowhere, GEOCODING_URL: nowhere };
  stack = await startStackWith({ tools: { environment } }, { env: aws.env });
  operator = new Operator(aws.table);
  const tenant = await operator.newTenant();
  victim = await withThings(await newMember(stack.issuer, operator, tenant, { role: 'admin' }));
  attackers = {
    stranger: await newMember(stack.issuer, operator, await operator.newTenant(), { role: 'admin' }),
    colleague: await newMember(stack.issuer, operator, tenant),
  };
});
afterAll(async () => {
  await stack?.stop();
  await aws?.stop();
});

async function withThings(member: Member): Promise<Victim> {
  const [todoWord = '', documentWord = ''] = [randomUUID(), randomUUID()];
  const todo = { title: `Todo ${todoWord}`, notes: todoWord, tags: [todoWord] };
  const document = { title: `Document ${documentWord}`, text: documentWord };
  const idOf = async (name: string, args: object) => String(outputOf(await call(member, name, args)).id);
  await call(member, 'save_document', { title: 'One more, for the purge', text: '' });
  return {
    ...member,
    todoWord,
    documentWord,
    todo: await idOf('create_todo', todo),
    document: await idOf('save_document', document),
  };
}

function call({ token }: Member, name: string, args: object): Promise<Answer> {
  return askModern(stack.issuer, token, 'tools/call', { name, arguments: args });
}

/**
 * How somebody would reach for what is another's through a tool: the calls that they try, and what the very first of
 * them comes to when the owner makes it. That shows that the call reaches for something: `gives` it to the owner,
 * `changes` it for them, or has `nothing` of anybody.
 */
type Attack = {
  readonly tries: (of: Victim) => readonly object[];
  readonly owner: 'gives' | 'changes' | 'nothing';
  /** Whether people of one tenant share what it is about. */
  readonly isShared?: true;
};

const startOfList = Buffer.from('0'.repeat(26)).toString('base64url');

/** In the order in which they are made: what deletes comes last. */
const attacks: Readonly<Record<string, Attack>> = {
  list_todos: {
    tries: ({ todo, todoWord }) => [
      { text: todoWord },
      { tag: todoWord },
      {},
      { cursor: startOfList },
      { cursor: Buffer.from(todo).toString('base64url') },
    ],
    owner: 'gives',
  },
  get_todo: {
    tries: ({ todo, tenant, subject }) => [{ id: todo }, { id: `../${subject}` }, { id: `TODO#${tenant}#${subject}` }],
    owner: 'gives',
  },
  create_todo: {
    tries: ({ todo, subject, tenant }) => [{ title: 'x' }, { title: 'x', id: todo }, { title: 'x', subject, tenant }],
    owner: 'nothing',
  },
  search_documents: {
    tries: ({ todoWord }) => [{ query: todoWord }, { query: 'todo' }, { query: 'document', limit: 50 }],
    owner: 'gives',
  },
  list_documents: {
    tries: ({ documentWord, subject }) => [
      { title: documentWord },
      {},
      { author: subject },
      { cursor: Buffer.from('7'.repeat(26)).toString('base64url') },
    ],
    owner: 'gives',
    isShared: true,
  },
  get_document: {
    tries: ({ document, tenant }) => [{ id: document }, { id: `DOCUMENT#${tenant}` }],
    owner: 'gives',
    isShared: true,
  },
  export_report: {
    tries: ({ tenant, subject }) => [
      { what: 'todos' },
      { what: 'todos', whose: 'tenant' },
      { what: 'audit' },
      { what: 'audit', whose: 'tenant' },
      { what: 'todos', reportId: subject },
      { what: 'todos', subject, tenant },
    ],
    owner: 'gives',
  },
  whoami: { tries: ({ subject }) => [{}, { subject }], owner: 'nothing' },
  greet: { tries: () => [{ name: 'x' }], owner: 'nothing' },
  server_time: { tries: () => [{}], owner: 'nothing' },
  echo: { tries: () => [{ message: 'x' }], owner: 'nothing' },
  calculator: { tries: () => [{ expression: '1 + 1' }], owner: 'nothing' },
  get_weather: { tries: () => [{ latitude: 1, longitude: 1 }], owner: 'nothing' },
  search_web: { tries: ({ todoWord }) => [{ query: todoWord }], owner: 'nothing' },
  update_todo: { tries: ({ todo }) => [{ id: todo, title: 'Mine' }], owner: 'changes' },
  save_document: { tries: ({ document }) => [{ id: document, text: 'Mine' }], owner: 'changes', isShared: true },
  complete_todo: { tries: ({ todo }) => [{ id: todo }], owner: 'changes' },
  delete_todo: { tries: ({ todo }) => [{ id: todo }], owner: 'changes' },
  delete_document: { tries: ({ document }) => [{ id: document }], owner: 'changes', isShared: true },
  admin_purge: { tries: () => [{ confirm: true }], owner: 'changes', isShared: true },
};

/** All that the victim has, as the table keeps it. */
async function things({ tenant, subject }: Victim) {
  return [await operator.itemsAt(`TODO#${tenant}#${subject}`), await operator.itemsAt(`DOCUMENT#${tenant}`)];
}

/** What an attacker must neither read nor touch. Nobody learns anything from what they said themselves. */
function secrets(attacker: Attacker, of: Victim, sent: object): string[] {
  const own = [of.subject, of.todo, of.todoWord];
  const all = attacker === 'stranger' ? [...own, of.tenant, of.document, of.documentWord] : own;
  return all.filter((word) => !JSON.stringify(sent).includes(word));
}

/** The partitions that calls to the table reached. */
function partitionsIn(bodies: readonly string[]): string[] {
  return bodies.flatMap((body) => [...body.matchAll(/"(?:pk|:pk)":\{"S":"([^"]+)"/g)].map(([, pk = '']) => pk));
}

/** Lets an attacker ask for something. Holds the answer, and what was asked of the table for it, to what is theirs. */
async function expectNothingOf(attacker: Attacker, sent: object, attempt: (as: Member) => Promise<Answer>) {
  const before = await things(victim);
  let answer = '';
  const calls = await aws.callsDuring(async () => {
    answer = JSON.stringify((await attempt(attackers[attacker])).message);
  });
  expect(secrets(attacker, victim, sent).filter((word) => answer.includes(word))).toEqual([]);
  const theirs = attacker === 'stranger' ? [victim.subject, victim.tenant] : [victim.subject];
  const reached = partitionsIn(calls.map(({ body }) => body));
  expect(reached.filter((pk) => theirs.some((part) => pk.includes(part)))).toEqual([]);
  expect(reached.length).toBeGreaterThan(0);
  expect(await things(victim)).toEqual(before);
}

describe('every tool that there is', () => {
  test('is tried below: a new one needs an entry that says how it would be misused', async () => {
    const tools = resultOf(await askModern(stack.issuer, victim.token, 'tools/list')).tools as { name: string }[];
    expect(Object.keys(attacks).sort()).toEqual(tools.map(({ name }) => name).sort());
  });

  test.for(Object.entries(attacks))('gives a stranger nothing of another tenant: %s', async ([name, { tries }]) => {
    for (const args of tries(victim)) await expectNothingOf('stranger', args, (as) => call(as, name, args));
  });

  test.for(Object.entries(attacks).filter(([, { isShared }]) => !isShared))(
    'gives somebody of the same tenant nothing that is another person’s: %s',
    async ([name, { tries }]) => {
      for (const args of tries(victim)) await expectNothingOf('colleague', args, (as) => call(as, name, args));
    },
  );

  test('keeps from who is no admin what is an admin’s', async () => {
    const { message } = await call(attackers.colleague, 'admin_purge', { confirm: true });
    expect(message.error?.code).toBe(-32_602);
    const { isError } = resultOf(await call(attackers.colleague, 'export_report', { whose: 'tenant' }));
    expect(isError).toBe(true);
  });
});

describe('every resource and prompt that there is', () => {
  /** Where the victim's things are, for each template. */
  const uris: Readonly<Record<string, (of: Victim) => string>> = {
    'todo://{id}': ({ todo }) => `todo://${todo}`,
    'todo://list/{tag}': ({ todoWord }) => `todo://list/${todoWord}`,
  };
  const prompts: Readonly<Record<string, (of: Victim) => object>> = {
    plan_my_day: ({ todoWord }) => ({ focus: todoWord }),
  };
  const list = async (method: string) => resultOf(await askModern(stack.issuer, victim.token, method));
  const both = ['stranger', 'colleague'] as const;

  test('is tried below: a new one needs an entry that says where the victim’s are', async () => {
    const { resourceTemplates } = await list('resources/templates/list');
    const templates = (resourceTemplates as { uriTemplate: string }[]).map(({ uriTemplate }) => uriTemplate);
    expect(Object.keys(uris).sort()).toEqual(templates.sort());
    const names = ((await list('prompts/list')).prompts as { name: string }[]).map(({ name }) => name);
    expect(Object.keys(prompts).sort()).toEqual(names.sort());
  });

  test.for(both)('gives nothing to a %s who knows its address', async (attacker) => {
    const listed = ((await list('resources/list')).resources as { uri: string }[]).map(({ uri }) => uri);
    expect(listed).toContain(`todo://${victim.todo}`);
    for (const uri of [...listed, ...Object.values(uris).map((of) => of(victim))]) {
      await expectNothingOf(attacker, { uri }, ({ token }) =>
        askModern(stack.issuer, token, 'resources/read', { uri }),
      );
    }
  });

  test.for(both)('is in no list of a %s', async (attacker) => {
    for (const method of ['resources/list', 'resources/templates/list', 'prompts/list']) {
      await expectNothingOf(attacker, {}, ({ token }) => askModern(stack.issuer, token, method));
    }
  });

  test.for(both)('is told to a %s neither by a prompt nor by a suggestion', async (attacker) => {
    for (const [name, argumentsOf] of Object.entries(prompts)) {
      for (const args of [{}, argumentsOf(victim)]) {
        const params = { name, arguments: args };
        await expectNothingOf(attacker, args, ({ token }) => askModern(stack.issuer, token, 'prompts/get', params));
      }
    }
    for (const [ref, name] of suggestible) {
      const params = { ref, argument: { name, value: '' } };
      const ask = ({ token }: Member) => askModern(stack.issuer, token, 'completion/complete', params);
      expect(JSON.stringify((await ask(victim)).message)).toContain(victim.todoWord);
      await expectNothingOf(attacker, {}, ask);
    }
  });

  test('gives its owner what the others did not get', async () => {
    for (const uri of Object.values(uris).map((of) => of(victim))) {
      const answer = await askModern(stack.issuer, victim.token, 'resources/read', { uri });
      expect(JSON.stringify(resultOf(answer))).toContain(victim.todoWord);
    }
    for (const [name, argumentsOf] of Object.entries(prompts)) {
      const params = { name, arguments: argumentsOf(victim) };
      const answer = await askModern(stack.issuer, victim.token, 'prompts/get', params);
      expect(JSON.stringify(resultOf(answer).messages)).toContain(`Todo ${victim.todoWord}`);
    }
  });

  const suggestible = [
    [{ type: 'ref/resource', uri: 'todo://list/{tag}' }, 'tag'],
    [{ type: 'ref/prompt', name: 'plan_my_day' }, 'focus'],
  ] as const;
});

/** Last, for it changes and deletes what there is. */
describe('the same calls, made by the owner,', () => {
  test.for(Object.entries(attacks))('show that they reach for something: %s', async ([name, { tries, owner }]) => {
    const before = await things(victim);
    const [args = {}] = tries(victim);
    const answer = await call(victim, name, args);
    const text = JSON.stringify(answer.message);
    const isGiven = text.includes(`Todo ${victim.todoWord}`) || text.includes(`Document ${victim.documentWord}`);
    if (owner === 'changes') expect(resultOf(answer).isError, text).toBeUndefined();
    if (owner === 'changes') expect(await things(victim)).not.toEqual(before);
    else expect(isGiven, text).toBe(owner === 'gives');
  });
});
