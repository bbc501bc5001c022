import { afterAll, beforeAll, expect, test } from 'vitest';
import { requestTokens } from '../support/flow.ts';
import { newRedemption, redeemed, refusal, tokensIn } from '../support/redemption.ts';
import { startStackWith } from '../support/settings-stack.ts';
import type { RunningStack } from '../support/stack.ts';

let stack: RunningStack;

beforeAll(async () => {
  stack = await startStackWith({ refuseRepeatsFromElsewhere: true });
});
afterAll(() => stack.stop());

test('a setting refuses a repetition from another network, and it costs the client nothing, RFC 9700 §4.14.2', async () => {
  const redemption = await newRedemption(stack.issuer);
  const { refresh_token } = await redeemed(stack.issuer, redemption);
  const spend = (token: string, sourceIp: string) =>
    requestTokens(
      stack.issuer,
      { grant_type: 'refresh_token', client_id: redemption.client.client_id, refresh_token: token },
      { 'x-local-source-ip': sourceIp },
    );
  const next = await tokensIn(await spend(refresh_token, '192.0.2.1'));
  for (let time = 0; time < 2; time += 1)
    expect(await refusal(await spend(refresh_token, '192.0.2.2'))).toBe('400 invalid_grant');
  expect((await tokensIn(await spend(refresh_token, '192.0.2.1'))).refresh_token).toBe(next.refresh_token);
  expect((await spend(next.refresh_token, '192.0.2.2')).status).toBe(200);
});
