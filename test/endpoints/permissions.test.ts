import { decodeJwt } from 'jose';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Browser, hiddenFields, location, offeredScopes, type Page } from '../support/browser.ts';
import {
  approve,
  authorizePath,
  beginSignIn,
  callback,
  newAddress,
  newPkce,
  newSourceIp,
  reachConsent,
  register,
} from '../support/flow.ts';
import { tableOf } from '../support/items.ts';
import { type Answer, eras, resultOf } from '../support/mcp.ts';
import { Operator, type Policy } from '../support/operator.ts';
import { connected, newMember } from '../support/people.ts';
import { basic, newRedemption, redeem, redeemed, redemptionOf, secretOf, tokensIn } from '../support/redemption.ts';
import { asAdmin } from '../support/scopes.ts';
import type { RunningStack } from '../support/stack.ts';
import { startStackWithTools } from '../support/tools-stack.ts';

let stack: RunningStack;
let issuer: string;
let operator: Operator;

beforeAll(async () => {
  const personal = { tools: ['list_notes', 'whoami'], scopes: ['todos:write', 'profile:read'] };
  stack = await startStackWithTools({ tenants: { personal } });
  issuer = stack.issuer;
  operator = new Operator(tableOf(issuer));
});
afterAll(async () => {
  await stack?.stop();
});

const INVALID_PARAMS = -32_602;
const all = ['say_hello', 'for_admins', 'reach_out', 'reach_out_if_agreed', 'whoami'];
const notes = ['list_notes', 'note', 'note_many', 'note_if_agreed', 'note_many_if_agreed', 'note_stepwise'];
const forMembers = [...notes, 'compute_at_length', 'end_with_process', ...all.filter((name) => name !== 'for_admins')];

function namesIn(answer: Answer, list: 'tools' | 'resources' | 'resourceTemplates' | 'prompts'): string[] {
  return (resultOf(answer)[list] as { readonly name: string }[]).map(({ name }) => name);
}

/** Holds an answer to "there is no such thing": no status, no challenge and no word that tells it from a made-up name. */
function expectUnknown({ status, headers, message }: Answer): void {
  expect(status).toBe(200);
  expect(headers.get('www-authenticate')).toBeNull();
  expect(message.error?.code).toBe(INVALID_PARAMS);
  expect(message.error?.message).toMatch(/not found$/i);
}

/** The scopes that a 403 says are needed. */
function challenged({ status, headers }: Answer): string[] {
  expect(status).toBe(403);
  const [, scopes = ''] =
    /error="insufficient_scope".*\bscope="([^"]*)"/.exec(headers.get('www-authenticate') ?? '') ?? [];
  return scopes.split(' ').sort();
}

