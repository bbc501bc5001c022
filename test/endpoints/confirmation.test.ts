import { createHash } from 'node:crypto';
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { dump } from '../support/aws.ts';
import { type CountingSite, startCountingSite } from '../support/counting-site.ts';
import { tableOf } from '../support/items.ts';
import { type Answer, askModern, callTool, outputOf, resultOf } from '../support/mcp.ts';
import { Operator } from '../support/operator.ts';
import { connected, type Member, newMember } from '../support/people.ts';
import { later, MINUTE } from '../support/redemption.ts';
import type { RunningStack } from '../support/stack.ts';
import { startStackWithTools } from '../support/tools-stack.ts';

let site: CountingSite;
let stack: RunningStack;
let issuer: string;
let operator: Operator;

beforeAll(async () => {
  site = await startCountingSite();
  stack = await startStackWithTools();
  issuer = stack.issuer;
  operator = new Operator(tableOf(issuer));
});
afterAll(async () => {
  await stack?.stop();
  site?.stop();
});

const forms = { elicitation: {} };
const yes = { confirm: { action: 'accept', content: {} } };
const tool = 'note_if_agreed';
const args = { text: 'agreed' };

/** Somebody in a tenant that has nobody else. */
const newPerson = async () => newMember(issuer, operator, await operator.newTenant());

type Sent = { readonly name?: string; readonly arguments?: object; readonly [member: string]: unknown };
type Options = Parameters<typeof askModern>[4];

/** Calls a tool that asks first, as a client that can ask a person. */
function call({ token }: Member, sent: Sent = {}, options: Options = {}): Promise<Answer> {
  const params = { name: tool, arguments: args, ...sent };
  return askModern(issuer, token, 'tools/call', params, { capabilities: forms, ...options });
}

/** The state of a question. Throws when nothing was asked. */
function stateIn(answer: Answer): string {
  const { resultType, requestState } = resultOf(answer);
  if (resultType !== 'input_required' || typeof requestState !== 'string') {
    throw new Error(`Nothing was asked: ${JSON.stringify(answer.message)}`);
  }
  return requestState;
}

async function notesOf({ token }: Member): Promise<unknown> {
  return outputOf(await callTool(issuer, token, 'list_notes')).notes;
}

/** What is on record of the calls of a tool in a person's tenant. */
async function outcomes({ tenant }: Member, name = tool): Promise<string[]> {
  const calls = (await operator.trail(tenant)).filter((line) => line.startsWith(`tool_call ${name} `));
  return calls.map((line) => line.slice(`tool_call ${name} `.length));
}

describe('a tool that asks first, MCP 2026-07-28 Elicitation', () => {
  test('asks, and does nothing yet', async () => {
    const person = await newPerson();
    const asked = resultOf(await call(person));
    const params = {
      mode: 'form',
      message: 'Note agreed?',
      requestedSchema: expect.objectContaining({ properties: {} }),
    };
    expect(asked.inputRequests).toEqual({
      confirm: { method: 'elicitation/create', params: expect.objectContaining(params) },
    });
    expect(asked).not.toHaveProperty('structuredContent');
    expect(await notesOf(person)).toEqual([]);
    expect(await outcomes(person)).toEqual(['asked']);
  });

  test('does it once when the person agrees', async () => {
    const person = await newPerson();
    const requestState = stateIn(await call(person));
    expect(outputOf(await call(person, { requestState, inputResponses: yes }))).toEqual({ noted: 1 });
    expect(await notesOf(person)).toEqual(['agreed']);
    expect(await outcomes(person)).toEqual(['asked', 'allowed']);
  });

  test('does it when the client slips in other things than before, for they are no part of the question', async () => {
    const person = await newPerson();
    const requestState = stateIn(await call(person, { arguments: { ...args, toolCallId: 'call_1' } }));
    const again = { arguments: { ...args, toolCallId: 'call_2' }, requestState, inputResponses: yes };
    expect(outputOf(await call(person, again))).toEqual({ noted: 1 });
    const other = stateIn(await call(person));
    stateIn(await call(person, { arguments: { text: 'other' }, requestState: other, inputResponses: yes }));
    expect(await notesOf(person)).toEqual(['agreed']);
  });

  test.for(['decline', 'cancel'])(
    'does nothing when the person answers %s, and cannot be talked round',
    async (action) => {
      const person = await newPerson();
      const requestState = stateIn(await call(person));
      const refused = resultOf(await call(person, { requestState, inputResponses: { confirm: { action } } }));
      expect(refused.isError).toBe(true);
      expect(JSON.stringify(refused.content)).toContain('did not agree');
      expect(await outcomes(person)).toEqual(['asked', 'declined']);
      stateIn(await call(person, { requestState, inputResponses: yes }));
      expect(await notesOf(person)).toEqual([]);
    },
  );

  test('asks nobody about what it cannot do', async () => {
    const person = await newPerson();
    const { isError, content } = resultOf(await call(person, { arguments: { text: 'what cannot be noted' } }));
    expect([isError, JSON.stringify(content)]).toEqual([true, expect.stringContaining('That cannot be noted.')]);
    expect(await outcomes(person)).toEqual(['failed']);
  });

  test.for<[string, object]>([
    ['nothing', {}],
    ['pages at an address, but no form', { elicitation: { url: {} } }],
    ['something else', { sampling: {} }],
  ])('runs unasked for a client that can show %s', async ([, capabilities]) => {
    const person = await newPerson();
    expect(outputOf(await call(person, {}, { capabilities }))).toEqual({ noted: 1 });
    expect(await outcomes(person)).toEqual(['allowed']);
  });

  test('asks a client that can show forms and pages', async () => {
    stateIn(await call(await newPerson(), {}, { capabilities: { elicitation: { form: {}, url: {} } } }));
  });

  test('runs unasked for a client of the 2025 revisions, which could not be asked in one request', async () => {
    const person = await newPerson();
    expect(outputOf(await callTool(issuer, person.token, tool, args))).toEqual({ noted: 1 });
    expect(await outcomes(person)).toEqual(['allowed']);
  });
});

