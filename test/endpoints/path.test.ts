import { expect, inject, test } from 'vitest';
import { connect, isAccepted, refresh, type Tokens } from '../support/flow.ts';

const issuer = inject('issuer');

test('walks from registration over the mailed code to tokens that work, refresh and are revoked', async () => {
  const { clientId, tokens } = await connect(issuer);
  expect(await isAccepted(issuer, tokens.access_token)).toBe(true);
  const refreshed = (await (await refresh(issuer, clientId, tokens.refresh_token)).json()) as Tokens;
  expect(await isAccepted(issuer, refreshed.access_token)).toBe(true);
  const body = new URLSearchParams({ client_id: clientId, token: refreshed.refresh_token });
  expect((await fetch(`${issuer}/revoke`, { method: 'POST', body })).status).toBe(200);
  expect(await isAccepted(issuer, refreshed.access_token)).toBe(false);
});
