import { Fault, must, NotChecked } from '../../doctor/check.ts';
import type { Check } from '../check.ts';
import { domainOf } from '../namespace.ts';
import { found, identityIn, listingIn, mustBeOfType } from '../require.ts';
import type { Fetched, Seen } from '../seen.ts';

const untouched = 'Deploy, and have nothing before the API answer this path, redirect it or change what it says.';

/** What shows whose a server is. MCP registry, Authentication; OpenAI, Submitting plugins. */
export const registryChecks: readonly Check[] = [
  {
    name: 'public address',
    lists: ['registry', 'openai', 'anthropic', 'cursor', 'gemini', 'copilot'],
    remedy: 'Deploy it, and run this again with the URL that is to be listed.',
    judge: ({ isLocal, mcpUrl }) => {
      if (isLocal) throw new NotChecked(`${mcpUrl} is on this machine`);
      return mcpUrl;
    },
  },
  {
    name: 'only https',
    lists: ['registry', 'openai', 'anthropic'],
    remedy: 'Have what stands before the API refuse http, or redirect it to https.',
    judge: ({ plainHttp }) => {
      if (!plainHttp) throw new NotChecked('needs the public address');
      if ('unreachable' in plainHttp) return 'nothing answers to http';
      const { status, headers } = plainHttp;
      const location = headers.get('location');
      if (location !== null) must(location.startsWith('https:'), `http is redirected to ${location}`);
      else must(status >= 400, `http is answered with ${status}`);
      return undefined;
    },
  },
  {
    name: 'namespace',
    lists: ['registry'],
    remedy:
      'Begin listing.name with the host of the MCP URL or a domain above it, turned around: mcp.example.com is ' +
      'com.example.mcp or com.example. Or with io.github. and your account.',
    judge: (seen) => {
      const domain = domainOf(listingIn(seen).name);
      if (domain === undefined) return 'an account of GitHub';
      if (seen.isLocal) throw new NotChecked('needs the public address');
      const { hostname } = new URL(seen.mcpUrl);
      must(hostname === domain || hostname.endsWith(`.${domain}`), `${hostname} is not at ${domain}`);
      return domain;
    },
  },
  {
    name: 'listed version',
    lists: ['registry', 'card'],
    remedy: 'Deploy with the listing that you are about to publish.',
    judge: (seen) => {
      const { version } = listingIn(seen);
      const { version: served } = identityIn(seen);
      must(served === version, `the server says ${served}, and listing.version is ${version}`);
      return version;
    },
  },
  {
    name: 'proof for the MCP registry',
    lists: ['registry'],
    remedy: untouched,
    judge: (seen) => {
      const { name, proofs } = listingIn(seen);
      if (domainOf(name) === undefined) return 'GitHub proves it';
      if (proofs.mcpRegistry === undefined) return recordIn(seen);
      mustProve(seen.registryProof, proofs.mcpRegistry, seen);
      return proofs.mcpRegistry;
    },
  },
  {
    name: 'proof for OpenAI',
    lists: ['openai'],
    remedy: untouched,
    judge: (seen) => {
      const { openai } = listingIn(seen).proofs;
      if (openai === undefined)
        throw new Fault('listing.proofs.openai is not set', 'Set it to the token that the form shows, and deploy.');
      mustProve(seen.openaiProof, openai, seen);
      return undefined;
    },
  },
];

/** The record that proves it where the server doesn't. */
function recordIn({ records }: Seen): string {
  if (!records) throw new NotChecked('listing.proofs.mcpRegistry is not set, and TXT records could not be read');
  const record = records.find((one) => /^v=MCPv1; k=(ed25519|ecdsap384); p=[\w+/=]+$/.test(one));
  if (record !== undefined) return record;
  throw new Fault(
    'listing.proofs.mcpRegistry is not set, and no TXT record of the domain proves it',
    'Set listing.proofs.mcpRegistry to the line of your key and deploy, or put it into a TXT record of the domain.',
  );
}

/** The proof itself, from a server that does not give the same for every path. */
function mustProve(fetched: Fetched, proof: string, { nothing }: Seen): void {
  const answer = found(fetched);
  mustBeOfType(answer, 'text/plain');
  must(answer.text === proof, `it says ${JSON.stringify(answer.text.slice(0, 100))}, which is not what is set`);
  const isServed = !('unreachable' in nothing) && nothing.status === 200;
  must(!isServed, 'paths where nothing is are answered with 200 too');
}