describe.for(eras)('what a policy or a role forbids, in %s', ([, ask]) => {
  const cases: [string, Policy, string, object][] = [
    ['the tools of its policy', { tools: ['list_notes', 'whoami'] }, 'note', { text: 'x' }],
    ['the scopes of its policy', { scopes: ['todos:read', 'profile:read'] }, 'note', { text: 'x' }],
    ['a policy with neither tool nor scope', { tools: [], scopes: [] }, 'list_notes', {}],
    ['the role that the tool is for', {}, 'for_admins', {}],
  ];

  test.for(cases)('is not listed, and a call of it is one of an unknown tool: %s', async ([, policy, name, args]) => {
    const tenant = await operator.newTenant();
    const { token } = await newMember(issuer, operator, tenant);
    await operator.setPolicy(tenant, policy);
    expect(namesIn(await ask(issuer, token, 'tools/list'), 'tools')).not.toContain(name);
    expectUnknown(await ask(issuer, token, 'tools/call', { name, arguments: args }));
    expect(await operator.trail(tenant)).toEqual(['code_mailed', 'sign_in', 'grant', `tool_call ${name} denied`]);
  });

  test('is no other than the tools that are left out', async () => {
    const tenant = await operator.newTenant({ tools: ['list_notes', 'note', 'whoami'], scopes: ['todos:write'] });
    const { token } = await newMember(issuer, operator, tenant);
    expect(namesIn(await ask(issuer, token, 'tools/list'), 'tools')).toEqual(['list_notes', 'note']);
  });

  test('is nothing where the policy says nothing', async () => {
    const { token } = await newMember(issuer, operator, await operator.newTenant());
    expect(namesIn(await ask(issuer, token, 'tools/list'), 'tools').sort()).toEqual(forMembers.sort());
  });

  test('is nothing to an admin whose policy lets them', async () => {
    const tenant = await operator.newTenant();
    const { token } = await newMember(issuer, operator, tenant, { role: 'admin' });
    expect(namesIn(await ask(issuer, token, 'tools/list'), 'tools')).toContain('for_admins');
    const { message } = await ask(issuer, token, 'tools/call', { name: 'for_admins', arguments: {} });
    expect(message.result?.structuredContent).toEqual({ role: 'admin' });
  });

  test('is a tool that a policy leaves out, to an admin too', async () => {
    const { token } = await newMember(issuer, operator, await operator.newTenant({ tools: ['whoami'] }), {
      role: 'admin',
    });
    expectUnknown(await ask(issuer, token, 'tools/call', { name: 'for_admins', arguments: {} }));
  });

  test('is told on record from a name that there never was', async () => {
    const tenant = await operator.newTenant();
    const { token } = await newMember(issuer, operator, tenant);
    expectUnknown(await ask(issuer, token, 'tools/call', { name: 'no_such_tool', arguments: {} }));
    expect(await operator.trail(tenant)).toEqual(['code_mailed', 'sign_in', 'grant', 'tool_call no_such_tool failed']);
  });

  test('is everything in a tenant that is gone', async () => {
    const tenant = await operator.newTenant();
    const { token } = await newMember(issuer, operator, tenant);
    await operator.removeTenant(tenant);
    expect(namesIn(await ask(issuer, token, 'tools/list'), 'tools')).toEqual([]);
    expect(namesIn(await ask(issuer, token, 'resources/list'), 'resources')).toEqual([]);
    expectUnknown(await ask(issuer, token, 'tools/call', { name: 'list_notes', arguments: {} }));
    expectUnknown(await ask(issuer, token, 'tools/call', { name: 'say_hello', arguments: { name: 'x' } }));
  });
});

