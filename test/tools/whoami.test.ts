import { decodeJwt } from 'jose';
import { expect, inject, test } from 'vitest';
import { principalIn } from '../support/people.ts';
import { connectTools } from '../support/tool-client.ts';

const issuer = inject('issuer');

type Self = { readonly subject: string; readonly tenant: string; readonly scopes: readonly string[] };

test('whoami says for whom the connection acts, and what it may do', async () => {
  const person = await connectTools(issuer);
  const { scope } = decodeJwt(person.tokens.access_token);
  const { subject, tenant } = principalIn(person.tokens.access_token);
  expect(await person.run<Self>('whoami')).toEqual({
    subject,
    kind: 'person',
    tenant,
    role: 'member',
    scopes: String(scope).split(' '),
  });
  await person.close();
});

test('whoami says only what the person left ticked', async () => {
  const person = await connectTools(issuer, { scopes: ['profile:read'] });
  expect((await person.run<Self>('whoami')).scopes).toEqual(['profile:read']);
  await person.close();
});

test('whoami takes no arguments, and has no use for what a client slips in', async () => {
  const person = await connectTools(issuer);
  const self = await person.run<Self>('whoami');
  for (const given of [{ subject: 'somebody-else' }, { toolCallId: 'call_1' }, { random_string: 'x' }]) {
    expect(await person.run<Self>('whoami', given)).toEqual(self);
  }
  await person.close();
});
