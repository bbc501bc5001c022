import { expect, onTestFinished, test } from 'vitest';
import { connect, isAccepted } from '../support/flow.ts';
import { startStackWith } from '../support/settings-stack.ts';

test('a server with a domain of its own runs here at the address of this machine', async () => {
  const hostedZone = { id: 'Z0123456789ABC', name: 'example.com' };
  const stack = await startStackWith({ domain: { name: 'mcp.example.com', hostedZone } });
  onTestFinished(stack.stop);
  const metadata = await fetch(`${stack.issuer}/.well-known/oauth-authorization-server`);
  expect(await metadata.json()).toMatchObject({ issuer: stack.issuer });
  const outputs = await fetch(`${stack.issuer}/local/outputs`);
  expect(await outputs.json()).toMatchObject({ Issuer: stack.issuer, McpUrl: `${stack.issuer}/mcp` });
  const { tokens } = await connect(stack.issuer);
  expect(await isAccepted(stack.issuer, tokens.access_token)).toBe(true);
});