describe.for(eras)('what was not granted but could be, in %s', ([, ask]) => {
  test('is listed, and refused with all the scopes that are needed', async () => {
    const tenant = await operator.newTenant();
    const { token } = await newMember(issuer, operator, tenant, { scopes: ['todos:read', 'profile:read'] });
    expect(namesIn(await ask(issuer, token, 'tools/list'), 'tools')).toContain('note');
    const refused = await ask(issuer, token, 'tools/call', { name: 'note', arguments: { text: 'x' } });
    expect(challenged(refused)).toEqual(['profile:read', 'todos:read', 'todos:write']);
    expect(await operator.trail(tenant)).toEqual(['code_mailed', 'sign_in', 'grant', 'tool_call note denied']);
    const { message } = await ask(issuer, token, 'tools/call', { name: 'list_notes', arguments: {} });
    expect(message.result?.structuredContent).toEqual({ notes: [] });
  });

  test('is refused in the same way where a resource or a prompt shows it', async () => {
    const tenant = await operator.newTenant();
    const { token } = await newMember(issuer, operator, tenant, { scopes: ['profile:read'] });
    expect(namesIn(await ask(issuer, token, 'resources/list'), 'resources')).toEqual(['every_note']);
    expect(namesIn(await ask(issuer, token, 'prompts/list'), 'prompts')).toEqual(['about_notes', 'endless_prompt']);
    const read = (uri: string) => ask(issuer, token, 'resources/read', { uri });
    const wanted = ['profile:read', 'todos:read'];
    expect(challenged(await read('notes://all'))).toEqual(wanted);
    expect(challenged(await read('notes://one/x'))).toEqual(wanted);
    const prompt = { name: 'about_notes', arguments: { text: 'x' } };
    expect(challenged(await ask(issuer, token, 'prompts/get', prompt))).toEqual(wanted);
    expect(await operator.trail(tenant)).toEqual([
      'code_mailed',
      'sign_in',
      'grant',
      'resource_list resources allowed',
      'resource_read every_note denied',
      'resource_read one_note denied',
      'prompt_get about_notes denied',
    ]);
  });

  test('gives no suggestions and no list of what there is', async () => {
    const tenant = await operator.newTenant();
    const { token, address } = await newMember(issuer, operator, tenant, { scopes: ['profile:read'] });
    const writer = await connected(issuer, { address });
    await ask(issuer, writer.token, 'tools/call', { name: 'note', arguments: { text: 'private' } });
    const suggested = async (of: string) =>
      (await Promise.all(completions.map((params) => ask(issuer, of, 'completion/complete', params)))).map(
        (answer) => (resultOf(answer).completion as { readonly values: string[] }).values,
      );
    expect(await suggested(writer.token)).toEqual([['private'], ['private']]);
    expect(await suggested(token)).toEqual([[], []]);
    expect(namesIn(await ask(issuer, writer.token, 'resources/list'), 'resources')).toEqual(['every_note', 'private']);
    expect(namesIn(await ask(issuer, token, 'resources/list'), 'resources')).toEqual(['every_note']);
  });
});

const completions = [
  { ref: { type: 'ref/resource', uri: 'notes://one/{text}' }, argument: { name: 'text', value: 'pri' } },
  { ref: { type: 'ref/prompt', name: 'about_notes' }, argument: { name: 'text', value: 'pri' } },
];

describe.for(eras)('what shows the same as a forbidden tool, in %s', ([, ask]) => {
  const adminThings = [
    ['resources/read', { uri: 'admin://file' }],
    ['resources/read', { uri: 'admin://files/one' }],
    ['prompts/get', { name: 'admin_prompt', arguments: {} }],
    [
      'completion/complete',
      { ref: { type: 'ref/resource', uri: 'admin://files/{name}' }, argument: { name: 'name', value: '' } },
    ],
    [
      'completion/complete',
      { ref: { type: 'ref/prompt', name: 'admin_prompt' }, argument: { name: 'about', value: '' } },
    ],
  ] as const;

  test('is in no list of those who may not see it, and in those of the others', async () => {
    const tenant = await operator.newTenant();
    const lists = async (role: 'member' | 'admin') => {
      const { token } = await newMember(issuer, operator, tenant, { role });
      const [resources, templates, prompts] = [
        await ask(issuer, token, 'resources/list'),
        await ask(issuer, token, 'resources/templates/list'),
        await ask(issuer, token, 'prompts/list'),
      ];
      return [namesIn(resources, 'resources'), namesIn(templates, 'resourceTemplates'), namesIn(prompts, 'prompts')];
    };
    expect(await lists('member')).toEqual([
      ['every_note'],
      ['one_note', 'endless_files'],
      ['about_notes', 'endless_prompt'],
    ]);
    expect(await lists('admin')).toEqual([
      ['every_note', 'admin_file', 'one'],
      ['one_note', 'admin_files', 'endless_files'],
      ['about_notes', 'admin_prompt', 'endless_prompt'],
    ]);
  });

  test.for(adminThings)('is not there for who may not see it: %s %j', async ([method, params]) => {
    const tenant = await operator.newTenant();
    const [member, admin] = [
      await newMember(issuer, operator, tenant),
      await newMember(issuer, operator, tenant, { role: 'admin' }),
    ];
    const refused = await ask(issuer, member.token, method, params);
    expect(refused.headers.get('www-authenticate')).toBeNull();
    expect(refused.message.error?.code).toBe(INVALID_PARAMS);
    expect(JSON.stringify(refused.message)).not.toContain('For admins only');
    expect((await ask(issuer, admin.token, method, params)).message.error).toBeUndefined();
  });
});