describe('an answer counts for nothing, and the question is asked again,', () => {
  const otherText = { arguments: { text: 'something else' } };
  const cases: [string, (person: Member, requestState: string) => Promise<Answer>][] = [
    [
      'for other arguments',
      (person, requestState) => call(person, { ...otherText, requestState, inputResponses: yes }),
    ],
    [
      'for another tool',
      (person, requestState) =>
        call(person, {
          name: 'note_many_if_agreed',
          arguments: { text: 'agreed', times: 1 },
          requestState,
          inputResponses: yes,
        }),
    ],
    [
      'of another person, in the same tenant',
      async ({ tenant }, requestState) =>
        call(await newMember(issuer, operator, tenant), { requestState, inputResponses: yes }),
    ],
    [
      'through another client of the same person',
      async ({ address }, requestState) =>
        call(await connected(issuer, { address }), { requestState, inputResponses: yes }),
    ],
    [
      'after ten minutes',
      (person, requestState) =>
        call(person, { requestState, inputResponses: yes }, { headers: later(10 * MINUTE + 1) }),
    ],
    [
      'with a state that we never gave',
      (person) => call(person, { requestState: 'x'.repeat(43), inputResponses: yes }),
    ],
    ['with an empty state', (person) => call(person, { requestState: '', inputResponses: yes })],
    [
      'with a state that was tampered with',
      (person, requestState) =>
        call(person, {
          requestState: `${requestState.slice(0, -1)}${requestState.endsWith('A') ? 'B' : 'A'}`,
          inputResponses: yes,
        }),
    ],
    ['without the state', (person) => call(person, { inputResponses: yes })],
    ['without an answer', (person, requestState) => call(person, { requestState })],
    ['with no answer to this question', (person, requestState) => call(person, { requestState, inputResponses: {} })],
    [
      'to another question',
      (person, requestState) => call(person, { requestState, inputResponses: { other: yes.confirm } }),
    ],
    [
      'of another kind',
      (person, requestState) => call(person, { requestState, inputResponses: { confirm: { roots: [] } } }),
    ],
  ];

  test.for(cases)('%s', async ([, answered]) => {
    const person = await newPerson();
    const requestState = stateIn(await call(person));
    const again = stateIn(await answered(person, requestState));
    expect(again).not.toBe(requestState);
    expect((await operator.itemsUnder(`NOTE#${person.tenant}#`)).length).toBe(0);
    expect(await outcomes(person)).not.toContain('allowed');
  });

  test('a second time', async () => {
    const person = await newPerson();
    const requestState = stateIn(await call(person));
    const accepted = { requestState, inputResponses: yes };
    outputOf(await call(person, accepted));
    stateIn(await call(person, accepted));
    stateIn(await call(person, { requestState, inputResponses: { confirm: { action: 'accept' } } }));
    expect(await notesOf(person)).toEqual(['agreed']);
  });

  test('though in time and from the right hands it does', async () => {
    const person = await newPerson();
    const requestState = stateIn(await call(person));
    const late = later(10 * MINUTE - 20);
    outputOf(await call(person, { requestState, inputResponses: yes }, { headers: late }));
  });
});

