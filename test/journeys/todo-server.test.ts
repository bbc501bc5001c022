import { decodeJwt } from 'jose';
import { describe, expect, inject, test } from 'vitest';
import { Browser, hiddenFields, location, offeredScopes } from '../support/browser.ts';
import {
  authorizePath,
  callback,
  mailsTo,
  newAddress,
  newPkce,
  newSourceIp,
  postMcp,
  refresh,
  requestTokens,
  type Tokens,
} from '../support/flow.ts';
import { callTool, outputOf, readAnswer } from '../support/mcp.ts';

const issuer = inject('issuer');
const mcpUrl = `${issuer}/mcp`;

/** What a person of a small todo server was used to: one URL, a code by mail, and their todos. */
describe('a desktop client meets the todo server for the first time', () => {
  const address = newAddress();
  const browser = new Browser(issuer, newSourceIp());
  const { verifier, challenge } = newPkce();
  const initialize = {
    jsonrpc: '2.0',
    id: 1,
    method: 'initialize',
    params: { protocolVersion: '2025-06-18', capabilities: {}, clientInfo: { name: 'desktop', version: '1' } },
  };
  let endpoints: Readonly<Record<string, string>>;
  let clientId: string;
  let fields: Record<string, string>;
  let tokens: Tokens;

  test('1. it connects without a token, and is told where to learn how to sign in', async () => {
    const response = await postMcp(issuer, undefined, initialize);
    expect(response.status).toBe(401);
    expect(response.headers.get('www-authenticate')).toContain(
      `resource_metadata="${issuer}/.well-known/oauth-protected-resource/mcp"`,
    );
  });

  test('2. it finds every endpoint from there', async () => {
    const read = async (url: string) => (await (await fetch(url)).json()) as Readonly<Record<string, string>>;
    const { resource, authorization_servers } = await read(`${issuer}/.well-known/oauth-protected-resource/mcp`);
    expect(resource).toBe(mcpUrl);
    endpoints = await read(`${authorization_servers?.[0]}/.well-known/oauth-authorization-server`);
    expect(Object.keys(endpoints)).toEqual(
      expect.arrayContaining([
        'authorization_endpoint',
        'token_endpoint',
        'registration_endpoint',
        'revocation_endpoint',
      ]),
    );
  });

  test('3. it registers itself, and gets no secret', async () => {
    const body = JSON.stringify({
      client_name: 'Desktop',
      redirect_uris: [callback],
      token_endpoint_auth_method: 'none',
    });
    const response = await fetch(endpoints.registration_endpoint ?? '', {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...newSourceIp() },
      body,
    });
    const registration = (await response.json()) as { readonly client_id: string };
    expect(registration).not.toHaveProperty('client_secret');
    clientId = registration.client_id;
  });

  test('4. the browser opens, and asks for an address', async () => {
    const page = await browser.open(authorizePath(clientId, challenge, { resource: mcpUrl }));
    expect(page.html).toContain('type="email"');
    fields = hiddenFields(page);
  });

  test('5. a code without look-alikes arrives by mail, and proves that it is the same browser', async () => {
    await browser.post('/authorize/email', { ...fields, email: address });
    const [mail] = await mailsTo(issuer, address);
    const code = mail?.subject.split(' ')[0] ?? '';
    expect(code).toMatch(/^[^01OIL]{4}-[^01OIL]{4}$/);
    const elsewhere = await new Browser(issuer, newSourceIp()).post('/authorize/code', { ...fields, code });
    expect(elsewhere.status).toBe(400);
    const consent = await browser.post('/authorize/code', { ...fields, code: code.toLowerCase() });
    expect(offeredScopes(consent)).toContain('todos:write');
  });

  let code: string;
  test('6. the browser takes a code for a single use back to the client', async () => {
    const form = new URLSearchParams({ ...fields, decision: 'approve' });
    for (const scope of ['todos:read', 'todos:write']) form.append('scope', scope);
    const redirect = location(await browser.post('/authorize/consent', form));
    expect(redirect.href).toMatch(new RegExp(`^${callback}`));
    expect(redirect.searchParams.get('state')).toBe('the-state');
    code = redirect.searchParams.get('code') ?? '';
  });

  test('7. the client makes it tokens: for an hour, and to refresh', async () => {
    const exchange = {
      grant_type: 'authorization_code',
      client_id: clientId,
      code,
      code_verifier: verifier,
      redirect_uri: callback,
    };
    tokens = (await (await requestTokens(issuer, exchange)).json()) as Tokens;
    expect(tokens).toMatchObject({ token_type: 'Bearer', expires_in: 3_600, scope: 'todos:read todos:write' });
    expect(decodeJwt(tokens.access_token)).toMatchObject({ iss: issuer, aud: mcpUrl, client_id: clientId });
  });

  test('8. it connects again, and learns what there is', async () => {
    const { message } = await readAnswer(await postMcp(issuer, tokens.access_token, initialize));
    expect(message.result).toMatchObject({ protocolVersion: '2025-06-18', capabilities: { tools: {} } });
  });

  test('9. it makes, lists, reads, changes, completes and deletes todos', async () => {
    const call = async (name: string, args: object = {}) =>
      outputOf(await callTool(issuer, tokens.access_token, name, args));
    const { id } = await call('create_todo', { title: 'Buy milk', tags: ['Shop'] });
    expect(await call('list_todos')).toMatchObject({ todos: [{ id, title: 'Buy milk', tags: ['shop'], done: false }] });
    expect(await call('update_todo', { id, title: 'Buy oat milk' })).toMatchObject({ id, title: 'Buy oat milk' });
    expect(await call('complete_todo', { id })).toMatchObject({ done: true });
    expect(await call('get_todo', { id })).toMatchObject({ title: 'Buy oat milk', done: true });
    expect(await call('delete_todo', { id })).toMatchObject({ deleted: id });
    expect(await call('list_todos')).toEqual({ todos: [] });
  });

  test('10. its tokens are rotated when it refreshes them', async () => {
    const rotated = (await (await refresh(issuer, clientId, tokens.refresh_token)).json()) as Tokens;
    expect(rotated.refresh_token).not.toBe(tokens.refresh_token);
    expect(outputOf(await callTool(issuer, rotated.access_token, 'list_todos'))).toEqual({ todos: [] });
  });
});