describe.for(eras)('a change of what somebody may do, in %s', ([, ask]) => {
  test('counts from the very next call with the tokens they have', async () => {
    const tenant = await operator.newTenant();
    const { token, subject } = await newMember(issuer, operator, tenant);
    const may = async (name: string, args = {}) => {
      const { status, message } = await ask(issuer, token, 'tools/call', { name, arguments: args });
      return status === 200 && message.result !== undefined && !message.result.isError;
    };
    expect(await may('note', { text: 'one' })).toBe(true);
    await operator.setPolicy(tenant, { scopes: ['todos:read'] });
    expect([await may('note', { text: 'two' }), await may('list_notes')]).toEqual([false, true]);
    await operator.setPolicy(tenant, { tools: ['note'] });
    expect([await may('note', { text: 'three' }), await may('list_notes')]).toEqual([true, false]);
    await operator.setPolicy(tenant, {});
    expect(await may('list_notes')).toBe(true);
    expect(await may('for_admins')).toBe(false);
    await operator.setRole(subject, 'admin');
    expect((await ask(issuer, token, 'tools/call', { name: 'for_admins', arguments: {} })).status).toBe(403);
    await operator.setRole(subject, 'member');
    expect(namesIn(await ask(issuer, token, 'tools/list'), 'tools')).not.toContain('for_admins');
  });
});