describe('answers that come at the same moment', () => {
  const atOnce = 6;

  test('are one answer: the tool runs once', async () => {
    const person = await newPerson();
    const requestState = stateIn(await call(person));
    const accepted = { requestState, inputResponses: yes };
    const answers = await Promise.all(Array.from({ length: atOnce }, () => call(person, accepted)));
    const done = answers.filter((answer) => answer.message.result?.structuredContent !== undefined);
    expect(done.length).toBe(1);
    expect(await notesOf(person)).toEqual(['agreed']);
    expect((await outcomes(person)).filter((outcome) => outcome === 'allowed')).toEqual(['allowed']);
  });

  test('are one answer where the tool reaches beyond the server', async () => {
    const person = await newPerson();
    const url = site.newUrl();
    const outside = { name: 'reach_out_if_agreed', arguments: { url } };
    const requestState = stateIn(await call(person, outside));
    expect(site.visits(url)).toBe(0);
    const accepted = { ...outside, requestState, inputResponses: yes };
    await Promise.all(Array.from({ length: atOnce }, () => call(person, accepted)));
    expect(site.visits(url)).toBe(1);
    const recorded = await outcomes(person, outside.name);
    expect(recorded.filter((outcome) => outcome !== 'asked')).toEqual(['started', 'allowed']);
  });

  test('are one answer where one agrees and another does not', async () => {
    const person = await newPerson();
    const requestState = stateIn(await call(person));
    const answers = ['accept', 'decline'].map((action) => ({ requestState, inputResponses: { confirm: { action } } }));
    const [agreed] = await Promise.all(answers.map((sent) => call(person, sent)));
    const isDone = agreed?.message.result?.structuredContent !== undefined;
    expect(await notesOf(person)).toEqual(isDone ? ['agreed'] : []);
  });
});

describe('more writes than a transaction holds', () => {
  test('are made once for one answer', async () => {
    const person = await newPerson();
    const many = { name: 'note_many_if_agreed', arguments: { text: 'many', times: 99 } };
    const requestState = stateIn(await call(person, many));
    expect(outputOf(await call(person, { ...many, requestState, inputResponses: yes }))).toEqual({ noted: 99 });
    expect(await outcomes(person, many.name)).toEqual(['asked', 'allowed', 'allowed']);
    stateIn(await call(person, { ...many, requestState, inputResponses: yes }));
  });
});

test('the state says nothing, and the table knows only its hash', async () => {
  const person = await newPerson();
  const requestState = stateIn(await call(person));
  expect(requestState).toMatch(/^[A-Za-z0-9_-]{43}$/);
  const kept = await dump(tableOf(issuer));
  expect(kept).not.toContain(requestState);
  expect(kept).toContain(createHash('sha256').update(requestState).digest('base64url'));
});

describe('the SDK’s own client', () => {
  /** Connects a client whose person answers every question in this way. */
  async function clientOf({ token }: Member, action: 'accept' | 'decline') {
    const asked: string[] = [];
    const client = new Client(
      { name: 'vestibule-tests', version: '1' },
      { capabilities: { elicitation: { form: {} } }, versionNegotiation: { mode: { pin: '2026-07-28' } } },
    );
    client.setRequestHandler('elicitation/create', ({ params }) => {
      asked.push(params.message);
      return action === 'accept' ? { action, content: {} } : { action };
    });
    const requestInit = { headers: { authorization: `Bearer ${token}` } };
    await client.connect(new StreamableHTTPClientTransport(new URL(`${issuer}/mcp`), { requestInit }));
    return { client, asked };
  }

  test('puts the question, and the tool runs when the person agrees', async () => {
    const person = await newPerson();
    const { client, asked } = await clientOf(person, 'accept');
    const { structuredContent } = await client.callTool({ name: tool, arguments: args });
    await client.close();
    expect([asked, structuredContent]).toEqual([['Note agreed?'], { noted: 1 }]);
    expect(await notesOf(person)).toEqual(['agreed']);
  });

  test('puts the question, and the tool does not run when the person does not agree', async () => {
    const person = await newPerson();
    const { client, asked } = await clientOf(person, 'decline');
    const { isError } = await client.callTool({ name: tool, arguments: args });
    await client.close();
    expect([asked, isError]).toEqual([['Note agreed?'], true]);
    expect(await notesOf(person)).toEqual([]);
  });
});
