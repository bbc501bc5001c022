import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Aws, startAws } from '../support/aws.ts';
import { requestTokens } from '../support/flow.ts';
import { newRedemption, redeemed, refusal, tokensIn } from '../support/redemption.ts';
import { startStackWith } from '../support/settings-stack.ts';
import type { RunningStack } from '../support/stack.ts';

let aws: Aws;
let stack: RunningStack;

beforeAll(async () => {
  aws = await startAws();
  stack = await startStackWith({ refuseRepeatsFromElsewhere: true }, { env: aws.env });
});
afterAll(async () => {
  await stack?.stop();
  await aws?.stop();
});

/** A refresh from a network. */
function spend(clientId: string, token: string, sourceIp: string): Promise<Response> {
  const sent = { grant_type: 'refresh_token', client_id: clientId, refresh_token: token };
  return requestTokens(stack.issuer, sent, { 'x-local-source-ip': sourceIp });
}

test('a setting refuses a repetition from another network, and it costs the client nothing, RFC 9700 §4.14.2', async () => {
  const redemption = await newRedemption(stack.issuer);
  const { refresh_token } = await redeemed(stack.issuer, redemption);
  const { client_id } = redemption.client;
  const next = await tokensIn(await spend(client_id, refresh_token, '192.0.2.1'));
  for (let time = 0; time < 2; time += 1)
    expect(await refusal(await spend(client_id, refresh_token, '192.0.2.2'))).toBe('400 invalid_grant');
  expect((await tokensIn(await spend(client_id, refresh_token, '192.0.2.1'))).refresh_token).toBe(next.refresh_token);
  expect((await spend(client_id, next.refresh_token, '192.0.2.2')).status).toBe(200);
});

test('a repetition that is refused is not signed for', async () => {
  const redemption = await newRedemption(stack.issuer);
  const { refresh_token } = await redeemed(stack.issuer, redemption);
  const { client_id } = redemption.client;
  await tokensIn(await spend(client_id, refresh_token, '192.0.2.1'));
  aws.spoil('Sign', 'broken');
  expect(await refusal(await spend(client_id, refresh_token, '192.0.2.2'))).toBe('400 invalid_grant');
  expect((await spend(client_id, refresh_token, '192.0.2.1')).status).toBe(503);
  aws.heal();
});