describe('what a person is asked to grant', () => {
  const scopesOfMembers = ['todos:read', 'todos:write', 'everyday:use', 'profile:read'];

  /** What the consent page offers, at a first sign-in and then to the same browser. */
  async function offered(tenant: string, role: 'member' | 'admin' = 'member'): Promise<string[][]> {
    const address = newAddress();
    await operator.enterAddress(address, tenant, role);
    const request = await asAdmin(issuer, role);
    const { browser, page } = await beginSignIn(issuer, { request });
    const consent = await reachConsent(issuer, browser, page, address);
    const again = await beginSignIn(issuer, { browser, request });
    return [offeredScopes(consent.page), offeredScopes(again.page)];
  }

  test.for([undefined, '', 'root', 'ADMIN'])(
    'is nothing that needs a role where the client asks for none of it by name, to an admin too: %j',
    async (scope) => {
      const address = newAddress();
      await operator.enterAddress(address, await operator.newTenant(), 'admin');
      const { browser, page } = await beginSignIn(issuer, { request: { scope } });
      expect(offeredScopes((await reachConsent(issuer, browser, page, address)).page)).toEqual(
        scopesOfMembers.toSorted(),
      );
    },
  );

  test('has nothing ticked beforehand that needs a role', async () => {
    const address = newAddress();
    await operator.enterAddress(address, await operator.newTenant(), 'admin');
    const { browser, page } = await beginSignIn(issuer, { request: await asAdmin(issuer, 'admin') });
    const { html } = (await reachConsent(issuer, browser, page, address)).page;
    const boxes = [...html.matchAll(/name="scope" value="([^"]*)"( checked)?/g)];
    const ticked = boxes.filter(([, , checked]) => checked).map(([, scope]) => scope);
    expect(boxes.length).toBeGreaterThan(scopesOfMembers.length);
    expect(ticked.toSorted()).toEqual(scopesOfMembers.toSorted());
  });

  test('is what some tool needs that they may call, at a first sign-in and in a browser that knows them', async () => {
    const [everything, ...others] = await offered(await operator.newTenant());
    expect(everything).toEqual(scopesOfMembers.toSorted());
    expect(others).toEqual([everything]);
  });

  test('goes as far as their role', async () => {
    const forAdmins = ['todos:read', 'todos:write', 'everyday:use', 'workspace:admin', 'profile:read'];
    expect(await offered(await operator.newTenant(), 'admin')).toEqual([forAdmins.toSorted(), forAdmins.toSorted()]);
  });

  test.for<[Policy, string[]]>([
    [{ scopes: ['todos:read'] }, ['todos:read']],
    [{ scopes: ['todos:write'] }, ['todos:read', 'todos:write']],
    [{ tools: ['whoami', 'note'] }, ['todos:write', 'profile:read']],
    [{ tools: ['whoami', 'note'], scopes: ['profile:read'] }, ['profile:read']],
    [{ tools: ['say_hello'] }, []],
    [{ scopes: [] }, []],
  ])('goes as far as the policy %j', async ([policy, scopes]) => {
    expect(await offered(await operator.newTenant(policy))).toEqual([scopes.toSorted(), scopes.toSorted()]);
  });

  test('is nothing in a tenant that is gone', async () => {
    expect(await offered('tenant-that-never-was')).toEqual([[], []]);
  });

  test('is no more than that, whatever the form says that comes back', async () => {
    const address = newAddress();
    await operator.enterAddress(address, await operator.newTenant({ scopes: ['todos:read', 'profile:read'] }));
    const { browser, page, clientId, verifier } = await beginSignIn(issuer);
    const consent = await reachConsent(issuer, browser, page, address);
    const sent = await approve(browser, consent, ['todos:read', 'todos:write', 'workspace:admin']);
    const { scope } = await redeemed(issuer, redemptionOf({ clientId, verifier }, sent));
    expect(scope).toBe('todos:read');
  });

  test('follows a policy that is narrowed while the page is open', async () => {
    const tenant = await operator.newTenant();
    const address = newAddress();
    await operator.enterAddress(address, tenant);
    const { browser, page, clientId, verifier } = await beginSignIn(issuer);
    const consent = await reachConsent(issuer, browser, page, address);
    expect(offeredScopes(consent.page)).toContain('todos:write');
    await operator.setPolicy(tenant, { scopes: ['todos:read'] });
    const { scope } = await redeemed(issuer, redemptionOf({ clientId, verifier }, await approve(browser, consent)));
    expect(scope).toBe('todos:read');
  });

  test('is shown anew when nothing is left of it meanwhile, and leads back to the application', async () => {
    const tenant = await operator.newTenant();
    const address = newAddress();
    await operator.enterAddress(address, tenant);
    const { browser, page } = await beginSignIn(issuer);
    const { page: consent, fields } = await reachConsent(issuer, browser, page, address);
    await operator.setPolicy(tenant, { scopes: [] });
    const form = new URLSearchParams({ ...fields, decision: 'approve' });
    for (const scope of offeredScopes(consent)) form.append('scope', scope);
    await expectDeadEnd(browser, await browser.post('/authorize/consent', form));
  });

  test('may be nothing: the page says so, and leads back to the application', async () => {
    const address = newAddress();
    await operator.enterAddress(address, await operator.newTenant({ scopes: [] }));
    const { browser, page } = await beginSignIn(issuer);
    const consent = await reachConsent(issuer, browser, page, address);
    await expectDeadEnd(browser, consent.page);
  });

  async function expectDeadEnd(browser: Browser, page: Page): Promise<void> {
    expect(page.html).toContain('doesn’t let you share any');
    expect(page.html).toMatch(/name="decision" value="deny">Back to the app</);
    expect(page.html).not.toContain('value="approve"');
    const back = location(await browser.post('/authorize/consent', { ...hiddenFields(page), decision: 'deny' }));
    expect(back.origin + back.pathname).toBe(callback);
    expect(back.searchParams.get('error')).toBe('access_denied');
    expect(back.searchParams.get('state')).toBe('the-state');
  }
});

describe.for(eras)('a public tool where the settings do not open it, in %s', ([, ask]) => {
  const hello = { name: 'say_hello', arguments: { name: 'Ada' } };

  test('needs a token and no scope, and says so', async () => {
    const { token } = await newMember(issuer, operator, await operator.newTenant(), { scopes: ['profile:read'] });
    expect(resultOf(await ask(issuer, token, 'tools/call', hello)).structuredContent).toEqual({ hello: 'Hello, Ada' });
    const tools = resultOf(await ask(issuer, token, 'tools/list')).tools as readonly object[];
    const _meta = { securitySchemes: [{ type: 'oauth2', scopes: [] }] };
    expect(tools).toContainEqual(expect.objectContaining({ name: 'say_hello', _meta }));
  });

  test.for([
    ['tools/call', hello],
    ['tools/list', {}],
    ['initialize', {}],
    ['server/discover', {}],
    ['ping', {}],
  ] as const)('is behind the same door as all else: %s', async ([method, params]) => {
    const { status, headers } = await ask(issuer, undefined, method, params);
    expect(status).toBe(401);
    expect(headers.get('www-authenticate')).toMatch(/^Bearer scope=/);
  });
});

describe('people without a tenant', () => {
  const [, [, ask]] = eras;
  const allowed = ['list_notes', 'whoami'];

  test('may use what the settings say of them', async () => {
    const { token, tokens, tenant } = await connected(issuer);
    expect(tenant).toMatch(/^personal-/);
    expect(tokens.scope).toBe('todos:read profile:read');
    expect(namesIn(await ask(issuer, token, 'tools/list'), 'tools')).toEqual(allowed);
    expectUnknown(await ask(issuer, token, 'tools/call', { name: 'note', arguments: { text: 'x' } }));
  });

  test('may use no more, whatever is written where a policy of theirs would be', async () => {
    const { token, tenant } = await connected(issuer);
    await operator.setPolicy(tenant, {});
    expect(namesIn(await ask(issuer, token, 'tools/list'), 'tools')).toEqual(allowed);
  });
});

describe('what introspection says of a token, RFC 7662 §2.2', () => {
  test('is what is still allowed of its scopes', async () => {
    const tenant = await operator.newTenant();
    const address = newAddress();
    await operator.enterAddress(address, tenant, 'admin');
    const metadata = { token_endpoint_auth_method: 'client_secret_basic' };
    const redemption = await newRedemption(issuer, metadata, { address, request: await asAdmin(issuer, 'admin') });
    const headers = basic(redemption.client.client_id, secretOf(redemption.client));
    const { access_token: token } = await tokensIn(await redeem(issuer, redemption, {}, headers));
    const scopesNow = async () => {
      const body = new URLSearchParams({ token });
      const response = await fetch(`${issuer}/introspect`, {
        method: 'POST',
        headers: { ...headers, ...newSourceIp() },
        body,
      });
      return ((await response.json()) as { readonly scope: string }).scope;
    };
    expect(await scopesNow()).toBe('todos:read todos:write everyday:use workspace:admin profile:read');
    await operator.setPolicy(tenant, { scopes: ['todos:read', 'workspace:admin'] });
    expect(await scopesNow()).toBe('todos:read workspace:admin');
    await operator.setRole(decodeJwt(token).sub ?? '', 'member');
    expect(await scopesNow()).toBe('todos:read');
    await operator.removeTenant(tenant);
    expect(await scopesNow()).toBe('');
  });
});

describe('who signed in before', () => {
  test('is asked for what they may grant now', async () => {
    const tenant = await operator.newTenant();
    const address = newAddress();
    await operator.enterAddress(address, tenant);
    const browser = new Browser(issuer, newSourceIp());
    const { page } = await beginSignIn(issuer, { browser });
    await reachConsent(issuer, browser, page, address);
    await operator.setPolicy(tenant, { tools: ['whoami'] });
    const { client_id } = await register(issuer);
    const again = await browser.open(authorizePath(client_id, newPkce().challenge));
    expect(offeredScopes(again)).toEqual(['profile:read']);
  });
});
